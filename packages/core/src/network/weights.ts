/** Trained numbers of a network, and batch-norm folding. */

/** Learned scale and shift with running statistics, one number a unit. */
export interface BatchNormWeights {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** One dense layer. `kernel` is (inputs × outputs), row by row: kernel[i * outputs + o] joins input i to output o. */
export interface DenseWeights {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly batchNorm?: BatchNormWeights;
}

/** Keras' default, as in the original: added to the variance before the square root. */
export const BATCH_NORM_EPSILON = 1e-3;

/**
 * Folds batch norm into kernel and bias: γ(Wx + b − μ)/√(σ² + ε) + β = W'x + b' with W' = Ws, b' = (b − μ)s + β, s = γ/√(σ² + ε).
 * Layers without batch norm come back as they are.
 */
export function foldBatchNorm(layers: readonly DenseWeights[]): DenseWeights[] {
  return layers.map((layer) => {
    const { inputs, outputs, batchNorm } = layer;
    if (!batchNorm) return layer;
    const kernel = new Float32Array(layer.kernel.length);
    const bias = new Float32Array(outputs);
    for (let unit = 0; unit < outputs; unit++) {
      const scale = batchNorm.gamma[unit]! / Math.sqrt(batchNorm.variance[unit]! + BATCH_NORM_EPSILON);
      bias[unit] = (layer.bias[unit]! - batchNorm.mean[unit]!) * scale + batchNorm.beta[unit]!;
      for (let input = 0; input < inputs; input++) {
        kernel[input * outputs + unit] = layer.kernel[input * outputs + unit]! * scale;
      }
    }
    return { inputs, outputs, kernel, bias };
  });
}
