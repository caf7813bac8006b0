/** BlazeFace ("back" model, MediaPipe, Apache-2.0) as an ONNX model with one picture in and 896 candidates out. */

import { EmotionNetError } from "@emotionnet/core";
import { GraphBuilder } from "@emotionnet/onnx";
import { CANDIDATE_COUNT, CANDIDATE_VALUES, DETECTOR_INPUT_SIZE } from "../detect/detector-model.ts";
import {
  attributeIntegers,
  attributeText,
  attributeTexts,
  type GraphModel,
  type GraphModelNode,
  readGraphModel,
} from "./graph-model.ts";
import { Layers, permuted, type Window } from "./layers.ts";

/**
 * A TensorFlow.js graph model → ONNX bytes.
 * Input `pixels`: (N, 256, 256, 3), 0..255, RGB. Outputs: `logits` (N, 896, 1) and `candidates` (N, 896, 16): offsets in
 * pixels of the input from the middle of the candidate's grid cell.
 */
export function convertFaceDetector(json: string, weights: Uint8Array): Uint8Array {
  const graph = new GraphBuilder("face-detector");
  const pixels = graph.input("pixels", "float32", ["N", DETECTOR_INPUT_SIZE, DETECTOR_INPUT_SIZE, 3]);
  const unit = graph.node("Mul", [pixels, graph.scalar("to_unit", 1 / 127.5)]);
  const signed = graph.node("Sub", [unit, graph.scalar("one", 1)]);
  // It has no half-precision weights and no PRelu: one file is right for both engines.
  const layers = new Layers(graph, "web");
  const shape = { channels: 3, height: DETECTOR_INPUT_SIZE, width: DETECTOR_INPUT_SIZE };
  const values = translateGraphModel(
    readGraphModel(json, weights),
    layers,
    layers.channelsFirst(signed, shape),
  );
  const join = (fine: string, coarse: string, name: string) =>
    graph.node("Concat", [values.get(fine)!, values.get(coarse)!], { axis: { int: 1 } }, name);
  graph.output(join("Identity", "Identity_1", "logits"), "float32", ["N", CANDIDATE_COUNT, 1]);
  const candidates = join("Identity_2", "Identity_3", "candidates");
  graph.output(candidates, "float32", ["N", CANDIDATE_COUNT, CANDIDATE_VALUES]);
  return graph.toModel({ metadata: { source: "MediaPipe BlazeFace (back), Apache-2.0" } });
}

/** Adds every node and gives the ONNX value of each by its name. */
function translateGraphModel(model: GraphModel, layers: Layers, input: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const node of model.nodes) {
    if (node.op === "Const") continue;
    values.set(node.name, node.op === "Placeholder" ? input : translateNode(node, model, layers, values));
  }
  return values;
}

function translateNode(
  node: GraphModelNode,
  model: GraphModel,
  layers: Layers,
  values: ReadonlyMap<string, string>,
): string {
  const value = (index: number) => values.get(node.input![index]!)!;
  const constant = (index: number) => model.constants.get(node.input![index]!)!;
  switch (node.op) {
    case "_FusedConv2D": {
      const kernel = permuted(constant(1), [3, 2, 0, 1]);
      const result = layers.convolution(value(0), kernel, constant(2), windowOf(node));
      return attributeTexts(node.attr?.fused_ops).includes("Relu") ? layers.relu(result) : result;
    }
    case "DepthwiseConv2dNative": {
      const kernel = permuted(constant(1), [2, 3, 0, 1]);
      return layers.convolution(value(0), kernel, undefined, windowOf(node), kernel.dims[0]);
    }
    case "MaxPool": {
      const [, height, width] = attributeIntegers(node.attr?.ksize) as [number, number, number];
      return layers.maxPool(value(0), [height, width], windowOf(node));
    }
    case "AddV2":
      return layers.add(value(0), value(1));
    case "Relu":
      return layers.relu(value(0));
    case "Pad":
      // Before and after, for each of (N, height, width, channels): channels behind are all that is ever added.
      return layers.padChannels(value(0), (constant(1).data as Int32Array)[7]!);
    case "Reshape": {
      const shape = [0, ...Array.from(constant(1).data as Int32Array).slice(1)];
      return layers.graph.node("Reshape", [
        layers.channelsLast(value(0)),
        layers.graph.integers("shape", shape),
      ]);
    }
    case "Identity":
      return value(0);
    default:
      throw new EmotionNetError("vision-models-changed", {
        got: `a detector with the operator ${node.op}`,
        wanted: "the operators of the model that this converter was written for",
        mend: "Install the version of @vladmandic/human that package.json names.",
      });
  }
}

function windowOf(node: GraphModelNode): Window {
  const [, down, across] = attributeIntegers(node.attr?.strides) as [number, number, number];
  return { strides: [down, across], padding: attributeText(node.attr?.padding) as Window["padding"] };
}
