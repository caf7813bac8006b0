/** Maps ↔ numbers row by row. */

import type { Step } from "../plan/planner.ts";
import { type FeatureMap, FLOAT_BYTES, type Plain } from "../plan/values.ts";

/** Copies a map out, as [images, channels, height, width] or as [images, height, width, channels]. */
export function leaveMap(map: FeatureMap, plain: Plain, order: "channels first" | "channels last"): Step {
  const [, channels, height, width] = map.dims;
  // Distances in the plain array from one value to the next along a channel, a column, a row.
  const [channel, column, row] =
    order === "channels last" ? [1, channels, width * channels] : [height * width, 1, width];
  return ({ floats }) => {
    forEachPixel(map, (at, image, y, x) => {
      let target = image * channels * height * width + y * row + x * column;
      for (let index = 0; index < channels; index++, target += channel)
        plain.data[target] = floats[at + index]!;
    });
  };
}

/** Copies [images, channels, height, width] into a map. */
export function toMap(plain: Plain, map: FeatureMap): Step {
  const [, channels, height, width] = map.dims;
  return ({ floats }) => {
    forEachPixel(map, (at, image, y, x) => {
      let source = (image * channels * height + y) * width + x;
      for (let index = 0; index < channels; index++, source += height * width) {
        floats[at + index] = plain.data[source]!;
      }
    });
  };
}

/** Calls `use` with the index of every pixel's first float in the kernel's memory. */
export function forEachPixel(
  map: FeatureMap,
  use: (at: number, image: number, y: number, x: number) => void,
): void {
  const [images, , height, width] = map.dims;
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < height; y++) {
      let at = (map.origin + image * map.image + y * map.row) / FLOAT_BYTES;
      for (let x = 0; x < width; x++, at += map.pixel / FLOAT_BYTES) use(at, image, y, x);
    }
  }
}
