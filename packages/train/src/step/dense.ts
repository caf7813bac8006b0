/** Fully connected layer with L2 on its kernel. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), 6.5 and 7.1.1. */

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

/** ∂L/∂W = s·xᵀ·∂L/∂y + 2λ·W, where λ·ΣW² is part of the loss. */
export function denseKernelGradient(
  graph: StepGraph,
  { input, inputScale, kernel }: DenseValues,
  outputGradient: string,
  l2: number,
): string {
  const inputs = l2 > 0 ? [input, outputGradient, kernel] : [input, outputGradient];
  return graph.op("Gemm", inputs, {
    alpha: { float: inputScale },
    beta: { float: 2 * l2 },
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
