/** A whole picture, shrunk to what the detector sees. */

import { type Crop, sampleCrop } from "./crop.ts";
import { bytesOfPixel, ImagePyramid, type PixelImage } from "./pyramid.ts";

/** Every pixel of the view is the mean of samples no further apart than so many pixels of the picture. */
const SAMPLE_DISTANCE = 2;
/** Samples a side, for pictures of any size. */
const MOST_SAMPLES = 16;

/**
 * An upright view of the picture, black around it: `size` · `size` · 3 values, 0..255. Where it is shrunk by more than two,
 * each value is a mean over a grid of samples, in less than half of the time of an image pyramid.
 */
export function overviewOf(image: PixelImage, view: Crop, size: number): Float32Array {
  const values = new Float32Array(size * size * 3);
  const step = view.side / size;
  if (step <= SAMPLE_DISTANCE) sampleCrop(new ImagePyramid(image), view, size, values);
  else averageInto(values, image, view, size, Math.min(Math.ceil(step / SAMPLE_DISTANCE), MOST_SAMPLES));
  return values;
}

function averageInto(values: Float32Array, image: PixelImage, view: Crop, size: number, side: number): void {
  const { data, width, height } = image;
  const bytes = bytesOfPixel(image);
  const columns = samplesOf(
    view.centreX - view.side / 2,
    view.side / (size * side),
    size * side,
    width,
    bytes,
  );
  const rows = samplesOf(
    view.centreY - view.side / 2,
    view.side / (size * side),
    size * side,
    height,
    width * bytes,
  );
  const share = 1 / (side * side);
  let at = 0;
  for (let row = 0; row < size * side; row += side) {
    for (let column = 0; column < size * side; column += side) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = row; y < row + side; y++) {
        const line = rows[y]!;
        if (line < 0) continue;
        for (let x = column; x < column + side; x++) {
          const place = columns[x]!;
          if (place < 0) continue;
          const pixel = line + place;
          red += data[pixel]!;
          green += data[pixel + 1]!;
          blue += data[pixel + 2]!;
        }
      }
      values[at] = red * share;
      values[at + 1] = green * share;
      values[at + 2] = blue * share;
      at += 3;
    }
  }
}

/** Where the samples along one axis are in the data, -1 outside of the picture. */
function samplesOf(
  first: number,
  distance: number,
  count: number,
  length: number,
  stride: number,
): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => {
    const pixel = Math.floor(first + (index + 0.5) * distance);
    return pixel >= 0 && pixel < length ? pixel * stride : -1;
  });
}
