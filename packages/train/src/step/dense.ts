/** Fully connected layer with L2 or L1 on its kernel. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), 6.5 and 7.1. */

import type { StepGraph } from "./step-graph.ts";

export interface DenseValues {
  /** (batch × inputs) */
  readonly input: string;
  /** What the inputs are multiplied with: 1/keep after dropout, else 1. */
  readonly inputScale: number;
  /** (inputs × outputs) */
  readonly kernel: string;
  /** (outputs); left out before batch norm, whose shift stands in its place. */
  readonly bias?: string;
}

/** y = s·x·W + b, shape (batch × outputs). */
export function denseForward(graph: StepGraph, { input, inputScale, kernel, bias }: DenseValues): string {
  return graph.op("Gemm", bias ? [input, kernel, bias] : [input, kernel], { alpha: { float: inputScale } });
}

/** λ·ΣW² (l2) or λ·Σ|W| (l1), part of the loss. */
export interface Regularisation {
  readonly kind: "l1" | "l2";
  /** λ from 0. */
  readonly factor: number;
}

/** ∂L/∂W = s·xᵀ·∂L/∂y + 2λ·W (l2) or + λ·sign(W) (l1; 0 at 0). */
export function denseKernelGradient(
  graph: StepGraph,
  { input, inputScale, kernel }: DenseValues,
  outputGradient: string,
  regularisation: Regularisation | undefined,
): string {
  const inputs = [input, outputGradient];
  if (regularisation?.kind === "l2") inputs.push(kernel);
  if (regularisation?.kind === "l1") inputs.push(graph.op("Sign", [kernel]));
  const { kind, factor } = regularisation ?? { kind: "l1", factor: 0 };
  return graph.op("Gemm", inputs, {
    alpha: { float: inputScale },
    beta: { float: kind === "l2" ? 2 * factor : factor },
    transA: { int: 1 },
  });
}

/** ∂L/∂b = Σ ∂L/∂y over the batch. */
export function denseBiasGradient(graph: StepGraph, outputGradient: string): string {
  return graph.batchSum(outputGradient);
}

/** ∂L/∂x = s·∂L/∂y·Wᵀ, shape (batch × inputs). */
export function denseInputGradient(
  graph: StepGraph,
  { inputScale, kernel }: DenseValues,
  outputGradient: string,
): string {
  return graph.op("Gemm", [outputGradient, kernel], { alpha: { float: inputScale }, transB: { int: 1 } });
}
