/** Pictures into maps, and samples between pixels. */

import { madd } from "./madd";

/** Rows of `rowValues` values side by side, times `scale`, plus `shift`, into rows that lie `rowBytes` apart. */
export function enter(
  source: usize,
  rowValues: i32,
  rows: i32,
  scale: f32,
  shift: f32,
  target: usize,
  rowBytes: usize,
): void {
  const scales = f32x4.splat(scale);
  const shifts = f32x4.splat(shift);
  const wholeBytes = (<usize>rowValues << 2) & ~15;
  const valueBytes = <usize>rowValues << 2;
  for (let row = 0; row < rows; row++) {
    let at: usize = 0;
    for (; at < wholeBytes; at += 16) {
      v128.store(target + at, f32x4.add(f32x4.mul(v128.load(source + at), scales), shifts));
    }
    for (; at < valueBytes; at += 4) store<f32>(target + at, load<f32>(source + at) * scale + shift);
    source += valueBytes;
    target += rowBytes;
  }
}

/** An entry of `blend`: addresses of four pixels and of the target, then the four weights. */
const ENTRY_BYTES: usize = 36;

/** Weighted sums of four pixels of `channels` values, a multiple of 4. */
export function blend(entries: usize, count: i32, channels: i32): void {
  const end = entries + <usize>count * ENTRY_BYTES;
  const channelBytes = <usize>channels << 2;
  for (; entries < end; entries += ENTRY_BYTES) {
    const a = <usize>load<i32>(entries);
    const b = <usize>load<i32>(entries, 4);
    const c = <usize>load<i32>(entries, 8);
    const d = <usize>load<i32>(entries, 12);
    const target = <usize>load<i32>(entries, 16);
    const wa = v128.load32_splat(entries, 20);
    const wb = v128.load32_splat(entries, 24);
    const wc = v128.load32_splat(entries, 28);
    const wd = v128.load32_splat(entries, 32);
    for (let at: usize = 0; at < channelBytes; at += 16) {
      let sum = f32x4.mul(v128.load(a + at), wa);
      sum = madd(v128.load(b + at), wb, sum);
      sum = madd(v128.load(c + at), wc, sum);
      sum = madd(v128.load(d + at), wd, sum);
      v128.store(target + at, sum);
    }
  }
}
