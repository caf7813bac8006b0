/** Between our decoded pixels and sharp's pipelines. */

import type { RgbImage } from "@emotionnet/core";
import sharp, { type Sharp } from "sharp";

/** A pipeline that starts from decoded pixels. */
export function fromPixels({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** Runs a pipeline: 8-bit sRGB, transparency laid on white. */
export async function toPixels(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline
    .flatten({ background: "#fff" })
    // Composing adds an alpha channel after the flattening.
    .removeAlpha()
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width: info.width, height: info.height, data: bytes };
}
