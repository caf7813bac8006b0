/** Softmax and cross entropy. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), 6.2.2.3; smoothing: Szegedy et al. (2016), 7. */

import type { StepGraph } from "./step-graph.ts";

export interface TargetOptions {
  /** Weight of each class's samples in the loss; all 1 when left out. */
  readonly classWeights?: readonly number[];
  /** Share of the target spread evenly over all classes, 0..1. */
  readonly labelSmoothing?: number;
}

/**
 * The row that a sample of each class has to be fitted to, (classes × classes): w·((1 − s)·onehot + s/classes).
 * Class weights and smoothing live in these rows, so the graph knows of neither.
 */
export function targetRows(classCount: number, options: TargetOptions = {}): Float32Array {
  const { classWeights, labelSmoothing = 0 } = options;
  const rows = new Float32Array(classCount * classCount);
  for (let label = 0; label < classCount; label++) {
    const weight = classWeights?.[label] ?? 1;
    for (let column = 0; column < classCount; column++) {
      const hit = column === label ? 1 - labelSmoothing : 0;
      rows[label * classCount + column] = weight * (hit + labelSmoothing / classCount);
    }
  }
  return rows;
}

/** L = −Σ t·log softmax(z) / m over m samples; t are rows of `targetRows`. Returns the loss (no dimensions) and log softmax. */
export function crossEntropyForward(
  graph: StepGraph,
  logits: string,
  targets: string,
  batchSize: number,
): { readonly loss: string; readonly logProbabilities: string } {
  const logProbabilities = graph.op("LogSoftmax", [logits], { axis: { int: 1 } });
  const sum = graph.op("ReduceSum", [graph.op("Mul", [targets, logProbabilities])], { keepdims: { int: 0 } });
  return { loss: graph.op("Mul", [sum, graph.scalar(-1 / batchSize)]), logProbabilities };
}

/** ∂L/∂z = (softmax(z)·Σt − t) / m; Σt is the weight of the sample. */
export function crossEntropyBackward(
  graph: StepGraph,
  logProbabilities: string,
  targets: string,
  batchSize: number,
): string {
  const classAxis = graph.builder.integers("class_axis", [1]);
  const weight = graph.op("ReduceSum", [targets, classAxis], { keepdims: { int: 1 } });
  const probabilities = graph.op("Exp", [logProbabilities]);
  const difference = graph.op("Sub", [graph.op("Mul", [probabilities, weight]), targets]);
  return graph.op("Mul", [difference, graph.scalar(1 / batchSize)]);
}
