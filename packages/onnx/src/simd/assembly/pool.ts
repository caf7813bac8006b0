/** The largest value of each channel under a window. */

import * as job_ from "./job";

export function maxPool(job: usize): void {
  const width = load<i32>(job, job_.WIDTH);
  const height = load<i32>(job, job_.HEIGHT);
  const images = load<i32>(job, job_.IMAGES);
  for (let image: usize = 0; image < <usize>images; image++) {
    for (let y: usize = 0; y < <usize>height; y++) {
      let source =
        <usize>load<i32>(job, job_.INPUT) +
        image * <usize>load<i32>(job, job_.STEP_IMAGE) +
        y * <usize>load<i32>(job, job_.STEP_Y);
      let output =
        <usize>load<i32>(job, job_.OUTPUT) +
        image * <usize>load<i32>(job, job_.OUTPUT_IMAGE) +
        y * <usize>load<i32>(job, job_.OUTPUT_ROW);
      for (let x = 0; x < width; x++) {
        poolPixel(job, source, output);
        source += <usize>load<i32>(job, job_.STEP_X);
        output += <usize>load<i32>(job, job_.OUTPUT_PIXEL);
      }
    }
  }
}

function poolPixel(job: usize, source: usize, output: usize): void {
  const pixelBytes = <usize>load<i32>(job, job_.INPUT_PIXEL);
  const rowBytes = <usize>load<i32>(job, job_.INPUT_ROW);
  const kernelHeight = load<i32>(job, job_.KERNEL_HEIGHT);
  const kernelWidth = load<i32>(job, job_.KERNEL_WIDTH);
  const end = output + (<usize>load<i32>(job, job_.CHANNELS) << 2);
  if (kernelHeight == 2 && kernelWidth == 2) {
    const below = rowBytes + pixelBytes;
    for (; output < end; output += 16) {
      const upper = f32x4.max(v128.load(source), v128.load(source + pixelBytes));
      v128.store(output, f32x4.max(upper, f32x4.max(v128.load(source + rowBytes), v128.load(source + below))));
      source += 16;
    }
    return;
  }
  for (; output < end; output += 16) {
    let largest = v128.load(source);
    let row = source;
    for (let y = 0; y < kernelHeight; y++) {
      let at = row;
      for (let x = 0; x < kernelWidth; x++) {
        largest = f32x4.max(largest, v128.load(at));
        at += pixelBytes;
      }
      row += rowBytes;
    }
    v128.store(output, largest);
    source += 16;
  }
}
