/** Pictures [images, height, width, channels] become maps. */

import type { EnterOperation } from "../graph/operation.ts";
import type { Planner } from "../plan/planner.ts";
import { FLOAT_BYTES } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";
import { forEachPixel } from "./layout.ts";

/** Rows are copied in parts that stay in the first cache. */
const STAGED_FLOATS = 4096;

export function planEntry(planner: Planner, { input, scale, shift, output }: EnterOperation): void {
  const pictures = planner.plain(input);
  const [images = 0, height = 0, width = 0, channels = 0] = pictures.dims;
  if (pictures.dims.length !== 4) throw unsupported(`pictures of ${pictures.dims.length} dimensions`);
  const map = planner.defineMap(output, [images, channels, height, width]);
  if (map.pixel !== channels * FLOAT_BYTES) {
    planner.step(({ floats }) => {
      let source = 0;
      forEachPixel(map, (at) => {
        for (let index = 0; index < channels; index++) {
          floats[at + index] = Math.fround(pictures.data[source++]! * scale) + shift;
        }
      });
    });
    return;
  }
  const rowValues = width * channels;
  const rowsAtOnce = Math.max(1, Math.floor(STAGED_FLOATS / rowValues));
  const staging = planner.room(rowsAtOnce * rowValues * FLOAT_BYTES);
  planner.step((kernel) => {
    for (let image = 0; image < images; image++) {
      for (let row = 0; row < height; row += rowsAtOnce) {
        const rows = Math.min(rowsAtOnce, height - row);
        const first = (image * height + row) * rowValues;
        kernel.floats.set(pictures.data.subarray(first, first + rows * rowValues), staging / FLOAT_BYTES);
        const target = map.origin + image * map.image + row * map.row;
        kernel.run.enter(staging, rowValues, rows, scale, shift, target, map.row);
      }
    }
  });
}
