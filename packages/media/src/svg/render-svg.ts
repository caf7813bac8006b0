/** SVG of our own making → pixels. */

import type { RgbImage } from "@emotionnet/core";
import sharp, { type Sharp } from "sharp";

/** Pixels of an SVG in its own size; what it leaves clear is white. */
export async function renderSvg(svg: string): Promise<RgbImage> {
  return toRgb(sharp(Buffer.from(svg), { unlimited: true }));
}

/** The picture with an SVG of the same size drawn over it. */
export async function layOver(image: RgbImage, svg: string): Promise<RgbImage> {
  return toRgb(rawSharp(image).composite([{ input: Buffer.from(svg), unlimited: true }]));
}

/** A sharp pipeline that starts from decoded pixels. */
export function rawSharp(image: RgbImage): Sharp {
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

async function toRgb(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline
    .flatten({ background: "#fff" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}
