/** The landmark normalisation of core (`inner-similarity-1`) as ONNX operators, so that any runtime takes raw landmarks. */

import { FIRST_INNER_POINT, LANDMARK_COUNT, MEAN_SHAPE } from "@emotionnet/core";
import type { GraphBuilder } from "@emotionnet/onnx";

const innerCount = LANDMARK_COUNT - FIRST_INNER_POINT;
/** The tip of the nose, inside every face: subtracting it first loses no digits, wherever in the picture the face is. */
const REFERENCE_POINT = 30;

/**
 * (N × 1 × values × 1) landmarks in any unit → (N × values) normalised. The formulas are those of core's `normalisingSimilarity`:
 * a + ib = Σ q̄·m̂ / (|Σ q̄·m̂| · size) with q the inner points from their centroid and m̂ the mean face, as complex numbers.
 * Coinciding points give NaN.
 */
export function normaliseGraph(graph: GraphBuilder, landmarks: string, values: number): string {
  const points = graph.node("Reshape", [landmarks, graph.integers("points_shape", [-1, values / 2, 2])]);
  const pointAxis = graph.integers("point_axis", [1]);
  const range = (name: string, from: number, to: number) => [
    graph.integers(`${name}_from`, [from]),
    graph.integers(`${name}_to`, [to]),
    pointAxis,
  ];
  const reference = graph.node("Slice", [
    points,
    ...range("reference", REFERENCE_POINT, REFERENCE_POINT + 1),
  ]);
  const near = graph.node("Sub", [points, reference]);
  const innerRange = range("inner", FIRST_INNER_POINT, LANDMARK_COUNT);
  const centroid = graph.node("ReduceMean", [graph.node("Slice", [near, ...innerRange])], {
    axes: { ints: [1] },
    keepdims: { int: 1 },
  });
  const centred = graph.node("Sub", [near, centroid]);
  const inner = graph.node("Flatten", [graph.node("Slice", [centred, ...innerRange])], { axis: { int: 1 } });

  const fit = graph.node("MatMul", [inner, graph.constant("mean_face", meanFace(), [2 * innerCount, 2])]);
  const length = (value: string) =>
    graph.node("ReduceL2", [value], { axes: { ints: [1] }, keepdims: { int: 1 } });
  const size = graph.node("Div", [length(inner), graph.scalar("root_of_inner_count", Math.sqrt(innerCount))]);
  const turn = graph.node("Div", [fit, graph.node("Mul", [length(fit), size])]);
  const [a, b] = graph.node("Split", [turn], { axis: { int: 1 } }, 2) as [string, string];

  const flat = graph.node("Flatten", [centred], { axis: { int: 1 } });
  const swapped = graph.node("Gather", [flat, graph.integers("swap", swapOrder(values))], {
    axis: { int: 1 },
  });
  const quarterTurn = graph.node("Mul", [swapped, graph.constant("signs", signs(values), [1, values])]);
  return graph.node("Add", [graph.node("Mul", [flat, a]), graph.node("Mul", [quarterTurn, b])]);
}

/** (102 × 2): the columns give the cosine part Σ(x·mx + y·my) and the sine part Σ(x·my − y·mx). */
function meanFace(): Float32Array {
  const columns = new Float32Array(4 * innerCount);
  for (let point = 0; point < innerCount; point++) {
    const x = MEAN_SHAPE[2 * (FIRST_INNER_POINT + point)]!;
    const y = MEAN_SHAPE[2 * (FIRST_INNER_POINT + point) + 1]!;
    columns.set([x, y, y, -x], 4 * point);
  }
  return columns;
}

/** y, x of each point in turn. */
function swapOrder(length: number): number[] {
  return Array.from({ length }, (_, index) => index ^ 1);
}

/** −1 where y stands in for x, 1 where x stands in for y: (x, y) → (−y, x). */
function signs(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => (index % 2 === 0 ? -1 : 1));
}
