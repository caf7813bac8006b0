/** SVG of our own making → pixels. */

import type { RgbImage } from "@emotionnet/core";
import sharp from "sharp";
import { fromPixels, toPixels } from "../photo/raw-pixels.ts";

/** Pixels of an SVG in its own size; what it leaves clear is white. */
export async function renderSvg(svg: string): Promise<RgbImage> {
  return toPixels(sharp(Buffer.from(svg), { unlimited: true }));
}

/** The picture with an SVG of the same size drawn over it. */
export async function layOver(image: RgbImage, svg: string): Promise<RgbImage> {
  return toPixels(fromPixels(image).composite([{ input: Buffer.from(svg), unlimited: true }]));
}
