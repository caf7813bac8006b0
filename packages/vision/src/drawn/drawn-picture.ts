/** A picture that a browser can draw, read part by part. */

import type { Crop } from "../image/crop.ts";
import type { Closable } from "../image/drawable.ts";
import { overviewOf } from "../image/overview.ts";
import type { Picture } from "../image/picture.ts";
import { ImagePyramid, type PixelImage } from "../image/pyramid.ts";
import { copiesAsAsked } from "./frame-habits.ts";
import { pixelsByCanvas } from "./pixel-canvas.ts";
import { holds, regionOf } from "./region.ts";
import { returnPixels, takePixels } from "./spare-pixels.ts";
import type { Rectangle, WebVideoFrame } from "./web-platform.ts";

interface Part {
  readonly region: Rectangle;
  readonly image: PixelImage;
  readonly pyramid: ImagePyramid;
}

export class DrawnPicture implements Picture {
  readonly width: number;
  readonly height: number;
  readonly #source: object;
  readonly #owned: readonly Closable[];
  /** Undefined where pixels must be read from a canvas. */
  #frame: WebVideoFrame | undefined;
  #last: Part | undefined;
  readonly #borrowed: Uint8Array<ArrayBuffer>[] = [];

  /** @param owned is closed with this picture. */
  constructor(
    source: object,
    { width, height }: { readonly width: number; readonly height: number },
    frame: WebVideoFrame | undefined,
    owned: readonly Closable[],
  ) {
    this.#source = source;
    this.width = width;
    this.height = height;
    this.#frame = frame && isAsDrawn(frame) ? frame : undefined;
    this.#owned = owned;
  }

  async overview(view: Crop, size: number): Promise<Float32Array> {
    const { width, height } = this;
    const { image } = await this.#part({ x: 0, y: 0, width, height });
    return overviewOf(image, view, size);
  }

  async around(crops: readonly Crop[], size: number): Promise<ImagePyramid> {
    return (await this.#part(regionOf(crops, size, this))).pyramid;
  }

  close(): void {
    for (const one of this.#owned) one.close();
    for (const pixels of this.#borrowed) returnPixels(pixels);
    this.#borrowed.length = 0;
    this.#last = undefined;
  }

  readonly #borrow = (bytes: number) => {
    const pixels = takePixels(bytes);
    this.#borrowed.push(pixels);
    return pixels;
  };

  /** The part that was read last, when it holds this one. */
  async #part(region: Rectangle): Promise<Part> {
    if (!holds(this.#last?.region, region)) {
      const image = await this.#read(region);
      this.#last = { region, image, pyramid: new ImagePyramid(image, region, this.#borrow) };
    }
    return this.#last!;
  }

  async #read(region: Rectangle): Promise<PixelImage> {
    const { x, y, width, height } = region;
    if (this.#frame && (await copiesAsAsked())) {
      const data = this.#borrow(width * height * 4);
      const corner = this.#frame.visibleRect!;
      try {
        const rect = { x: corner.x + x, y: corner.y + y, width, height };
        await this.#frame.copyTo(data, { format: "RGBA", rect });
        return { width, height, data };
      } catch {
        // Some browsers copy some formats as they are only: those go over a canvas from here on.
        this.#frame = undefined;
      }
    }
    return pixelsByCanvas(this.#source, this, region);
  }
}

/** Whether the pixels of the frame are those that drawing shows, neither turned nor stretched. */
function isAsDrawn({ displayWidth, displayHeight, visibleRect, rotation, flip }: WebVideoFrame): boolean {
  const isUpright = (rotation ?? 0) === 0 && !flip;
  return isUpright && visibleRect?.width === displayWidth && visibleRect.height === displayHeight;
}
