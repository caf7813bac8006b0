/** A trained model as a deployable ONNX file with the original's tensor names. */

import { type DenseWeights, foldBatchNorm, type Model, metadataToText } from "@emotionnet/core";
import { GraphBuilder } from "@emotionnet/onnx";
import type { CalibrationRanges } from "./calibrate.ts";
import { centre } from "./centre.ts";
import { type DenseWriter, floatDense, halfDense, quantisedDense } from "./dense-writers.ts";
import { normaliseGraph } from "./normalise-graph.ts";
import { assertOpset, DEFAULT_OPSET } from "./opset.ts";

/** The original's names, so that existing TensorRT, Triton and DeepStream settings keep working. */
export const CLASSIFIER_INPUT = "input_landmarks:0";
export const CLASSIFIER_OUTPUT = "softmax/Softmax:0";

/** What the layers compute in. Input, landmark normalisation and probabilities are float32 in all of them. */
export const DATA_TYPES = ["fp32", "fp16", "int8"] as const;
export type DataType = (typeof DATA_TYPES)[number];

export type ClassifierGraphOptions = { readonly opset?: number } & (
  | { readonly dataType?: "fp32" | "fp16" }
  | { readonly dataType: "int8"; readonly ranges: CalibrationRanges }
);

/**
 * Model → bytes of an ONNX model from `input_landmarks:0` (N × 1 × 136 × 1, x and y of 68 points in any unit, normalised
 * inside; wider for models of more points) to `softmax/Softmax:0` (N × classes). Batch norm and temperature are folded into the layers; the metadata
 * properties are those of the model file. Operator set 17 and float32 unless told otherwise.
 * @throws EmotionNetError `usage` for an operator set out of range, `model-shape` for weights beyond float16.
 */
export function classifierGraph(model: Model, options: ClassifierGraphOptions = {}): Uint8Array {
  const { metadata } = model;
  const { opset = DEFAULT_OPSET, dataType = "fp32" } = options;
  assertOpset(opset, dataType);
  const graph = new GraphBuilder("emotionnet");
  const input = graph.input(CLASSIFIER_INPUT, "float32", ["N", 1, metadata.spec.inputs, 1]);
  const normalised = normaliseGraph(graph, input, metadata.spec.inputs);
  const deployed = deployedLayers(model);
  const { input: first, layers } =
    dataType === "fp32" ? { input: normalised, layers: deployed } : centre(graph, normalised, deployed);
  const logits = writeLayers(graph, layers, first, denseWriter(graph, options));
  graph.node("Softmax", [logits], { axis: { int: 1 } }, CLASSIFIER_OUTPUT);
  graph.output(CLASSIFIER_OUTPUT, "float32", ["N", metadata.spec.classes.length]);
  return graph.toModel({ opset, metadata: metadataToText(metadata) });
}

/**
 * The same graph up to the head's input; `activation1` (N × width of the first hidden layer), `activation2`, … are its outputs. What int8 calibration looks at.
 */
export function activationGraph(model: Model): Uint8Array {
  const { inputs } = model.metadata.spec;
  const graph = new GraphBuilder("activations");
  const input = graph.input(CLASSIFIER_INPUT, "float32", ["N", 1, inputs, 1]);
  const write = floatDense(graph);
  const normalised = normaliseGraph(graph, input, inputs);
  const watched: DenseWriter = (layer, activation, place) => {
    if (place.index > 0) {
      const name = graph.node("Identity", [activation], {}, activationName(place.index));
      graph.output(name, "float32", ["N", layer.inputs]);
    }
    return write(layer, activation, place);
  };
  writeLayers(graph, deployedLayers(model), normalised, watched);
  return graph.toModel();
}

/** Name of the output of `activationGraph` that is the input of layer `index`. */
export function activationName(index: number): string {
  return `activation${index}`;
}

/** Batch norm and temperature folded in: softmax of the last layer's output is the answer. */
export function deployedLayers({ layers, metadata }: Model): DenseWeights[] {
  const folded = foldBatchNorm(layers);
  const head = folded.pop()!;
  const { temperature } = metadata;
  const divided = (values: Float32Array) =>
    temperature === 1 ? values : values.map((value) => value / temperature);
  return [...folded, { ...head, kernel: divided(head.kernel), bias: divided(head.bias) }];
}

function denseWriter(graph: GraphBuilder, options: ClassifierGraphOptions): DenseWriter {
  if (options.dataType === "int8") return quantisedDense(graph, options.ranges);
  return options.dataType === "fp16" ? halfDense(graph) : floatDense(graph);
}

function writeLayers(
  graph: GraphBuilder,
  layers: readonly DenseWeights[],
  input: string,
  write: DenseWriter,
): string {
  let activation = input;
  for (const [index, layer] of layers.entries()) {
    const isHead = index === layers.length - 1;
    const linear = write(layer, activation, { index, name: isHead ? "head" : `hidden${index + 1}`, isHead });
    activation = isHead ? linear : graph.node("Relu", [linear]);
  }
  return activation;
}
