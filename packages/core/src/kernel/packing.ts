/** The order of weights that the SIMD kernel reads; see assembly/index.ts and assembly/int16.ts. */

import type { DenseWeights } from "../network/weights.ts";

/** How numbers are computed: exactly as stored, or with weights and activations rounded to whole numbers of 16 bits. */
export type Precision = "f32" | "int16";

/** One layer in the kernel's order, padded with zeros. */
export interface PackedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array | Int16Array;
  readonly bias: Float32Array;
  /** int16 only, empty for f32: what a whole weight of 1 stands for, one number an output. */
  readonly scales: Float32Array;
  /** int16 only, 1 for f32: the largest whole number of an activation. */
  readonly largestActivation: number;
}

/** Outputs computed together, widest first; the last divides all padded widths. */
const TILES = { f32: [16, 8], int16: [16, 8] } as const;

/** Inputs whose weights lie side by side. */
const GROUP = { f32: 1, int16: 2 } as const;

/** Sums must stay in 32 bits, numbers in 16. */
const LARGEST_SUM = 2 ** 31 - 1;
const LARGEST_WHOLE = 2 ** 15 - 1;

/** A layer as the kernel of that precision reads it. */
export function packLayer(layer: DenseWeights, precision: Precision): PackedLayer {
  const padded = (width: number) => {
    const unit = TILES[precision].at(-1)!;
    return Math.ceil(width / unit) * unit;
  };
  const outputs = padded(layer.outputs);
  const bias = new Float32Array(outputs);
  bias.set(layer.bias);
  if (precision === "f32") {
    const inputs = layer.inputs + (layer.inputs % 2);
    const weights = inTiles(layer, layer.kernel, new Float32Array(inputs * outputs), precision, outputs);
    return { inputs, outputs, weights, bias, scales: new Float32Array(0), largestActivation: 1 };
  }
  const inputs = padded(layer.inputs);
  const { whole, scales, largestActivation } = roundWeights(layer);
  const weights = inTiles(layer, whole, new Int16Array(inputs * outputs), precision, outputs);
  const paddedScales = new Float32Array(outputs);
  paddedScales.set(scales);
  return { inputs, outputs, weights, bias, scales: paddedScales, largestActivation };
}

/** Inputs of a layer that at least one weight reads, in order. */
export function usedInputs({ inputs, outputs, kernel }: DenseWeights): number[] {
  return Array.from({ length: inputs }, (_, input) => input).filter((input) =>
    kernel.subarray(input * outputs, (input + 1) * outputs).some((weight) => weight !== 0),
  );
}

/** The layer with only the inputs named, in that order. */
export function keepInputs(layer: DenseWeights, kept: readonly number[]): DenseWeights {
  const { outputs } = layer;
  const kernel = new Float32Array(kept.length * outputs);
  kept.forEach((input, row) => {
    kernel.set(layer.kernel.subarray(input * outputs, (input + 1) * outputs), row * outputs);
  });
  return { ...layer, inputs: kept.length, kernel };
}

/**
 * Kernel (inputs × outputs) → tiles of outputs, each (groups of inputs × outputs of the tile × inputs of the group).
 */
function inTiles<Numbers extends Float32Array | Int16Array>(
  layer: DenseWeights,
  kernel: Numbers,
  packed: Numbers,
  precision: Precision,
  width: number,
): Numbers {
  const group = GROUP[precision];
  const rows = packed.length / width;
  let position = 0;
  for (let first = 0; first < width; ) {
    const tile = TILES[precision].find((candidate) => first + candidate <= width)!;
    const end = Math.min(first + tile, layer.outputs);
    for (let input = 0; input < layer.inputs; input++) {
      const row = position + (input - (input % group)) * tile + (input % group);
      for (let output = first; output < end; output++) {
        packed[row + (output - first) * group] = kernel[input * layer.outputs + output]!;
      }
    }
    position += rows * tile;
    first += tile;
  }
  return packed;
}

/**
 * Weights as whole numbers, each output with its own scale. With W the largest whole weight and A the largest whole
 * activation, a sum is at most A·W·r, where r = max over outputs of Σ|w| / max|w|; errors are balanced at A = W = √(2³¹ / r).
 */
function roundWeights({ inputs, outputs, kernel }: DenseWeights) {
  const largest = new Float64Array(outputs);
  const sums = new Float64Array(outputs);
  kernel.forEach((weight, index) => {
    const output = index % outputs;
    largest[output] = Math.max(largest[output]!, Math.abs(weight));
    sums[output]! += Math.abs(weight);
  });
  const ratio = sums.reduce(
    (most, sum, output) => (sum > 0 ? Math.max(most, sum / largest[output]!) : most),
    1,
  );
  const top = Math.min(LARGEST_WHOLE, Math.floor(Math.sqrt(LARGEST_SUM / ratio)));
  const scales = Float32Array.from(largest, (value) => value / top);
  const whole = new Int16Array(inputs * outputs);
  const wholeSums = new Float64Array(outputs);
  kernel.forEach((weight, index) => {
    const output = index % outputs;
    const rounded = scales[output]! > 0 ? Math.round(weight / scales[output]!) : 0;
    whole[index] = Math.max(-LARGEST_WHOLE, Math.min(LARGEST_WHOLE, rounded));
    wholeSums[output]! += Math.abs(whole[index]!);
  });
  const largestSum = wholeSums.reduce((most, sum) => Math.max(most, sum), 1);
  return { whole, scales, largestActivation: Math.min(LARGEST_WHOLE, Math.floor(LARGEST_SUM / largestSum)) };
}
