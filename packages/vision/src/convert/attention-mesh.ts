/** The attention mesh (MediaPipe, Apache-2.0) as an ONNX model with one picture in and 478 points out. */

import { GraphBuilder } from "@emotionnet/onnx";
import { MESH_INPUT_SIZE, MESH_POINTS } from "../mesh/mesh-model.ts";
import { Layers, type TargetEngine } from "./layers.ts";
import { readTflite } from "./tflite.ts";
import { type Translated, translateTflite } from "./tflite-to-onnx.ts";

/** Vertices that the base network places; the irises come after them. */
const BASE_POINTS = 468;
const IRIS_POINTS = 5;

/**
 * Bytes of `face_landmark_with_attention.tflite` → ONNX bytes.
 * Input `pixels`: (N, 192, 192, 3), 0..255, RGB. Outputs: `points` (N, 478, 3) in pixels of the input, z smaller nearer to
 * the camera; `face` (N, 1), the probability that there is a face, 0..1.
 */
export function convertAttentionMesh(tflite: Uint8Array, engine: TargetEngine): Uint8Array {
  const graph = new GraphBuilder("attention-mesh");
  const pixels = graph.input("pixels", "float32", ["N", MESH_INPUT_SIZE, MESH_INPUT_SIZE, 3]);
  const scaled = graph.node("Mul", [pixels, graph.scalar("to_unit", 1 / 255)]);
  const layers = new Layers(graph, engine);
  const shape = { channels: 3, height: MESH_INPUT_SIZE, width: MESH_INPUT_SIZE };
  const network = translateTflite(readTflite(tflite), layers, layers.channelsFirst(scaled, shape));
  graph.output(mergedPoints(graph, network), "float32", ["N", MESH_POINTS, 3]);
  const logit = graph.node("Reshape", [network.value("conv_faceflag"), graph.integers("shape", [0, 1])]);
  graph.output(graph.node("Sigmoid", [logit], {}, "face"), "float32", ["N", 1]);
  return graph.toModel({ metadata: { source: "MediaPipe face_landmark_with_attention, Apache-2.0" } });
}

/**
 * x and y of the refined regions replace those of the base vertices, a later region those of an earlier one; z stays.
 * The irises are added with the mean z of the corners of their eye.
 */
function mergedPoints(graph: GraphBuilder, network: Translated): string {
  const base = reshaped(graph, network.value("output_mesh_identity"), BASE_POINTS, 3);
  const parts = [graph.node("Slice", [base, ...range(graph, 0, 2)])];
  /** For each of the 478 points its place in the concatenated parts. */
  const origin = Array.from({ length: BASE_POINTS }, (_, vertex) => vertex);
  let count = BASE_POINTS;
  const append = (name: string, vertices: readonly number[]) => {
    parts.push(reshaped(graph, network.value(name), vertices.length, 2));
    for (const vertex of vertices) origin[vertex] = count++;
  };
  const [lips, leftEye, rightEye] = network.regions as [Region, Region, Region];
  append("output_lips", lips.vertices);
  append("output_left_eye", leftEye.vertices);
  append("output_right_eye", rightEye.vertices);
  append("output_left_iris", irisVertices(0));
  append("output_right_iris", irisVertices(1));

  const gather = (value: string, indices: readonly number[]) =>
    graph.node("Gather", [value, graph.integers("indices", indices)], { axis: { int: 1 } });
  const places = gather(graph.node("Concat", parts, { axis: { int: 1 } }), origin);
  const depths = graph.node("Slice", [base, ...range(graph, 2, 3)]);
  const eyeDepths = [leftEye, rightEye].map((eye) =>
    graph.node("ReduceMean", [gather(depths, eye.axis)], { axes: { ints: [1] } }),
  );
  const irisDepths = eyeDepths.flatMap((depth) => Array<string>(IRIS_POINTS).fill(depth));
  const allDepths = graph.node("Concat", [depths, ...irisDepths], { axis: { int: 1 } });
  return graph.node("Concat", [places, allDepths], { axis: { int: 2 } }, "points");
}

type Region = Translated["regions"][number];

function irisVertices(eye: 0 | 1): number[] {
  return Array.from({ length: IRIS_POINTS }, (_, index) => BASE_POINTS + eye * IRIS_POINTS + index);
}

function reshaped(graph: GraphBuilder, value: string, points: number, values: number): string {
  return graph.node("Reshape", [value, graph.integers("shape", [0, points, values])]);
}

/** Inputs of Slice that take [start, end) of the last of three axes. */
function range(graph: GraphBuilder, start: number, end: number): string[] {
  return [graph.integers("start", [start]), graph.integers("end", [end]), graph.integers("axis", [2])];
}
