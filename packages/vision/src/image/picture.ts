/** A picture of which only what is needed is read. */

import { EmotionNetError } from "@emotionnet/core";
import { openDrawable } from "#drawables";
import { type Crop, sampleCrop } from "./crop.ts";
import type { Drawable } from "./drawable.ts";
import { bytesOfPixel, ImagePyramid, type PixelImage } from "./pyramid.ts";

/** Pixels, or in browsers whatever they can draw. */
export type PictureSource = PixelImage | Drawable;

export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** An upright view that holds the whole picture: `size` · `size` · 3 values, 0..255, black around the picture. */
  overview(view: Crop, size: number): Promise<Float32Array>;
  /** Pixels from which all of the crops can be sampled. @param size of what is sampled, in pixels a side. */
  around(crops: readonly Crop[], size: number): Promise<ImagePyramid>;
  /** Frees what was opened for it, not the source. */
  close(): void;
}

/** @throws EmotionNetError `photo-damaged` for what is no picture, `usage` for a drawable outside of browsers. */
export async function openPicture(source: PictureSource): Promise<Picture> {
  return "data" in source ? new PixelPicture(source) : openDrawable(source);
}

/** All pixels are there already. */
class PixelPicture implements Picture {
  readonly width: number;
  readonly height: number;
  readonly #pyramid: ImagePyramid;

  constructor(image: PixelImage) {
    checkImage(image);
    this.width = image.width;
    this.height = image.height;
    this.#pyramid = new ImagePyramid(image);
  }

  async overview(view: Crop, size: number): Promise<Float32Array> {
    const pixels = new Float32Array(size * size * 3);
    sampleCrop(this.#pyramid, view, size, pixels);
    return pixels;
  }

  async around(): Promise<ImagePyramid> {
    return this.#pyramid;
  }

  close(): void {}
}

function checkImage(image: PixelImage): void {
  const { width, height, data } = image;
  const bytes = bytesOfPixel(image);
  if (width >= 1 && height >= 1 && (bytes === 3 || bytes === 4)) return;
  throw new EmotionNetError("photo-damaged", {
    got: `${data.length} bytes for a picture of ${width} × ${height}`,
    wanted: "three bytes (red, green, blue) or four for every pixel",
    mend: "Decode the picture to RGB or RGBA.",
  });
}
