/** Pictures [images, height, width, channels] become maps. */

import type { EnterOperation } from "../graph/operation.ts";
import type { Planner } from "../plan/planner.ts";
import { FLOAT_BYTES } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";
import { forEachPixel } from "./layout.ts";

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
  const staging = planner.room(height * width * channels * FLOAT_BYTES);
  const length = height * width * channels;
  planner.step((kernel) => {
    for (let image = 0; image < images; image++) {
      const picture = pictures.data.subarray(image * length, (image + 1) * length);
      kernel.floats.set(picture, staging / FLOAT_BYTES);
      const target = map.origin + image * map.image;
      kernel.run.enter(staging, width * channels, height, scale, shift, target, map.row);
    }
  });
}
