/**
 * The kernel with whole numbers of 16 bits: one instruction multiplies eight and adds them by twos, which is twice what f32 does.
 *
 * A layer has inputs in multiples of 4 and outputs in multiples of 8, the packed weights, the bias, the size of a whole weight for
 * every output (f32 each), and the largest whole activation as f32, chosen so that no sum can leave 32 bits (packing.ts).
 * Packed weights: tiles of 16, then 8 outputs; a tile holds, for every pair of inputs, both weights of each output side by side.
 * A face's activations are scaled so that the largest becomes the largest whole number. Sums of whole numbers are exact, so every
 * machine gives the same bits.
 */

import { gatherInputs } from "./gather";
import { LAYER_BYTES } from "./non-zero";

/** Below every activation that matters; keeps a face without any from dividing by zero. */
const SMALLEST_ACTIVATION: f32 = 1e-30;

/** Like `run` in index.ts; the second room holds gathered inputs only, because the list holds all that a layer reads. */
export function runInt16(
  layers: usize,
  layerCount: i32,
  input: usize,
  output: usize,
  count: i32,
  activations: usize,
  activationBytes: usize,
  list: usize,
  gather: usize,
  gatherCount: i32,
  inputBytes: usize,
): void {
  const last = layers + <usize>(layerCount - 1) * LAYER_BYTES;
  const outputBytes = <usize>load<i32>(last + 4) << 2;
  for (let face = 0; face < count; face++) {
    let source = input;
    if (gatherCount > 0) {
      source = activations + activationBytes;
      gatherInputs(input, gather, gatherCount, load<i32>(layers), source);
    }
    for (let layer = layers; layer < last; layer += LAYER_BYTES) {
      dense(layer, source, activations, list, true);
      source = activations;
    }
    dense(last, source, output, list, false);
    input += inputBytes;
    output += outputBytes;
  }
}

function dense(layer: usize, source: usize, target: usize, whole: usize, relu: bool): void {
  const inputs = <usize>load<i32>(layer);
  const outputs = <usize>load<i32>(layer + 4) << 2;
  let weights = <usize>load<i32>(layer + 8);
  let bias = <usize>load<i32>(layer + 12);
  let scale = <usize>load<i32>(layer + 16);
  const sourceEnd = source + (inputs << 2);
  const step: f32 = largestOf(source, sourceEnd) / load<f32>(layer + 20);
  const wholeEnd = round(source, sourceEnd, <f32>1 / step, whole);
  const targetEnd = target + outputs;
  const steps = f32x4.splat(step);
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-f32.MAX_VALUE);
  while (target + 64 <= targetEnd) {
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    for (let at = whole; at < wholeEnd; at += 8) {
      const pair0 = v128.load32_splat(at);
      const pair1 = v128.load32_splat(at, 4);
      s0 = i32x4.add(s0, i32x4.add(i32x4.dot_i16x8_s(pair0, v128.load(weights)), i32x4.dot_i16x8_s(pair1, v128.load(weights, 64))));
      s1 = i32x4.add(s1, i32x4.add(i32x4.dot_i16x8_s(pair0, v128.load(weights, 16)), i32x4.dot_i16x8_s(pair1, v128.load(weights, 80))));
      s2 = i32x4.add(s2, i32x4.add(i32x4.dot_i16x8_s(pair0, v128.load(weights, 32)), i32x4.dot_i16x8_s(pair1, v128.load(weights, 96))));
      s3 = i32x4.add(s3, i32x4.add(i32x4.dot_i16x8_s(pair0, v128.load(weights, 48)), i32x4.dot_i16x8_s(pair1, v128.load(weights, 112))));
      weights += 128;
    }
    storeOutputs(target, s0, steps, scale, bias, floor);
    storeOutputs(target + 16, s1, steps, scale + 16, bias + 16, floor);
    storeOutputs(target + 32, s2, steps, scale + 32, bias + 32, floor);
    storeOutputs(target + 48, s3, steps, scale + 48, bias + 48, floor);
    scale += 64;
    bias += 64;
    target += 64;
  }
  if (target < targetEnd) {
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    for (let at = whole; at < wholeEnd; at += 8) {
      const pair0 = v128.load32_splat(at);
      const pair1 = v128.load32_splat(at, 4);
      s0 = i32x4.add(s0, i32x4.add(i32x4.dot_i16x8_s(pair0, v128.load(weights)), i32x4.dot_i16x8_s(pair1, v128.load(weights, 32))));
      s1 = i32x4.add(s1, i32x4.add(i32x4.dot_i16x8_s(pair0, v128.load(weights, 16)), i32x4.dot_i16x8_s(pair1, v128.load(weights, 48))));
      weights += 64;
    }
    storeOutputs(target, s0, steps, scale, bias, floor);
    storeOutputs(target + 16, s1, steps, scale + 16, bias + 16, floor);
  }
}

function largestOf(source: usize, end: usize): f32 {
  let largest = f32x4.splat(SMALLEST_ACTIVATION);
  for (; source < end; source += 16) largest = f32x4.pmax(largest, f32x4.abs(v128.load(source)));
  return max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
}

/** Rounds activations to whole numbers; returns the end of the list. */
function round(source: usize, sourceEnd: usize, scale: f32, whole: usize): usize {
  const scales = f32x4.splat(scale);
  for (; source < sourceEnd; source += 32, whole += 16) {
    v128.store(whole, i16x8.narrow_i32x4_s(
      i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(source), scales))),
      i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(source, 16), scales))),
    ));
  }
  return whole;
}

// @ts-ignore: decorator
@inline
function storeOutputs(target: usize, sum: v128, steps: v128, scale: usize, bias: usize, floor: v128): void {
  const real = f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.mul(v128.load(scale), steps));
  v128.store(target, f32x4.pmax(f32x4.add(v128.load(bias), real), floor));
}
