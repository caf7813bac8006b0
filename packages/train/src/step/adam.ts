/** Adam. Source: Kingma and Ba (2015), in the efficient form at the end of section 2, as TensorFlow 1 has it ("epsilon hat"). */

import type { StepGraph } from "./step-graph.ts";

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** TensorFlow's and the original's values. */
export const ADAM_DEFAULTS: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** α·√(1 − β₂ᵗ)/(1 − β₁ᵗ): the learning rate of step t = 1, 2, … with the bias correction folded in. */
export function correctedLearningRate(learningRate: number, step: number, adam: AdamOptions): number {
  return (learningRate * Math.sqrt(1 - adam.beta2 ** step)) / (1 - adam.beta1 ** step);
}

/** m' = m + (1 − β₁)(g − m), v' = v + (1 − β₂)(g² − v), w' = w − α̂·m'/(√v' + ε). */
export function adamUpdate(
  graph: StepGraph,
  values: {
    readonly weight: string;
    readonly gradient: string;
    readonly mean: string;
    readonly square: string;
    /** The corrected learning rate, no dimensions. */
    readonly learningRate: string;
  },
  adam: AdamOptions,
): { readonly weight: string; readonly mean: string; readonly square: string } {
  const { gradient } = values;
  const mean = graph.towards(values.mean, gradient, 1 - adam.beta1);
  const square = graph.towards(values.square, graph.op("Mul", [gradient, gradient]), 1 - adam.beta2);
  const denominator = graph.op("Add", [graph.op("Sqrt", [square]), graph.scalar(adam.epsilon)]);
  const change = graph.op("Mul", [graph.op("Div", [mean, denominator]), values.learningRate]);
  return { weight: graph.op("Sub", [values.weight, change]), mean, square };
}
