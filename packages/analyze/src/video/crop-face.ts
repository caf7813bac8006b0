/** A face cut out of a frame. */

import type { Box, RgbImage } from "@emotionnet/core";

/** Of the box's size, added on every side. */
const margin = 0.25;

/** Pixels of the longer side; larger faces are made smaller by whole numbers. */
const longestSide = 320;

/** The face with a margin, in pixels of its own: the frame's may be overwritten. @param box pixels of `image`. */
export function cropFace(image: RgbImage, { x, y, width, height }: Box): RgbImage {
  const left = clamp(Math.floor(x - margin * width), image.width - 1);
  const top = clamp(Math.floor(y - margin * height), image.height - 1);
  const right = clamp(Math.ceil(x + (1 + margin) * width), image.width);
  const bottom = clamp(Math.ceil(y + (1 + margin) * height), image.height);
  const step = Math.max(1, Math.ceil(Math.max(right - left, bottom - top) / longestSide));
  const columns = Math.max(1, Math.floor((right - left) / step));
  const rows = Math.max(1, Math.floor((bottom - top) / step));
  const data = new Uint8Array(3 * columns * rows);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = 3 * ((top + row * step) * image.width + left + column * step);
      for (let channel = 0; channel < 3; channel++) data[to++] = mean(image, from + channel, step);
    }
  }
  return { width: columns, height: rows, data };
}

/** Of one channel over a square of `side` pixels, as far as the picture goes. */
function mean({ data, width }: RgbImage, from: number, side: number): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const value = data[from + 3 * (row * width + column)];
      if (value === undefined) continue;
      sum += value;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
