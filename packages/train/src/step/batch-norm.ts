/** Batch normalisation. Source: Ioffe and Szegedy (2015), algorithm 1 and the derivatives of section 3. */

import { BATCH_NORM_EPSILON } from "@emotionnet/core";
import type { StepGraph } from "./step-graph.ts";

/** Keras' default: the share of the running statistics that one step keeps. */
export const BATCH_NORM_MOMENTUM = 0.99;

export interface BatchNormTrace {
  /** (batch × units) */
  readonly output: string;
  /** x − μ (batch × units) */
  readonly centred: string;
  /** 1/√(σ² + ε), (1 × units) */
  readonly inverseDeviation: string;
  /** γ/√(σ² + ε), (1 × units) */
  readonly scale: string;
  /** μ and σ² of the batch, (1 × units) */
  readonly mean: string;
  readonly variance: string;
}

/** μ = mean x, σ² = mean (x − μ)², y = γ·(x − μ)/√(σ² + ε) + β. */
export function batchNormForward(
  graph: StepGraph,
  { input, gamma, beta }: { readonly input: string; readonly gamma: string; readonly beta: string },
): BatchNormTrace {
  const mean = graph.batchMean(input);
  const centred = graph.op("Sub", [input, mean]);
  const variance = graph.batchMean(graph.op("Mul", [centred, centred]));
  const deviation = graph.op("Sqrt", [graph.op("Add", [variance, graph.scalar(BATCH_NORM_EPSILON)])]);
  const inverseDeviation = graph.op("Reciprocal", [deviation]);
  const scale = graph.op("Mul", [gamma, inverseDeviation]);
  const output = graph.op("Add", [graph.op("Mul", [centred, scale]), beta]);
  return { output, centred, inverseDeviation, scale, mean, variance };
}

/**
 * With x̂ = (x − μ)/√(σ² + ε), ĝ = ∂L/∂y and m samples:
 * ∂L/∂β = Σ ĝ, ∂L/∂γ = Σ ĝ·x̂, ∂L/∂x = γ/√(σ² + ε) · (ĝ − ∂L/∂β / m − x̂·∂L/∂γ / m).
 */
export function batchNormBackward(
  graph: StepGraph,
  trace: BatchNormTrace,
  outputGradient: string,
  batchSize: number,
): { readonly input: string; readonly gamma: string; readonly beta: string } {
  const { centred, inverseDeviation, scale } = trace;
  const beta = graph.batchSum(outputGradient);
  const product = graph.batchSum(graph.op("Mul", [outputGradient, centred]));
  const gammaRow = graph.op("Mul", [product, inverseDeviation]);
  const share = graph.scalar(1 / batchSize);
  const towardsMean = graph.op("Mul", [beta, share]);
  const towardsDeviation = graph.op("Mul", [graph.op("Mul", [gammaRow, inverseDeviation]), share]);
  const explained = graph.op("Mul", [centred, towardsDeviation]);
  const residual = graph.op("Sub", [graph.op("Sub", [outputGradient, towardsMean]), explained]);
  const gamma = graph.op("Squeeze", [gammaRow, graph.batchAxis()]);
  return { input: graph.op("Mul", [residual, scale]), gamma, beta };
}

/** r' = r + rate·(statistic of the batch − r): Keras' moving mean and variance, where rate is 1 − momentum. */
export function runningStatistic(graph: StepGraph, running: string, ofBatch: string, rate: string): string {
  return graph.towards(running, graph.op("Squeeze", [ofBatch, graph.batchAxis()]), rate);
}
