/**
 * One training step as an ONNX graph: forward, backward, Adam and the running statistics, composed from the layer files.
 * Inputs: `x`, `targets`, `learning_rate`, `statistics_rate` with batch norm, one `mask<layer>` a hidden layer with dropout, and the state. Outputs: `loss`
 * (mean cross entropy; the regularisation is left out of it, not out of the gradients) and `next.<name>` for every state value that changes.
 */

import type { NetworkSpec } from "@emotionnet/core";
import { type AdamOptions, adamUpdate } from "./adam.ts";
import { type BatchNormTrace, batchNormBackward, batchNormForward, runningStatistic } from "./batch-norm.ts";
import {
  type DenseValues,
  denseBiasGradient,
  denseForward,
  denseInputGradient,
  denseKernelGradient,
  type Regularisation,
} from "./dense.ts";
import {
  isTrainable,
  type Parameter,
  type ParameterRole,
  parameterName,
  parametersOf,
} from "./parameters.ts";
import { reluDropoutBackward, reluDropoutForward } from "./relu-dropout.ts";
import { crossEntropyBackward, crossEntropyForward } from "./softmax-cross-entropy.ts";
import { type Precision, StepGraph } from "./step-graph.ts";

export interface StepOptions {
  readonly spec: NetworkSpec;
  readonly batchSize: number;
  /** Over all kernels that move; none when left out. */
  readonly regularisation?: Regularisation;
  /** Leading dense layers whose kernel and bias stay as they are; their batch norm still learns, as in the original. */
  readonly frozenLayers: number;
  readonly adam: AdamOptions;
}

/** A value that one step hands to the next. */
export interface StateValue {
  readonly name: string;
  readonly dims: readonly number[];
  readonly parameter: Parameter;
  readonly kind: "value" | "mean" | "square";
}

/** Everything a step reads and writes: parameters, and Adam's moments of those that move. */
export function stateOf(options: StepOptions): StateValue[] {
  return parametersOf(options.spec).flatMap((parameter) => {
    const kinds: StateValue["kind"][] = ["value"];
    if (moves(parameter, options)) kinds.push("mean", "square");
    return kinds.map((kind) => ({ name: stateName(parameter, kind), dims: parameter.dims, parameter, kind }));
  });
}

/** `dense0.kernel` itself, or `dense0.kernel.square` and the like. */
export function stateName(parameter: Parameter, kind: StateValue["kind"]): string {
  return kind === "value" ? parameter.name : `${parameter.name}.${kind}`;
}

/** The graph's output that becomes the state value `name` of the next step. */
export function nextName(name: string): string {
  return `next.${name}`;
}

/** The graph's input for the 0-or-1 dropout mask of a hidden layer. */
export function maskName(layer: number): string {
  return `mask${layer}`;
}

/** Whether gradients move this parameter. */
function moves(parameter: Parameter, { frozenLayers }: StepOptions): boolean {
  const isDense = parameter.role === "kernel" || parameter.role === "bias";
  return isTrainable(parameter) && !(isDense && parameter.layer < frozenLayers);
}

/** Whether a step changes this parameter, by gradients or as a running statistic. */
function changes(parameter: Parameter, options: StepOptions): boolean {
  return moves(parameter, options) || !isTrainable(parameter);
}

/** The bytes of the step's ONNX model. */
export function trainingStepModel(options: StepOptions): Uint8Array {
  const graph = new StepGraph("training_step", "float32");
  const { loss, gradients, batchStatistics } = backpropagate(graph, options);
  const learningRate = graph.input("learning_rate", []);
  const statisticsRate = options.spec.batchNorm ? graph.input("statistics_rate", []) : "";
  graph.output(loss, "loss", []);
  for (const parameter of parametersOf(options.spec)) {
    if (!changes(parameter, options)) continue;
    const { name, dims } = parameter;
    const gradient = gradients.get(name);
    const statistic = batchStatistics.get(name);
    let next = name;
    if (gradient) {
      const mean = graph.input(stateName(parameter, "mean"), dims);
      const square = graph.input(stateName(parameter, "square"), dims);
      const updated = adamUpdate(graph, { weight: name, gradient, mean, square, learningRate }, options.adam);
      graph.output(updated.mean, nextName(mean), dims);
      graph.output(updated.square, nextName(square), dims);
      next = updated.weight;
    } else if (statistic) {
      next = runningStatistic(graph, graph.input(name, dims), statistic, statisticsRate);
    }
    graph.output(next, nextName(name), dims);
  }
  return graph.builder.toModel();
}

