/** Photos as a camera further away would take them. */

import type { RgbImage } from "@emotionnet/core";
import sharp from "sharp";
import { Random } from "#packages/train/dist/generator/random.js";

/** How a picture reaches the program: as shrunk, or with a camera's noise and a JPEG's losses. */
export const QUALITIES = ["clean", "camera"] as const;
export type Quality = (typeof QUALITIES)[number];

/** Standard deviation of a small camera's noise, in grey levels of 256, indoors. */
const GREY_NOISE = 6;
const JPEG_QUALITY = 75;
const BORDER = "#888";

export interface SmallPhoto {
  readonly image: RgbImage;
  /** Pixels of the photo → pixels of the small one: multiply, then add `left` or `top`. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** Shrinks (or enlarges) a photo and puts it off-centre by a border, in parts of its width. */
export async function smallPhoto(
  photo: RgbImage,
  factor: number,
  border: readonly [left: number, top: number],
  quality: Quality,
  seed: number,
): Promise<SmallPhoto> {
  const width = Math.round(photo.width * factor);
  const [left, top] = [Math.round(border[0] * width), Math.round(border[1] * width)];
  const resized = await sharp(photo.data, {
    raw: { width: photo.width, height: photo.height, channels: 3 },
  })
    .resize(width)
    .png({ compressionLevel: 0 })
    .toBuffer();
  const { data, info } = await sharp(resized)
    .extend({ left, top, background: BORDER })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const shrunk = { data, width: info.width, height: info.height };
  return {
    image: quality === "camera" ? await throughCamera(shrunk, seed) : shrunk,
    scale: width / photo.width,
    left,
    top,
  };
}

async function throughCamera({ data, width, height }: RgbImage, seed: number): Promise<RgbImage> {
  const random = new Random(seed);
  const noisy = Uint8Array.from(data, (value) =>
    Math.max(0, Math.min(255, Math.round(value + random.normal(GREY_NOISE)))),
  );
  const jpeg = await sharp(noisy, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return { data: await sharp(jpeg).removeAlpha().raw().toBuffer(), width, height };
}
