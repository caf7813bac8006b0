/**
 * ReLU and dropout in one gate. Source: Srivastava et al., Dropout (2014), in its inverted form; the factor 1/keep is left
 * to the next layer's product (`inputScale` of dense.ts), so that the mask is 0 or 1 and the gate can be read off the output.
 */

import type { StepGraph } from "./step-graph.ts";

/** a = max(0, y)·mask, shape (batch × units); without a mask plain ReLU. */
export function reluDropoutForward(graph: StepGraph, input: string, mask: string | undefined): string {
  const positive = graph.op("Relu", [input]);
  return mask ? graph.op("Mul", [positive, mask]) : positive;
}

/** ∂L/∂y = ∂L/∂a where the gate let a through, that is where a > 0, else 0. */
export function reluDropoutBackward(graph: StepGraph, output: string, outputGradient: string): string {
  return graph.op("Mul", [outputGradient, graph.op("Sign", [output])]);
}
