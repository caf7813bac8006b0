/** One convolution with what follows it, a chunk of pixels after the other, so that what lies between two steps stays in the cache. */

import { depthwiseLine, depthwisePanels } from "./depthwise";
import { activated } from "./finish";
import * as job_ from "./job";
import { multiply } from "./multiply";
import { packPanel } from "./pack";
import { PLACE_ADDED, PLACE_BYTES, PLACE_OUTPUT, PLACE_SOURCE } from "./places";

/** Runs the convolution that the words at `job` describe. */
export function convolve(job: usize): void {
  const kind = load<i32>(job, job_.KIND);
  const width = load<i32>(job, job_.WIDTH);
  const height = load<i32>(job, job_.HEIGHT);
  const chunk = load<i32>(job, job_.CHUNK);
  const pixels = width * height * load<i32>(job, job_.IMAGES);
  const isDepthwise = kind == job_.DEPTHWISE || kind == job_.DEPTHWISE_POINTWISE;
  const line = <usize>load<i32>(job, job_.LINE);
  const panels = <usize>load<i32>(job, job_.PANELS);
  const places = <usize>load<i32>(job, job_.PLACES);
  const inputPixel = <usize>load<i32>(job, job_.INPUT_PIXEL);
  const inputRow = <usize>load<i32>(job, job_.INPUT_ROW);
  const stepX = <usize>load<i32>(job, job_.STEP_X);
  const kernelHeight = load<i32>(job, job_.KERNEL_HEIGHT);
  const kernelWidth = load<i32>(job, job_.KERNEL_WIDTH);
  const depth = load<i32>(job, job_.DEPTH);
  const run = kind == job_.GATHERED ? load<i32>(job, job_.RUN) : depth;
  const runs = kind == job_.GATHERED ? kernelHeight : 1;
  // Chunks are multiples of 4: so are their parts of rows when the rows are.
  const is3x3 = kernelHeight == 3 && kernelWidth == 3;
  const fillsPanels = kind == job_.DEPTHWISE_POINTWISE && is3x3 && stepX == inputPixel && (width & 3) == 0;
  let x = 0;
  let y = 0;
  let image = 0;
  for (let first = 0; first < pixels; first += chunk) {
    const count = min(chunk, pixels - first);
    let place = places;
    let left = count;
    while (left > 0) {
      const length = min(left, width - x);
      let source =
        <usize>load<i32>(job, job_.INPUT) +
        <usize>image * <usize>load<i32>(job, job_.STEP_IMAGE) +
        <usize>y * <usize>load<i32>(job, job_.STEP_Y) +
        <usize>x * stepX;
      let output =
        <usize>load<i32>(job, job_.OUTPUT) +
        <usize>image * <usize>load<i32>(job, job_.OUTPUT_IMAGE) +
        <usize>y * <usize>load<i32>(job, job_.OUTPUT_ROW) +
        <usize>x * <usize>load<i32>(job, job_.OUTPUT_PIXEL);
      let added =
        <usize>load<i32>(job, job_.ADDED) +
        <usize>image * <usize>load<i32>(job, job_.ADDED_IMAGE) +
        <usize>y * <usize>load<i32>(job, job_.ADDED_ROW) +
        <usize>x * <usize>load<i32>(job, job_.ADDED_PIXEL);
      let step = stepX;
      if (fillsPanels) {
        const target = panels + <usize>(count - left) * inputPixel;
        const weights = <usize>load<i32>(job, job_.DEPTHWISE_WEIGHTS);
        depthwisePanels(source, inputPixel, inputRow, weights, length, target);
      } else if (isDepthwise) {
        const target = line + <usize>(count - left) * inputPixel;
        const weights = <usize>load<i32>(job, job_.DEPTHWISE_WEIGHTS);
        depthwiseLine(source, inputPixel, inputRow, stepX, kernelHeight, kernelWidth, weights, length, target);
        source = target;
        step = inputPixel;
      }
      for (let index = 0; index < length; index++) {
        store<i32>(place, <i32>source, PLACE_SOURCE);
        store<i32>(place, <i32>added, PLACE_ADDED);
        store<i32>(place, <i32>output, PLACE_OUTPUT);
        source += step;
        added += <usize>load<i32>(job, job_.ADDED_PIXEL);
        output += <usize>load<i32>(job, job_.OUTPUT_PIXEL);
        place += PLACE_BYTES;
      }
      left -= length;
      x += length;
      if (x == width) {
        x = 0;
        y++;
        if (y == height) {
          y = 0;
          image++;
        }
      }
    }
    if (kind == job_.DEPTHWISE || kind == job_.PASSED) {
      for (let at = places; at < place; at += PLACE_BYTES) finishPixel(job, at);
      continue;
    }
    // The last panel is filled up with copies of the last pixel that are written to the waste.
    const waste = load<i32>(job, job_.WASTE);
    const panelCount = (count + 3) >> 2;
    const placesEnd = places + <usize>(panelCount << 2) * PLACE_BYTES;
    for (; place < placesEnd; place += PLACE_BYTES) {
      store<i32>(place, load<i32>(place - PLACE_BYTES, PLACE_SOURCE), PLACE_SOURCE);
      store<i32>(place, load<i32>(place - PLACE_BYTES, PLACE_ADDED), PLACE_ADDED);
      store<i32>(place, waste, PLACE_OUTPUT);
    }
    if (!fillsPanels) {
      let panel = panels;
      for (place = places; place < placesEnd; place += 4 * PLACE_BYTES) {
        packPanel(place, runs, run, inputRow, panel);
        panel += <usize>depth << 4;
      }
    }
    multiply(job, panels, panelCount, places);
  }
}

/** Bias, added map and activation of a pixel of the line. */
function finishPixel(job: usize, place: usize): void {
  const activation = load<i32>(job, job_.ACTIVATION);
  const bias = <usize>load<i32>(job, job_.BIAS);
  const slope = <usize>load<i32>(job, job_.SLOPE);
  const channelBytes = <usize>load<i32>(job, job_.CHANNELS) << 2;
  const addedBytes = load<i32>(job, job_.ADDED) ? <usize>load<i32>(job, job_.ADDED_CHANNELS) << 2 : 0;
  const source = <usize>load<i32>(place, PLACE_SOURCE);
  const added = <usize>load<i32>(place, PLACE_ADDED);
  const output = <usize>load<i32>(place, PLACE_OUTPUT);
  for (let at: usize = 0; at < channelBytes; at += 16) {
    let sum = f32x4.add(v128.load(source + at), v128.load(bias + at));
    if (at < addedBytes) sum = f32x4.add(sum, v128.load(added + at));
    v128.store(output + at, activated(sum, activation, slope + at));
  }
}
