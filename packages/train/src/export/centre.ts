/** Landmarks as differences from the mean face: small numbers, which coarse steps hold better. */

import { type DenseWeights, MEAN_SHAPE } from "@emotionnet/core";
import type { GraphBuilder } from "@emotionnet/onnx";

/**
 * Subtracts the mean face from normalised landmarks (N × 136; points after the 68th stay as they are) and moves its part into the first layer's bias:
 * xW + b = (x − m)W + (b + mW). In float16 the steps at 2 are 0.002, as large as what tells some expressions apart;
 * differences from the mean face are about ten times smaller, and so are their steps.
 */
export function centre(
  graph: GraphBuilder,
  normalised: string,
  layers: readonly DenseWeights[],
): { readonly input: string; readonly layers: DenseWeights[] } {
  const [first, ...rest] = layers as [DenseWeights, ...DenseWeights[]];
  const mean = new Float32Array(first.inputs);
  mean.set(MEAN_SHAPE);
  const input = graph.node("Sub", [normalised, graph.constant("mean_landmarks", mean, [1, mean.length])]);
  const bias = first.bias.map((start, unit) => {
    let sum = start;
    for (let value = 0; value < first.inputs; value++)
      sum += mean[value]! * first.kernel[value * first.outputs + unit]!;
    return sum;
  });
  return { input, layers: [{ ...first, bias }, ...rest] };
}
