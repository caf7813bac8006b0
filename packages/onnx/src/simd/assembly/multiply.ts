/**
 * Panels · weights. A panel holds four pixels, value by value (4 floats a row, `depth` rows); weights are cut into tiles of 8 output
 * channels, value by value too (8 floats a row). So both are read straight on and the 4 × 8 sums stay in registers. V8 moves all loads
 * of a loop's body to its front: six loads and eight sums are what 16 registers hold.
 */

import { activated } from "./finish";
import { ACTIVATION, ADDED, ADDED_CHANNELS, BIAS, CHANNELS, DEPTH, SLOPE, WEIGHTS } from "./job";
import { madd } from "./madd";
import { PLACE_ADDED, PLACE_BYTES, PLACE_OUTPUT } from "./places";

export function multiply(job: usize, panels: usize, panelCount: i32, places: usize): void {
  const panelBytes = <usize>load<i32>(job, DEPTH) << 4;
  const channelBytes = <usize>load<i32>(job, CHANNELS) << 2;
  const addedBytes = load<i32>(job, ADDED) ? <usize>load<i32>(job, ADDED_CHANNELS) << 2 : 0;
  const activation = load<i32>(job, ACTIVATION);
  const bias = <usize>load<i32>(job, BIAS);
  const slope = <usize>load<i32>(job, SLOPE);
  const panelsEnd = panels + <usize>panelCount * panelBytes;
  let weights = <usize>load<i32>(job, WEIGHTS);
  for (let channel: usize = 0; channel < channelBytes; channel += 32) {
    let place = places;
    for (let panel = panels; panel < panelsEnd; panel += panelBytes) {
      let s00 = v128.load(bias + channel);
      let s01 = v128.load(bias + channel, 16);
      let s10 = s00;
      let s11 = s01;
      let s20 = s00;
      let s21 = s01;
      let s30 = s00;
      let s31 = s01;
      const end = panel + panelBytes;
      let row = weights;
      let at = panel;
      do {
        const w0 = v128.load(row);
        const w1 = v128.load(row, 16);
        const x0 = v128.load32_splat(at);
        s00 = madd(x0, w0, s00);
        s01 = madd(x0, w1, s01);
        const x1 = v128.load32_splat(at, 4);
        s10 = madd(x1, w0, s10);
        s11 = madd(x1, w1, s11);
        const x2 = v128.load32_splat(at, 8);
        s20 = madd(x2, w0, s20);
        s21 = madd(x2, w1, s21);
        const x3 = v128.load32_splat(at, 12);
        s30 = madd(x3, w0, s30);
        s31 = madd(x3, w1, s31);
        at += 16;
        row += 32;
      } while (at != end);
      const o0 = channel + <usize>load<i32>(place, PLACE_OUTPUT);
      const o1 = channel + <usize>load<i32>(place, PLACE_OUTPUT + PLACE_BYTES);
      const o2 = channel + <usize>load<i32>(place, PLACE_OUTPUT + 2 * PLACE_BYTES);
      const o3 = channel + <usize>load<i32>(place, PLACE_OUTPUT + 3 * PLACE_BYTES);
      if (channel < addedBytes) {
        const r0 = channel + <usize>load<i32>(place, PLACE_ADDED);
        const r1 = channel + <usize>load<i32>(place, PLACE_ADDED + PLACE_BYTES);
        const r2 = channel + <usize>load<i32>(place, PLACE_ADDED + 2 * PLACE_BYTES);
        const r3 = channel + <usize>load<i32>(place, PLACE_ADDED + 3 * PLACE_BYTES);
        s00 = f32x4.add(s00, v128.load(r0));
        s10 = f32x4.add(s10, v128.load(r1));
        s20 = f32x4.add(s20, v128.load(r2));
        s30 = f32x4.add(s30, v128.load(r3));
        if (channel + 16 < addedBytes) {
          s01 = f32x4.add(s01, v128.load(r0, 16));
          s11 = f32x4.add(s11, v128.load(r1, 16));
          s21 = f32x4.add(s21, v128.load(r2, 16));
          s31 = f32x4.add(s31, v128.load(r3, 16));
        }
      }
      const slopes = slope + channel;
      v128.store(o0, activated(s00, activation, slopes));
      v128.store(o1, activated(s10, activation, slopes));
      v128.store(o2, activated(s20, activation, slopes));
      v128.store(o3, activated(s30, activation, slopes));
      if (channel + 16 < channelBytes) {
        v128.store(o0, activated(s01, activation, slopes + 16), 16);
        v128.store(o1, activated(s11, activation, slopes + 16), 16);
        v128.store(o2, activated(s21, activation, slopes + 16), 16);
        v128.store(o3, activated(s31, activation, slopes + 16), 16);
      }
      place += 4 * PLACE_BYTES;
    }
    weights += panelBytes << 1;
  }
}
