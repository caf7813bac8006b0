/**
 * Depthwise convolution of pixels of one output row into a line of pixels side by side. Weights: four channels after four, each tap by
 * tap. Loops run over the rows of the kernel because V8 moves all loads of a loop's body to its front.
 */

import { madd } from "./madd";
import { storeTransposed } from "./pack";

/** 3×3 taps, stride 1: four pixels share the columns they read. They are written side by side or, to spare the packing, as a panel. */
@inline
function fourPixels(
  source: usize,
  pixelBytes: usize,
  rowBytes: usize,
  weights: usize,
  target: usize,
  isPanel: bool,
): void {
  const sourceEnd = source + pixelBytes;
  const toThird = pixelBytes << 1;
  const toFourth = toThird + pixelBytes;
  while (source < sourceEnd) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let column = source;
    const weightsEnd = weights + 144;
    do {
      const w0 = v128.load(weights);
      const w1 = v128.load(weights, 16);
      const w2 = v128.load(weights, 32);
      const x0 = v128.load(column);
      const x1 = v128.load(column + pixelBytes);
      s0 = madd(x0, w0, s0);
      const x2 = v128.load(column + toThird);
      s0 = madd(x1, w1, s0);
      s1 = madd(x1, w0, s1);
      const x3 = v128.load(column + toFourth);
      s0 = madd(x2, w2, s0);
      s1 = madd(x2, w1, s1);
      s2 = madd(x2, w0, s2);
      const x4 = v128.load(column + toThird + toThird);
      s1 = madd(x3, w2, s1);
      s2 = madd(x3, w1, s2);
      s3 = madd(x3, w0, s3);
      const x5 = v128.load(column + toThird + toFourth);
      s2 = madd(x4, w2, s2);
      s3 = madd(x4, w1, s3);
      s3 = madd(x5, w2, s3);
      column += rowBytes;
      weights += 48;
    } while (weights != weightsEnd);
    if (isPanel) {
      storeTransposed(target, s0, s1, s2, s3);
      target += 64;
    } else {
      v128.store(target, s0);
      v128.store(target + pixelBytes, s1);
      v128.store(target + toThird, s2);
      v128.store(target + toFourth, s3);
      target += 16;
    }
    source += 16;
  }
}

/** `count` neighbours of one row, a multiple of 4, by 3×3 taps of stride 1 into panels. */
export function depthwisePanels(
  source: usize,
  pixelBytes: usize,
  rowBytes: usize,
  weights: usize,
  count: i32,
  target: usize,
): void {
  for (; count > 0; count -= 4) {
    fourPixels(source, pixelBytes, rowBytes, weights, target, true);
    source += pixelBytes << 2;
    target += pixelBytes << 2;
  }
}

/** 3×3 taps of one pixel. */
function onePixel(source: usize, pixelBytes: usize, rowBytes: usize, weights: usize, target: usize): void {
  const targetEnd = target + pixelBytes;
  while (target < targetEnd) {
    const row1 = source + rowBytes;
    const row2 = row1 + rowBytes;
    let s0 = f32x4.mul(v128.load(source), v128.load(weights));
    let s1 = f32x4.mul(v128.load(row1), v128.load(weights, 48));
    let s2 = f32x4.mul(v128.load(row2), v128.load(weights, 96));
    s0 = madd(v128.load(source + pixelBytes), v128.load(weights, 16), s0);
    s1 = madd(v128.load(row1 + pixelBytes), v128.load(weights, 64), s1);
    s2 = madd(v128.load(row2 + pixelBytes), v128.load(weights, 112), s2);
    s0 = madd(v128.load(source + (pixelBytes << 1)), v128.load(weights, 32), s0);
    s1 = madd(v128.load(row1 + (pixelBytes << 1)), v128.load(weights, 80), s1);
    s2 = madd(v128.load(row2 + (pixelBytes << 1)), v128.load(weights, 128), s2);
    v128.store(target, f32x4.add(f32x4.add(s0, s1), s2));
    source += 16;
    target += 16;
    weights += 144;
  }
}

/** Any kernel, one pixel. */
function anyKernel(
  source: usize,
  pixelBytes: usize,
  rowBytes: usize,
  height: i32,
  width: i32,
  weights: usize,
  target: usize,
): void {
  const targetEnd = target + pixelBytes;
  while (target < targetEnd) {
    let sum = f32x4.splat(0);
    let row = source;
    for (let y = 0; y < height; y++) {
      let at = row;
      for (let x = 0; x < width; x++) {
        sum = madd(v128.load(at), v128.load(weights), sum);
        weights += 16;
        at += pixelBytes;
      }
      row += rowBytes;
    }
    v128.store(target, sum);
    source += 16;
    target += 16;
  }
}

/** `count` neighbours of one row; `stepBytes` from one to the next in the source, pixels of `pixelBytes` side by side in the target. */
export function depthwiseLine(
  source: usize,
  pixelBytes: usize,
  rowBytes: usize,
  stepBytes: usize,
  height: i32,
  width: i32,
  weights: usize,
  count: i32,
  target: usize,
): void {
  const is3x3 = height == 3 && width == 3;
  if (is3x3 && stepBytes == pixelBytes) {
    for (; count >= 4; count -= 4) {
      fourPixels(source, pixelBytes, rowBytes, weights, target, false);
      source += pixelBytes << 2;
      target += pixelBytes << 2;
    }
  }
  for (; count > 0; count--) {
    if (is3x3) onePixel(source, pixelBytes, rowBytes, weights, target);
    else anyKernel(source, pixelBytes, rowBytes, height, width, weights, target);
    source += stepBytes;
    target += pixelBytes;
  }
}
