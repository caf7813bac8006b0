/**
 * The three custom operators by which the attention mesh looks at lips and eyes again: a region is cut out of a feature map,
 * square to the line between two landmarks, and the points found in it are carried back. Written without angles: the unit
 * vector between the two landmarks and its perpendicular are the rotation.
 *
 * A transform is a (N, 4, 4) value whose first two rows hold (A | 0 | t): a place p of the region is at A·p + t.
 */

import type { GraphBuilder } from "@emotionnet/onnx";
import { readFlexMap } from "./flexbuffer.ts";

/** Options of the operator Landmarks2TransformMatrix. */
export interface RegionOptions {
  /** Mesh vertices that the region must hold. */
  readonly vertices: readonly number[];
  /** The line from the first to the second vertex lies level in the region. */
  readonly axis: readonly [from: number, to: number];
  /** Region size over the extent of its vertices. */
  readonly scale: number;
  /** Places along one side of the region. */
  readonly side: number;
}

export function readRegionOptions(bytes: Uint8Array): RegionOptions {
  const options = readFlexMap(bytes);
  const number = (key: string) => options.get(key) as number;
  return {
    vertices: options.get("subset_idxs") as number[],
    axis: [number("left_rotation_idx"), number("right_rotation_idx")],
    scale: number("scale_x"),
    side: number("output_width"),
  };
}

/** Landmarks2TransformMatrix: (N, 468, 3) landmarks → (N, 4, 4) transform from the region to the landmarks' unit. */
export function regionTransform(graph: GraphBuilder, landmarks: string, options: RegionOptions): string {
  const points = slice(graph, landmarks, [2], [0], [2]);
  const pick = (indices: readonly number[]) =>
    graph.node("Gather", [points, graph.integers("vertices", indices)], { axis: { int: 1 } });

  const line = graph.node("Sub", [pick([options.axis[1]]), pick([options.axis[0]])]);
  const squares = graph.node("ReduceSum", [graph.node("Mul", [line, line]), graph.integers("axes", [2])]);
  const along = graph.node("Div", [line, graph.node("Sqrt", [squares])]);
  const across = graph.node("Mul", [
    graph.node("Gather", [along, graph.integers("swap", [1, 0])], { axis: { int: 2 } }),
    graph.constant("turn", Float32Array.of(-1, 1), [2]),
  ]);
  const basis = graph.node("Concat", [along, across], { axis: { int: 1 } });

  const turned = graph.node("MatMul", [pick(options.vertices), transposed(graph, basis)]);
  const highest = graph.node("ReduceMax", [turned], { axes: { ints: [1] } });
  const lowest = graph.node("ReduceMin", [turned], { axes: { ints: [1] } });
  const middle = graph.node("Mul", [graph.node("Add", [highest, lowest]), graph.scalar("half", 0.5)]);
  const centre = graph.node("MatMul", [middle, basis]);
  const step = graph.node("Mul", [
    graph.node("Sub", [highest, lowest]),
    graph.scalar("step", options.scale / options.side),
  ]);

  const scaledBasis = graph.node("Mul", [basis, transposed(graph, step)]);
  const diagonal = graph.node("ReduceSum", [scaledBasis, graph.integers("axes", [1])]);
  const toCorner = graph.node("Mul", [diagonal, graph.scalar("half_side", options.side / 2)]);
  const corner = graph.node("Sub", [centre, toCorner]);
  const none = graph.node("Sub", [corner, corner]);
  const columns = graph.node("Concat", [scaledBasis, none, corner], { axis: { int: 1 } });
  return graph.node("Pad", [transposed(graph, columns), graph.integers("pads", [0, 0, 0, 0, 2, 0])]);
}

/** TransformTensorBilinear: cuts the region out of (N, channels, size, size) features → (N, channels, side, side). */
export function cutRegion(
  graph: GraphBuilder,
  features: string,
  transform: string,
  { size, side }: { size: number; side: number },
): string {
  const centres = Float32Array.from({ length: side * side * 2 }, (_, index) => {
    const place = index >> 1;
    return (index % 2 === 0 ? place % side : Math.floor(place / side)) + 0.5;
  });
  const places = transformPoints(graph, graph.constant("places", centres, [side * side, 2]), transform);
  // Pixel k of the features is centred at k + ½; GridSample counts from −1 at the first centre to 1 at the last.
  const fromFirst = graph.node("Sub", [places, graph.scalar("half", 0.5)]);
  const unit = graph.node("Mul", [fromFirst, graph.scalar("unit", 2 / (size - 1))]);
  const grid = graph.node("Reshape", [
    graph.node("Sub", [unit, graph.scalar("one", 1)]),
    graph.integers("shape", [0, side, side, 2]),
  ]);
  return graph.node("GridSample", [features, grid], {
    mode: { string: "bilinear" },
    padding_mode: { string: "zeros" },
    align_corners: { int: 1 },
  });
}

/** TransformLandmarks: carries (N, K, 2) or (K, 2) points of the region back → (N, K, 2). */
export function transformPoints(graph: GraphBuilder, points: string, transform: string): string {
  const columns = transposed(graph, transform);
  const scaledBasis = slice(graph, columns, [1, 2], [0, 0], [2, 2]);
  const corner = slice(graph, columns, [1, 2], [3, 0], [4, 2]);
  return graph.node("Add", [graph.node("MatMul", [points, scaledBasis]), corner]);
}

function transposed(graph: GraphBuilder, value: string): string {
  return graph.node("Transpose", [value], { perm: { ints: [0, 2, 1] } });
}

function slice(
  graph: GraphBuilder,
  value: string,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
): string {
  return graph.node("Slice", [
    value,
    graph.integers("starts", starts),
    graph.integers("ends", ends),
    graph.integers("axes", axes),
  ]);
}