/** The same forward and backward with outputs `loss` and `gradient.<name>` of every parameter that moves. */
export function gradientModel(options: StepOptions, precision: Precision): Uint8Array {
  const graph = new StepGraph("gradients", precision);
  const { loss, gradients } = backpropagate(graph, options);
  graph.output(loss, "loss", []);
  for (const { name, dims } of parametersOf(options.spec)) {
    const gradient = gradients.get(name);
    if (gradient) graph.output(gradient, `gradient.${name}`, dims);
  }
  return graph.builder.toModel();
}

interface Backpropagation {
  readonly loss: string;
  /** By the name of each parameter that moves. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Mean and variance of this batch, by the name of the running statistic. */
  readonly batchStatistics: ReadonlyMap<string, string>;
}

interface HiddenTrace {
  readonly dense: DenseValues;
  readonly norm: BatchNormTrace | undefined;
  readonly output: string;
}

/** (dense → batch norm → ReLU → dropout) × hidden → dense → softmax cross entropy, then all the way back. */
function backpropagate(graph: StepGraph, options: StepOptions): Backpropagation {
  const { spec, batchSize } = options;
  const parameters = new Map(parametersOf(spec).map((parameter) => [parameter.name, parameter]));
  for (const parameter of parameters.values()) {
    if (isTrainable(parameter)) graph.input(parameter.name, parameter.dims);
  }
  const x = graph.input("x", [batchSize, spec.inputs]);
  const targets = graph.input("targets", [batchSize, spec.classes.length]);

  const hidden: HiddenTrace[] = [];
  for (const [layer, width] of spec.hidden.entries()) {
    const dense = denseValues(spec, layer, hidden.at(-1)?.output ?? x);
    const linear = denseForward(graph, dense);
    const [gamma, beta] = [parameterName(layer, "gamma"), parameterName(layer, "beta")];
    const norm = spec.batchNorm ? batchNormForward(graph, { input: linear, gamma, beta }) : undefined;
    const mask = spec.dropout > 0 ? graph.input(maskName(layer), [batchSize, width]) : undefined;
    hidden.push({ dense, norm, output: reluDropoutForward(graph, norm?.output ?? linear, mask) });
  }
  const head = denseValues(spec, hidden.length, hidden.at(-1)?.output ?? x);
  const logits = denseForward(graph, head);
  const { loss, logProbabilities } = crossEntropyForward(graph, logits, targets, batchSize);

  const gradients = new Map<string, string>();
  const batchStatistics = new Map<string, string>();
  const denseBackward = (layer: number, dense: DenseValues, gradient: string) => {
    if (layer < options.frozenLayers) return;
    gradients.set(dense.kernel, denseKernelGradient(graph, dense, gradient, options.regularisation));
    if (dense.bias) gradients.set(dense.bias, denseBiasGradient(graph, gradient));
  };

  let gradient = crossEntropyBackward(graph, logProbabilities, targets, batchSize);
  denseBackward(hidden.length, head, gradient);
  let above = head;
  for (let layer = hidden.length - 1; layer >= 0; layer--) {
    const { dense, norm, output } = hidden[layer]!;
    gradient = reluDropoutBackward(graph, output, denseInputGradient(graph, above, gradient));
    if (norm) {
      const back = batchNormBackward(graph, norm, gradient, batchSize);
      gradients.set(parameterName(layer, "gamma"), back.gamma).set(parameterName(layer, "beta"), back.beta);
      batchStatistics.set(parameterName(layer, "mean"), norm.mean);
      batchStatistics.set(parameterName(layer, "variance"), norm.variance);
      gradient = back.input;
    }
    denseBackward(layer, dense, gradient);
    above = dense;
  }
  return { loss, gradients, batchStatistics };
}

function denseValues(spec: NetworkSpec, layer: number, input: string): DenseValues {
  const nameOf = (role: ParameterRole) => parameterName(layer, role);
  const hasBias = !spec.batchNorm || layer === spec.hidden.length;
  return {
    input,
    inputScale: layer > 0 ? 1 / (1 - spec.dropout) : 1,
    kernel: nameOf("kernel"),
    ...(hasBias ? { bias: nameOf("bias") } : {}),
  };
}
