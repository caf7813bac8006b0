/** The order of weights that the SIMD kernel reads; see assembly/index.ts. */

import type { DenseWeights } from "../network/weights.ts";

/** Outputs computed together, widest first; the last must divide all padded widths. */
export const TILE_WIDTHS = [32, 16, 4] as const;

/** Outputs of a layer rounded up to whole vectors of four. */
export function paddedOutputs(outputs: number): number {
  return Math.ceil(outputs / 4) * 4;
}

/**
 * Kernel (inputs × outputs) → tiles of 32, 16 or 4 outputs, each (inputs × tile) row by row; padding is zero.
 */
export function packKernel(layer: DenseWeights): Float32Array {
  const { inputs } = layer;
  const width = paddedOutputs(layer.outputs);
  const packed = new Float32Array(inputs * width);
  let position = 0;
  for (let first = 0; first < width; ) {
    const tile = TILE_WIDTHS.find((candidate) => first + candidate <= width)!;
    for (let input = 0; input < inputs; input++) {
      const start = input * layer.outputs + first;
      const end = input * layer.outputs + Math.min(first + tile, layer.outputs);
      packed.set(layer.kernel.subarray(start, end), position + input * tile);
    }
    position += inputs * tile;
    first += tile;
  }
  return packed;
}
