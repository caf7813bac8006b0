/** Batch norm for layers that came without it, so that training starts from the function they had. */

import { BATCH_NORM_EPSILON, type DenseWeights, normalise } from "@emotionnet/core";
import { spreadIndices } from "../dataset/spread-indices.ts";

/** Faces that the statistics are taken from, spread evenly over those given. */
const FACES = 1024;

/**
 * Gives the layers at `indices` the batch norm that undoes itself on these faces: mean and variance of what reaches it, and
 * the same as its shift and scale. So the network answers as before, in inference and with the statistics of a batch in
 * training; a batch norm of mean 0 and variance 1 would change every activation in the first training step.
 * @param landmarks (count × inputs of the first layer), any unit
 */
export function withBatchStatistics(
  layers: readonly DenseWeights[],
  indices: readonly number[],
  landmarks: Float32Array,
): DenseWeights[] {
  const values = layers[0]!.inputs;
  const count = landmarks.length / values;
  let rows = spreadIndices(count, FACES).map((face) =>
    normalise(landmarks.subarray(face * values, (face + 1) * values), values),
  );
  return layers.map((layer, index) => {
    const sums = rows.map((row) => products(layer, row));
    const fitted = indices.includes(index)
      ? { ...layer, batchNorm: selfUndoing(sums, layer.outputs) }
      : layer;
    rows = sums.map((sum) => activated(fitted, sum));
    return fitted;
  });
}

function products({ inputs, outputs, kernel, bias }: DenseWeights, row: Float32Array): Float32Array {
  const sum = bias.slice();
  for (let input = 0; input < inputs; input++) {
    const value = row[input]!;
    if (value === 0) continue;
    for (let unit = 0; unit < outputs; unit++) sum[unit]! += value * kernel[input * outputs + unit]!;
  }
  return sum;
}

function selfUndoing(sums: readonly Float32Array[], outputs: number): NonNullable<DenseWeights["batchNorm"]> {
  const mean = new Float32Array(outputs);
  const variance = new Float32Array(outputs);
  for (let unit = 0; unit < outputs; unit++) {
    const average = sums.reduce((total, sum) => total + sum[unit]!, 0) / sums.length;
    mean[unit] = average;
    variance[unit] = sums.reduce((total, sum) => total + (sum[unit]! - average) ** 2, 0) / sums.length;
  }
  const gamma = variance.map((value) => Math.sqrt(value + BATCH_NORM_EPSILON));
  return { gamma, beta: mean.slice(), mean, variance };
}

function activated({ batchNorm }: DenseWeights, sum: Float32Array): Float32Array {
  if (!batchNorm) return sum.map((value) => Math.max(0, value));
  const { gamma, beta, mean, variance } = batchNorm;
  return sum.map((value, unit) => {
    const scale = gamma[unit]! / Math.sqrt(variance[unit]! + BATCH_NORM_EPSILON);
    return Math.max(0, (value - mean[unit]!) * scale + beta[unit]!);
  });
}
