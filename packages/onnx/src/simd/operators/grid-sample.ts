/** Samples of a map between its pixels. */

import type { GraphNode } from "../../graph/types.ts";
import { intOf, textOf } from "../graph/attributes.ts";
import type { Planner } from "../plan/planner.ts";
import type { FeatureMap } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";
import { forEachPixel } from "./layout.ts";

/** Of assembly/rows.ts: four sources, a target and four weights. */
const ENTRY_BYTES = 36;
const WORD_BYTES = 4;

/** GridSample, bilinear, with zeros outside: the grid [images, height, width, 2] holds x and y from -1 to 1. */
export function planGridSample(planner: Planner, node: GraphNode): void {
  const mode = textOf(node, "mode", "bilinear");
  const outside = textOf(node, "padding_mode", "zeros");
  if (mode !== "bilinear" || outside !== "zeros") throw unsupported(`GridSample by ${mode} with ${outside}`);
  const isCornerToCorner = intOf(node, "align_corners", 0) === 1;
  const input = planner.map(node.inputs[0]!);
  const grid = planner.plain(node.inputs[1]!);
  const [images, channels] = input.dims;
  const [gridImages, height = 0, width = 0, two] = grid.dims;
  if (gridImages !== images || two !== 2) throw unsupported(`a grid of [${grid.dims}] for [${input.dims}]`);
  const output = planner.defineMap(node.outputs[0]!, [images, channels, height, width]);
  const count = images * height * width;
  const entries = planner.room(count * ENTRY_BYTES);
  const place = (value: number, size: number) =>
    isCornerToCorner ? ((value + 1) / 2) * (size - 1) : ((value + 1) * size - 1) / 2;
  planner.step((kernel) => {
    const { words, floats } = kernel;
    let at = entries / WORD_BYTES;
    let index = 0;
    forEachPixel(output, (target, image) => {
      const x = place(grid.data[index++]!, input.dims[3]);
      const y = place(grid.data[index++]!, input.dims[2]);
      writeCorners(words, floats, at, input, image, x, y);
      words[at + 4] = target * WORD_BYTES;
      at += ENTRY_BYTES / WORD_BYTES;
    });
    kernel.run.blend(entries, count, output.pixel / WORD_BYTES);
  });
}

/** The four pixels around a place and their weights; what lies outside weighs nothing. */
function writeCorners(
  words: Int32Array,
  floats: Float32Array,
  entry: number,
  map: FeatureMap,
  image: number,
  x: number,
  y: number,
): void {
  const [, , height, width] = map.dims;
  const left = Math.floor(x);
  const top = Math.floor(y);
  for (let corner = 0; corner < 4; corner++) {
    const column = left + (corner & 1);
    const row = top + (corner >> 1);
    const weightX = corner & 1 ? x - left : 1 - (x - left);
    const weightY = corner >> 1 ? y - top : 1 - (y - top);
    // False for a place that is no number, too.
    const isInside = column >= 0 && column < width && row >= 0 && row < height;
    const pixel = isInside ? row * map.row + column * map.pixel : 0;
    words[entry + corner] = map.origin + image * map.image + pixel;
    floats[entry + 5 + corner] = isInside ? weightX * weightY : 0;
  }
}
