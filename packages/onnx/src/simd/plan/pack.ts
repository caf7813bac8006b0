/** Weights in the order in which the kernel reads them. */

import type { Convolution } from "../graph/convolution.ts";
import { inFours } from "./values.ts";

/** Output channels that the kernel sums up at a time. */
const TILE = 8;
const VECTOR = 4;

/** Numbers one a channel, filled up with zeros to whole tiles. */
export function packChannels(values: Float32Array): Float32Array {
  const packed = new Float32Array(Math.ceil(values.length / TILE) * TILE);
  packed.set(values);
  return packed;
}

/**
 * Tiles of 8 outputs; in a tile tap by tap, channel by channel, the 8 weights side by side.
 * @param pixel channels of an input pixel with those that fill it up
 */
export function packWeights(
  { weights, inputs, outputs }: Convolution,
  taps: number,
  pixel: number,
): Float32Array {
  const tiles = Math.ceil(outputs / TILE);
  const packed = new Float32Array(tiles * taps * pixel * TILE);
  for (let output = 0; output < outputs; output++) {
    const tile = Math.floor(output / TILE) * taps * pixel * TILE + (output % TILE);
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        packed[tile + (tap * pixel + input) * TILE] = weights![(output * inputs + input) * taps + tap]!;
      }
    }
  }
  return packed;
}

/** Four channels after four; of these tap by tap. */
export function packDepthwise(weights: Float32Array, channels: number, taps: number): Float32Array {
  const packed = new Float32Array(inFours(channels) * taps);
  for (let channel = 0; channel < channels; channel++) {
    const group = (channel - (channel % VECTOR)) * taps + (channel % VECTOR);
    for (let tap = 0; tap < taps; tap++) packed[group + tap * VECTOR] = weights[channel * taps + tap]!;
  }
  return packed;
}
