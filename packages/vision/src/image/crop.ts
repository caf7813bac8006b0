/** A square cut out of a picture at any size and angle. */

import { bytesOfPixel, type ImagePyramid, type PixelImage } from "./pyramid.ts";

/** Pixels of the picture, whose top left corner (not the middle of its first pixel) is the origin. */
export interface Crop {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  /** Radians by which the square is turned clockwise in the picture. */
  readonly angle: number;
}

/** Which way the crop is read: `mirrored` swaps left and right of what is sampled. */
export type Reading = "plain" | "mirrored";

/**
 * Samples `size` × `size` pixels of the crop, bilinear, black outside the picture.
 * @param target receives size · size · 3 values, 0..255, from `offset` on.
 */
export function sampleCrop(
  pyramid: ImagePyramid,
  crop: Crop,
  size: number,
  target: Float32Array,
  offset = 0,
  reading: Reading = "plain",
): void {
  const { image, scale } = pyramid.levelFor(crop.side / size);
  const step = (crop.side / size) * scale;
  const across = reading === "mirrored" ? -step : step;
  const cosine = Math.cos(crop.angle);
  const sine = Math.sin(crop.angle);
  const middle = (size - 1) / 2;
  const { width, height, data } = image;
  const bytes = bytesOfPixel(image);
  const stride = width * bytes;
  let at = offset;
  for (let row = 0; row < size; row++) {
    const down = (row - middle) * step;
    // Half a pixel less: sample k of the picture stands at k + ½.
    let x = crop.centreX * scale - 0.5 - middle * across * cosine - down * sine;
    let y = crop.centreY * scale - 0.5 - middle * across * sine + down * cosine;
    for (let column = 0; column < size; column++) {
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
        // Written out: nearly all of the time of a crop is spent here.
        const right = x - left;
        const bottom = y - top;
        const d = right * bottom;
        const b = right - d;
        const c = bottom - d;
        const a = 1 - right - c;
        const p = top * stride + left * bytes;
        const q = p + bytes;
        const r = p + stride;
        const s = r + bytes;
        target[at] = a * data[p]! + b * data[q]! + c * data[r]! + d * data[s]!;
        target[at + 1] = a * data[p + 1]! + b * data[q + 1]! + c * data[r + 1]! + d * data[s + 1]!;
        target[at + 2] = a * data[p + 2]! + b * data[q + 2]! + c * data[r + 2]! + d * data[s + 2]!;
      } else {
        sampleAtEdge(image, x, y, target, at);
      }
      x += across * cosine;
      y += across * sine;
      at += 3;
    }
  }
}

/** A sample some of whose four neighbours may be outside of the picture. */
function sampleAtEdge(image: PixelImage, x: number, y: number, target: Float32Array, at: number): void {
  const { width, height, data } = image;
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) {
    target[at] = 0;
    target[at + 1] = 0;
    target[at + 2] = 0;
    return;
  }
  const rightShare = x - left;
  const bottomShare = y - top;
  const leftWeight = left < 0 ? 0 : 1 - rightShare;
  const rightWeight = left + 1 >= width ? 0 : rightShare;
  const topWeight = top < 0 ? 0 : 1 - bottomShare;
  const bottomWeight = top + 1 >= height ? 0 : bottomShare;
  const a = leftWeight * topWeight;
  const b = rightWeight * topWeight;
  const c = leftWeight * bottomWeight;
  const d = rightWeight * bottomWeight;
  // A neighbour outside the picture has weight 0; its index is moved inside so that no undefined is read.
  const bytes = bytesOfPixel(image);
  const first = (Math.max(top, 0) * width + Math.max(left, 0)) * bytes;
  const next = left < 0 || left + 1 >= width ? 0 : bytes;
  const below = top < 0 || top + 1 >= height ? 0 : width * bytes;
  for (let channel = 0; channel < 3; channel++) {
    const at00 = first + channel;
    target[at + channel] =
      a * data[at00]! + b * data[at00 + next]! + c * data[at00 + below]! + d * data[at00 + next + below]!;
  }
}

/** A point given as fractions 0..1 of the crop → pixels of the picture. */
export function fromCrop(crop: Crop, across: number, down: number): [x: number, y: number] {
  const localX = (across - 0.5) * crop.side;
  const localY = (down - 0.5) * crop.side;
  const cosine = Math.cos(crop.angle);
  const sine = Math.sin(crop.angle);
  return [crop.centreX + localX * cosine - localY * sine, crop.centreY + localX * sine + localY * cosine];
}
