/** A picture and its halves, quarters and so on, made when first needed: what is shrunk much must be averaged, not skipped. */

/**
 * Pixels row by row: red, green, blue, and perhaps a fourth byte that is not looked at. An `RgbImage` is one, and so is the
 * `ImageData` of a canvas, which then need not be copied.
 */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Bytes of a pixel: 3 or 4 in a picture that is whole. */
export function bytesOfPixel({ width, height, data }: PixelImage): number {
  return data.length / (width * height);
}

/** Bilinear sampling sees two pixels in a row: steps longer than this would skip pixels. */
const LONGEST_STEP = 2;

export class ImagePyramid {
  /** Where the image lies in the picture that crops are told of. */
  readonly x: number;
  readonly y: number;
  readonly #levels: PixelImage[];
  readonly #allocate: (bytes: number) => Uint8Array;

  /**
   * @param corner top left of the image in the picture, when it is a part of one.
   * @param allocate memory for the levels, with any content.
   */
  constructor(
    image: PixelImage,
    corner: { readonly x: number; readonly y: number } = { x: 0, y: 0 },
    allocate = (bytes: number) => new Uint8Array(bytes),
  ) {
    this.x = corner.x;
    this.y = corner.y;
    this.#levels = [image];
    this.#allocate = allocate;
  }

  /** The level to sample with a step of so many pixels of the full picture, and its scale (1, ½, ¼ …). */
  levelFor(step: number): { image: PixelImage; scale: number } {
    let level = 0;
    let scale = 1;
    while (step * scale > LONGEST_STEP && this.#canHalve(level)) {
      this.#levels[level + 1] ??= halved(this.#levels[level]!, this.#allocate);
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
function halved(image: PixelImage, allocate: (bytes: number) => Uint8Array): PixelImage {
  const { data } = image;
  const isWords = bytesOfPixel(image) === 4 && data.byteOffset % 4 === 0;
  const width = image.width >> 1;
  const height = image.height >> 1;
  const half = { width, height, data: allocate(width * height * (isWords ? 4 : 3)) };
  if (isWords) halveWords(image, half);
  else halveBytes(image, half);
  return half;
}

const wordsOf = ({ data, width, height }: PixelImage) =>
  new Uint32Array(data.buffer, data.byteOffset, width * height);

/** Four bytes a pixel, two of them at a time: their sums fit into the halves of a number. */
function halveWords(image: PixelImage, half: PixelImage): void {
  const source = wordsOf(image);
  const target = wordsOf(half);
  const stride = image.width | 0;
  const bytes = 0xff00ff;
  const rounding = 0x20002;
  let at = 0;
  for (let y = 0; y < half.height; y++) {
    let from = 2 * y * stride;
    for (let x = 0; x < half.width; x++) {
      const a = source[from]! | 0;
      const b = source[from + 1]! | 0;
      const c = source[from + stride]! | 0;
      const d = source[from + stride + 1]! | 0;
      const even = (a & bytes) + (b & bytes) + (c & bytes) + (d & bytes) + rounding;
      const odd =
        ((a >>> 8) & bytes) + ((b >>> 8) & bytes) + ((c >>> 8) & bytes) + ((d >>> 8) & bytes) + rounding;
      target[at] = ((even >>> 2) & bytes) | (((odd >>> 2) & bytes) << 8);
      at++;
      from += 2;
    }
  }
}

/** Three bytes of a pixel, which may have four; channel by channel without a loop: half the time. */
function halveBytes(image: PixelImage, { width, height, data }: PixelImage): void {
  const source = image.data;
  const step = bytesOfPixel(image);
  const stride = image.width * step;
  let at = 0;
  for (let y = 0; y < height; y++) {
    let a = 2 * y * stride;
    for (let x = 0; x < width; x++) {
      const b = a + step;
      const c = a + stride;
      const d = c + step;
      data[at] = (source[a]! + source[b]! + source[c]! + source[d]! + 2) >> 2;
      data[at + 1] = (source[a + 1]! + source[b + 1]! + source[c + 1]! + source[d + 1]! + 2) >> 2;
      data[at + 2] = (source[a + 2]! + source[b + 2]! + source[c + 2]! + source[d + 2]! + 2) >> 2;
      at += 3;
      a += 2 * step;
    }
  }
}
