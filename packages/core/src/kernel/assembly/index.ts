/**
 * The classifier kernel: dense + ReLU layers on WebAssembly SIMD, compiled by AssemblyScript (scripts/build-kernel.ts).
 * It owns no memory: the caller (simd-kernel.ts) lays everything out and passes addresses in bytes.
 *
 * A layer is six i32: inputs (even), outputs (a multiple of 8), addresses of the packed weights and the bias, and two that only
 * int16.ts reads. Packed weights: outputs are cut into tiles of 16, then 8; a tile holds inputs × tile values, row by row, so one
 * pass over a tile reads memory straight on and keeps all its sums in registers. V8 moves all loads of a loop's body to its front,
 * so a body must not load more than fits into 15 registers beside its sums: 16 outputs and two inputs a turn, no more.
 */

import { gatherInputs } from "./gather";
import { appendNonZero, ENTRY_BYTES, LAYER_BYTES } from "./non-zero";

export { runInt16 } from "./int16";
export { projectShape } from "./shape";

/** Tiles take two entries a turn. Lists start at a multiple of it. */
const PAIR_BYTES: usize = 16;

/**
 * Runs all layers for `count` faces. `input` holds count × inputs values, `output` takes count × outputs of the last layer.
 * `activations` is room for two vectors of `activationBytes` each, `list` for one entry an input of the widest layer. Faces lie
 * `inputBytes` apart; when the first layer does not read all of their values, `gather` holds the offsets of those it reads.
 */
export function run(
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
    let target = activations;
    if (gatherCount > 0) {
      source = activations + activationBytes;
      gatherInputs(input, gather, gatherCount, load<i32>(layers), source);
    }
    for (let layer = layers; layer < last; layer += LAYER_BYTES) {
      if (layer == layers) dense(layer, source, target, true);
      else sparse(layer, source, target, list, true);
      source = target;
      target = target == activations ? activations + activationBytes : activations;
    }
    if (last == layers) dense(last, source, output, false);
    else sparse(last, source, output, list, false);
    input += inputBytes;
    output += outputBytes;
  }
}

/** A layer whose inputs are hardly ever zero: the first. */
function dense(layer: usize, source: usize, target: usize, relu: bool): void {
  const inputBytes = <usize>load<i32>(layer) << 2;
  const sourceEnd = source + inputBytes;
  let weights = <usize>load<i32>(layer + 8);
  let bias = <usize>load<i32>(layer + 12);
  const targetEnd = target + (<usize>load<i32>(layer + 4) << 2);
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-f32.MAX_VALUE);
  while (target + 64 <= targetEnd) {
    let s0 = v128.load(bias);
    let s1 = v128.load(bias, 16);
    let s2 = v128.load(bias, 32);
    let s3 = v128.load(bias, 48);
    for (let at = source; at < sourceEnd; at += 8) {
      const value0 = v128.load32_splat(at);
      const value1 = v128.load32_splat(at, 4);
      s0 = f32x4.add(s0, f32x4.add(f32x4.mul(value0, v128.load(weights)), f32x4.mul(value1, v128.load(weights, 64))));
      s1 = f32x4.add(s1, f32x4.add(f32x4.mul(value0, v128.load(weights, 16)), f32x4.mul(value1, v128.load(weights, 80))));
      s2 = f32x4.add(s2, f32x4.add(f32x4.mul(value0, v128.load(weights, 32)), f32x4.mul(value1, v128.load(weights, 96))));
      s3 = f32x4.add(s3, f32x4.add(f32x4.mul(value0, v128.load(weights, 48)), f32x4.mul(value1, v128.load(weights, 112))));
      weights += 128;
    }
    v128.store(target, f32x4.pmax(s0, floor));
    v128.store(target, f32x4.pmax(s1, floor), 16);
    v128.store(target, f32x4.pmax(s2, floor), 32);
    v128.store(target, f32x4.pmax(s3, floor), 48);
    bias += 64;
    target += 64;
  }
  if (target < targetEnd) {
    let s0 = v128.load(bias);
    let s1 = v128.load(bias, 16);
    for (let at = source; at < sourceEnd; at += 8) {
      const value0 = v128.load32_splat(at);
      const value1 = v128.load32_splat(at, 4);
      s0 = f32x4.add(s0, f32x4.add(f32x4.mul(value0, v128.load(weights)), f32x4.mul(value1, v128.load(weights, 32))));
      s1 = f32x4.add(s1, f32x4.add(f32x4.mul(value0, v128.load(weights, 16)), f32x4.mul(value1, v128.load(weights, 48))));
      weights += 64;
    }
    v128.store(target, f32x4.pmax(s0, floor));
    v128.store(target, f32x4.pmax(s1, floor), 16);
  }
}

