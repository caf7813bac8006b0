/** A picture and its halves, quarters and so on, made when first needed: what is shrunk much must be averaged, not skipped. */

import type { RgbImage } from "@emotionnet/core";

/** Bilinear sampling sees two pixels in a row: steps longer than this would skip pixels. */
const LONGEST_STEP = 2;

export class ImagePyramid {
  readonly #levels: RgbImage[];

  constructor(image: RgbImage) {
    this.#levels = [image];
  }

  get width(): number {
    return this.#levels[0]!.width;
  }

  get height(): number {
    return this.#levels[0]!.height;
  }

  /** The level to sample with a step of so many pixels of the full picture, and its scale (1, ½, ¼ …). */
  levelFor(step: number): { image: RgbImage; scale: number } {
    let level = 0;
    let scale = 1;
    while (step * scale > LONGEST_STEP && this.#canHalve(level)) {
      this.#levels[level + 1] ??= halved(this.#levels[level]!);
      level++;
      scale /= 2;
    }
    return { image: this.#levels[level]!, scale };
  }

  #canHalve(level: number): boolean {
    const { width, height } = this.#levels[level]!;
    return width > 1 && height > 1;
  }
}

/** Means of 2 × 2 pixels; an odd last row or column is dropped. */
function halved(image: RgbImage): RgbImage {
  const width = image.width >> 1;
  const height = image.height >> 1;
  const source = image.data;
  const data = new Uint8Array(width * height * 3);
  const stride = image.width * 3;
  let at = 0;
  for (let y = 0; y < height; y++) {
    let from = 2 * y * stride;
    let below = from + stride;
    for (let x = 0; x < width; x++) {
      // Channel by channel without a loop: half the time.
      data[at] = (source[from]! + source[from + 3]! + source[below]! + source[below + 3]! + 2) >> 2;
      data[at + 1] =
        (source[from + 1]! + source[from + 4]! + source[below + 1]! + source[below + 4]! + 2) >> 2;
      data[at + 2] =
        (source[from + 2]! + source[from + 5]! + source[below + 2]! + source[below + 5]! + 2) >> 2;
      at += 3;
      from += 6;
      below += 6;
    }
  }
  return { width, height, data };
}
