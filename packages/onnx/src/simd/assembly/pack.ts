/** Fills panels: four pixels side by side become values side by side. */

import { PLACE_BYTES, PLACE_SOURCE } from "./places";

/** Stores four vectors as columns. */
@inline
export function storeTransposed(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f64>(ab0, cd0, 0, 2));
  v128.store(target, v128.shuffle<f64>(ab0, cd0, 1, 3), 16);
  v128.store(target, v128.shuffle<f64>(ab1, cd1, 0, 2), 32);
  v128.store(target, v128.shuffle<f64>(ab1, cd1, 1, 3), 48);
}

/**
 * One panel of `rows` runs of `run` values from the four pixels at `place`. A run that is no multiple of 4 writes up to three values
 * too many, which the next one overwrites.
 */
export function packPanel(place: usize, rows: i32, run: i32, rowBytes: usize, target: usize): void {
  let p0 = <usize>load<i32>(place, PLACE_SOURCE);
  let p1 = <usize>load<i32>(place, PLACE_SOURCE + PLACE_BYTES);
  let p2 = <usize>load<i32>(place, PLACE_SOURCE + 2 * PLACE_BYTES);
  let p3 = <usize>load<i32>(place, PLACE_SOURCE + 3 * PLACE_BYTES);
  const runBytes = <usize>run << 2;
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < runBytes; at += 16) {
      storeTransposed(target + (at << 2), v128.load(p0 + at), v128.load(p1 + at), v128.load(p2 + at), v128.load(p3 + at));
    }
    target += runBytes << 2;
    p0 += rowBytes;
    p1 += rowBytes;
    p2 += rowBytes;
    p3 += rowBytes;
  }
}
