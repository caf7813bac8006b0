/** A whole picture, shrunk to what the detector sees. */

import { type Crop, sampleCrop } from "./crop.ts";
import { ImagePyramid, type PixelImage } from "./pyramid.ts";

/** Every pixel of the view is the mean of samples no further apart than so many pixels of the picture. */
const SAMPLE_DISTANCE = 2;
/** Samples a side, for pictures of any size: the sums of so many fit into 16 bits. */
const MOST_SAMPLES = 16;

/**
 * An upright view of the picture, black around it: `size` · `size` · 3 values, 0..255. Where it is shrunk by more than two,
 * each value is a mean over a grid of samples, in about half of the time of an image pyramid.
 * @param image of four bytes a pixel, its memory aligned to four bytes.
 */
export function overviewOf(image: PixelImage, view: Crop, size: number): Float32Array {
  const values = new Float32Array(size * size * 3);
  const step = view.side / size;
  if (step <= SAMPLE_DISTANCE) sampleCrop(new ImagePyramid(image), view, size, values);
  else averageInto(values, image, view, size, Math.min(Math.ceil(step / SAMPLE_DISTANCE), MOST_SAMPLES));
  return values;
}

/** @param side samples a side for each value. */
function averageInto(values: Float32Array, image: PixelImage, view: Crop, size: number, side: number): void {
  const { data, width, height } = image;
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const count = size * side;
  const distance = view.side / count;
  const columns = samplesOf(view.centreX - view.side / 2, distance, count, width, 1);
  const rows = samplesOf(view.centreY - view.side / 2, distance, count, height, width);
  const share = 1 / (side * side);
  let at = 0;
  for (let row = 0; row < count; row += side) {
    for (let column = 0; column < count; column += side) {
      // Red and blue are summed at once, in the lower and the upper half of a number: bytes are little-endian wherever this runs.
      let redAndBlue = 0;
      let green = 0;
      for (let y = row; y < row + side; y++) {
        const line = rows[y]!;
        if (line < 0) continue;
        for (let x = column; x < column + side; x++) {
          const place = columns[x]!;
          if (place < 0) continue;
          const pixel = pixels[line + place]! | 0;
          redAndBlue = (redAndBlue + (pixel & 0xff00ff)) | 0;
          green += (pixel >> 8) & 0xff;
        }
      }
      values[at] = (redAndBlue & 0xffff) * share;
      values[at + 1] = green * share;
      values[at + 2] = (redAndBlue >>> 16) * share;
      at += 3;
    }
  }
}

/** Where the samples along one axis are among the pixels, -1 outside of the picture. */
function samplesOf(
  first: number,
  distance: number,
  count: number,
  length: number,
  stride: number,
): Int32Array {
  const places = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const pixel = Math.floor(first + (index + 0.5) * distance);
    places[index] = pixel >= 0 && pixel < length ? pixel * stride : -1;
  }
  return places;
}
