/** A trained model as a deployable ONNX file with the original's tensor names. */

import { foldBatchNorm, LANDMARK_VALUES, type Model, metadataToText } from "@emotionnet/core";
import { GraphBuilder } from "@emotionnet/onnx";
import { normaliseGraph } from "./normalise-graph.ts";

/** The original's names, so that existing TensorRT, Triton and DeepStream settings keep working. */
export const CLASSIFIER_INPUT = "input_landmarks:0";
export const CLASSIFIER_OUTPUT = "softmax/Softmax:0";

/**
 * Model → bytes of an ONNX model (opset 17) from `input_landmarks:0` (N × 1 × 136 × 1, x and y of 68 points in any unit,
 * normalised inside) to `softmax/Softmax:0` (N × classes). Batch norm and temperature are folded into the layers; the
 * metadata properties are those of the model file.
 */
export function classifierGraph(model: Model): Uint8Array {
  const { metadata } = model;
  const graph = new GraphBuilder("emotionnet");
  const input = graph.input(CLASSIFIER_INPUT, "float32", ["N", 1, LANDMARK_VALUES, 1]);
  let activation = normaliseGraph(graph, input);
  const layers = foldBatchNorm(model.layers);
  for (const [index, layer] of layers.entries()) {
    const isHead = index === layers.length - 1;
    const divisor = isHead ? metadata.temperature : 1;
    const name = isHead ? "head" : `hidden${index + 1}`;
    const kernel = graph.constant(`${name}.kernel`, divided(layer.kernel, divisor), [
      layer.inputs,
      layer.outputs,
    ]);
    const bias = graph.constant(`${name}.bias`, divided(layer.bias, divisor), [layer.outputs]);
    const linear = graph.node("Gemm", [activation, kernel, bias]);
    activation = isHead
      ? graph.node("Softmax", [linear], { axis: { int: 1 } }, CLASSIFIER_OUTPUT)
      : graph.node("Relu", [linear]);
  }
  graph.output(CLASSIFIER_OUTPUT, "float32", ["N", metadata.spec.classes.length]);
  return graph.toModel({ opset: 17, metadata: metadataToText(metadata) });
}

function divided(values: Float32Array, divisor: number): Float32Array {
  return divisor === 1 ? values : values.map((value) => value / divisor);
}
