/**
 * The kernel with whole numbers of 16 bits: one instruction multiplies eight and adds them by twos, which is twice what f32 does.
 *
 * A layer has inputs and outputs in multiples of 8, the packed weights, the bias, the size of a whole weight for every output
 * (f32 each), and the largest whole activation as f32, chosen so that no sum can leave 32 bits (int16-layers.ts).
 * Packed weights: tiles of 32, then 8 outputs; a tile holds, for every pair of inputs, both weights of each output side by side.
 * A face's activations are scaled so that the largest becomes the largest whole number; pairs that are both zero are skipped.
 * Sums of whole numbers are exact, so every machine gives the same bits.
 */

import { appendNonZero, ENTRY_BYTES, LAYER_BYTES } from "./non-zero";

/** Below every activation that matters; keeps a face without any from dividing by zero. */
const SMALLEST_ACTIVATION: f32 = 1e-30;

/** Like `run` in index.ts; one room for activations is enough, because the list holds all that a layer reads. */
export function runInt16(
  layers: usize,
  layerCount: i32,
  input: usize,
  output: usize,
  count: i32,
  activations: usize,
  activationBytes: usize,
  list: usize,
): void {
  const last = layers + <usize>(layerCount - 1) * LAYER_BYTES;
  const inputBytes = <usize>load<i32>(layers) << 2;
  const outputBytes = <usize>load<i32>(last + 4) << 2;
  for (let face = 0; face < count; face++) {
    let source = input;
    for (let layer = layers; layer < last; layer += LAYER_BYTES) {
      dense(layer, source, activations, list, true);
      source = activations;
    }
    dense(last, source, output, list, false);
    input += inputBytes;
    output += outputBytes;
  }
}

function dense(layer: usize, source: usize, target: usize, list: usize, relu: bool): void {
  const inputs = <usize>load<i32>(layer);
  const outputs = <usize>load<i32>(layer + 4) << 2;
  let weights = <usize>load<i32>(layer + 8);
  let bias = <usize>load<i32>(layer + 12);
  let scale = <usize>load<i32>(layer + 16);
  const sourceEnd = source + (inputs << 2);
  const step: f32 = largestOf(source, sourceEnd) / load<f32>(layer + 20);
  const listEnd = listPairs(source, sourceEnd, <f32>1 / step, list);
  const targetEnd = target + outputs;
  const steps = f32x4.splat(step);
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-f32.MAX_VALUE);
  while (target + 128 <= targetEnd) {
    tile32(weights, scale, bias, list, listEnd, target, steps, floor);
    weights += inputs << 6;
    scale += 128;
    bias += 128;
    target += 128;
  }
  while (target < targetEnd) {
    tile8(weights, scale, bias, list, listEnd, target, steps, floor);
    weights += inputs << 4;
    scale += 32;
    bias += 32;
    target += 32;
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

/** Rounds activations to whole numbers and lists the pairs that are not both zero; returns the end of the list. */
function listPairs(source: usize, sourceEnd: usize, scale: f32, list: usize): usize {
  const scales = f32x4.splat(scale);
  for (let pair = 0; source < sourceEnd; pair += 4, source += 32) {
    const values = i16x8.narrow_i32x4_s(
      i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(source), scales))),
      i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(source, 16), scales))),
    );
    list = appendNonZero(list, values, i32x4.bitmask(i32x4.ne(values, i32x4.splat(0))), pair);
  }
  return list;
}

// @ts-ignore: decorator
@inline
function storeOutputs(target: usize, sum: v128, steps: v128, scale: usize, bias: usize, floor: v128): void {
  const real = f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.mul(v128.load(scale), steps));
  v128.store(target, f32x4.pmax(f32x4.add(v128.load(bias), real), floor));
}

// @ts-ignore: decorator
@inline
function tile32(
  weights: usize,
  scale: usize,
  bias: usize,
  list: usize,
  listEnd: usize,
  target: usize,
  steps: v128,
  floor: v128,
): void {
  let s0 = i32x4.splat(0);
  let s1 = i32x4.splat(0);
  let s2 = i32x4.splat(0);
  let s3 = i32x4.splat(0);
  let s4 = i32x4.splat(0);
  let s5 = i32x4.splat(0);
  let s6 = i32x4.splat(0);
  let s7 = i32x4.splat(0);
  for (let entry = list; entry < listEnd; entry += ENTRY_BYTES) {
    const row = weights + (<usize>load<i32>(entry) << 7);
    const pair = v128.load32_splat(entry, 4);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(pair, v128.load(row)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(pair, v128.load(row, 16)));
    s2 = i32x4.add(s2, i32x4.dot_i16x8_s(pair, v128.load(row, 32)));
    s3 = i32x4.add(s3, i32x4.dot_i16x8_s(pair, v128.load(row, 48)));
    s4 = i32x4.add(s4, i32x4.dot_i16x8_s(pair, v128.load(row, 64)));
    s5 = i32x4.add(s5, i32x4.dot_i16x8_s(pair, v128.load(row, 80)));
    s6 = i32x4.add(s6, i32x4.dot_i16x8_s(pair, v128.load(row, 96)));
    s7 = i32x4.add(s7, i32x4.dot_i16x8_s(pair, v128.load(row, 112)));
  }
  storeOutputs(target, s0, steps, scale, bias, floor);
  storeOutputs(target + 16, s1, steps, scale + 16, bias + 16, floor);
  storeOutputs(target + 32, s2, steps, scale + 32, bias + 32, floor);
  storeOutputs(target + 48, s3, steps, scale + 48, bias + 48, floor);
  storeOutputs(target + 64, s4, steps, scale + 64, bias + 64, floor);
  storeOutputs(target + 80, s5, steps, scale + 80, bias + 80, floor);
  storeOutputs(target + 96, s6, steps, scale + 96, bias + 96, floor);
  storeOutputs(target + 112, s7, steps, scale + 112, bias + 112, floor);
}

// @ts-ignore: decorator
@inline
function tile8(
  weights: usize,
  scale: usize,
  bias: usize,
  list: usize,
  listEnd: usize,
  target: usize,
  steps: v128,
  floor: v128,
): void {
  let s0 = i32x4.splat(0);
  let s1 = i32x4.splat(0);
  for (let entry = list; entry < listEnd; entry += ENTRY_BYTES) {
    const row = weights + (<usize>load<i32>(entry) << 5);
    const pair = v128.load32_splat(entry, 4);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(pair, v128.load(row)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(pair, v128.load(row, 16)));
  }
  storeOutputs(target, s0, steps, scale, bias, floor);
  storeOutputs(target + 16, s1, steps, scale + 16, bias + 16, floor);
}