/** A layer after ReLU: about half of its inputs are zero, and their weights are not read. */
function sparse(layer: usize, source: usize, target: usize, list: usize, relu: bool): void {
  const inputs = load<i32>(layer);
  const outputs = <usize>load<i32>(layer + 4) << 2;
  let weights = <usize>load<i32>(layer + 8);
  let bias = <usize>load<i32>(layer + 12);
  const listEnd = listNonZero(source, inputs, list);
  const targetEnd = target + outputs;
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-f32.MAX_VALUE);
  while (target + 64 <= targetEnd) {
    let s0 = v128.load(bias);
    let s1 = v128.load(bias, 16);
    let s2 = v128.load(bias, 32);
    let s3 = v128.load(bias, 48);
    for (let entry = list; entry < listEnd; entry += PAIR_BYTES) {
      const row0 = weights + <usize>load<i32>(entry);
      const value0 = v128.load32_splat(entry, 4);
      const row1 = weights + <usize>load<i32>(entry, 8);
      const value1 = v128.load32_splat(entry, 12);
      s0 = f32x4.add(s0, f32x4.add(f32x4.mul(value0, v128.load(row0)), f32x4.mul(value1, v128.load(row1))));
      s1 = f32x4.add(s1, f32x4.add(f32x4.mul(value0, v128.load(row0, 16)), f32x4.mul(value1, v128.load(row1, 16))));
      s2 = f32x4.add(s2, f32x4.add(f32x4.mul(value0, v128.load(row0, 32)), f32x4.mul(value1, v128.load(row1, 32))));
      s3 = f32x4.add(s3, f32x4.add(f32x4.mul(value0, v128.load(row0, 48)), f32x4.mul(value1, v128.load(row1, 48))));
    }
    v128.store(target, f32x4.pmax(s0, floor));
    v128.store(target, f32x4.pmax(s1, floor), 16);
    v128.store(target, f32x4.pmax(s2, floor), 32);
    v128.store(target, f32x4.pmax(s3, floor), 48);
    weights += <usize>inputs << 6;
    bias += 64;
    target += 64;
  }
  if (target < targetEnd) {
    let s0 = v128.load(bias);
    let s1 = v128.load(bias, 16);
    for (let entry = list; entry < listEnd; entry += PAIR_BYTES) {
      const row0 = weights + (<usize>load<i32>(entry) >> 1);
      const value0 = v128.load32_splat(entry, 4);
      const row1 = weights + (<usize>load<i32>(entry, 8) >> 1);
      const value1 = v128.load32_splat(entry, 12);
      s0 = f32x4.add(s0, f32x4.add(f32x4.mul(value0, v128.load(row0)), f32x4.mul(value1, v128.load(row1))));
      s1 = f32x4.add(s1, f32x4.add(f32x4.mul(value0, v128.load(row0, 16)), f32x4.mul(value1, v128.load(row1, 16))));
    }
    v128.store(target, f32x4.pmax(s0, floor));
    v128.store(target, f32x4.pmax(s1, floor), 16);
  }
}

/**
 * Lists every input that is not zero; returns the end of the list. What lies between `inputs` and the next multiple of 4 is
 * padding of the layer before, always zero. Tiles take entries two by two, so an odd list ends with an entry that adds nothing.
 */
function listNonZero(source: usize, inputs: i32, list: usize): usize {
  for (let index = 0; index < inputs; index += 4) {
    const values = v128.load(source + (<usize>index << 2));
    list = appendNonZero(list, values, i32x4.bitmask(f32x4.ne(values, f32x4.splat(0))), index);
  }
  store<i64>(list, 0);
  return (list + ENTRY_BYTES) & ~(PAIR_BYTES - 1);
}
