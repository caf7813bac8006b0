import { createSession, GraphBuilder } from "@emotionnet/onnx";
import { expect, test } from "vitest";
import { cutRegion, type RegionOptions, regionTransform, transformPoints } from "./refined-regions.ts";

const size = 12;
const options: RegionOptions = { vertices: [0, 1, 2, 3], axis: [0, 1], scale: 1.5, side: 4 };
/** Five landmarks on a tilted face, x, y, z. */
const landmarks = [3, 5, 9, 8, 7, 9, 6, 8.5, 9, 5, 3.5, 9, 1, 1, 9];

/** Where a place of the region lies among the features, by angles instead of vectors: the operator as it is documented. */
function expectedPlace(across: number, down: number): [x: number, y: number] {
  const angle = Math.atan2(landmarks[4]! - landmarks[1]!, landmarks[3]! - landmarks[0]!);
  const turn = (x: number, y: number, by: number): [number, number] => [
    x * Math.cos(by) - y * Math.sin(by),
    x * Math.sin(by) + y * Math.cos(by),
  ];
  const turned = options.vertices.map((v) => turn(landmarks[3 * v]!, landmarks[3 * v + 1]!, -angle));
  const bounds = [0, 1].map((axis) => {
    const values = turned.map((point) => point[axis]!);
    return {
      middle: (Math.max(...values) + Math.min(...values)) / 2,
      extent: Math.max(...values) - Math.min(...values),
    };
  });
  const local = [across, down].map((place, axis) => {
    const step = (bounds[axis]!.extent * options.scale) / options.side;
    return bounds[axis]!.middle + (place - options.side / 2) * step;
  });
  return turn(local[0]!, local[1]!, angle);
}

test("a region is cut out square to its axis, and its points find their way back", async () => {
  const graph = new GraphBuilder("region");
  const points = graph.input("landmarks", "float32", ["N", 5, 3]);
  const features = graph.input("features", "float32", ["N", 2, size, size]);
  const transform = regionTransform(graph, points, options);
  const cut = cutRegion(graph, features, transform, { size, side: options.side });
  const corners = graph.constant("corners", Float32Array.of(0, 0, 4, 1, 2, 2), [3, 2]);
  const back = transformPoints(graph, corners, transform);
  graph.output(cut, "float32", ["N", 2, options.side, options.side]);
  graph.output(back, "float32", ["N", 3, 2]);
  const session = await createSession(graph.toModel({ opset: 17 }));

  // The features hold their own x and y, so that what is sampled tells from where.
  const own = Float32Array.from({ length: 2 * size * size }, (_, index) =>
    index < size * size ? (index % size) + 0.5 : Math.floor((index - size * size) / size) + 0.5,
  );
  const outputs = await session.run({
    landmarks: { type: "float32", dims: [2, 5, 3], data: Float32Array.from([...landmarks, ...landmarks]) },
    features: { type: "float32", dims: [2, 2, size, size], data: Float32Array.from([...own, ...own]) },
  });
  const sampled = outputs[cut]!.data as Float32Array;
  const places = options.side ** 2;
  for (let batch = 0; batch < 2; batch++) {
    for (let place = 0; place < places; place++) {
      const [x, y] = expectedPlace((place % options.side) + 0.5, Math.floor(place / options.side) + 0.5);
      expect(sampled[batch * 2 * places + place]).toBeCloseTo(x, 4);
      expect(sampled[batch * 2 * places + places + place]).toBeCloseTo(y, 4);
    }
  }
  const carried = outputs[back]!.data as Float32Array;
  for (const [index, [across, down]] of [
    [0, 0],
    [4, 1],
    [2, 2],
  ].entries()) {
    const [x, y] = expectedPlace(across!, down!);
    expect(carried[2 * index]).toBeCloseTo(x, 4);
    expect(carried[2 * index + 1]).toBeCloseTo(y, 4);
  }
});
