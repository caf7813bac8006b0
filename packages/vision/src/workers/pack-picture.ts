/** Makes pictures ready for the way to a worker: handed over where that can be, not copied. */

import { newFrame, web } from "../drawn/web-platform.ts";
import { type BlobLike, type Drawable, isBlob } from "../image/drawable.ts";
import type { PictureSource } from "../image/picture.ts";
import type { PixelImage } from "../image/pyramid.ts";
import type { SentPicture } from "./messages.ts";
import { cannotSend, reasonOf } from "./pool-errors.ts";

/** What a pool reads: a picture, or the address of one (text is taken relative to the page). */
export type PoolSource = PictureSource | URL | string;

export interface PackedPicture {
  readonly picture: SentPicture;
  /** What the sender loses by sending. */
  readonly transfer: readonly object[];
}

/** Where a page or worker is. */
interface PageAddress {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

const page = globalThis as PageAddress;

/** @throws EmotionNetError `photo-damaged` for an element or canvas that shows nothing or comes from another origin. */
export async function packPicture(source: PoolSource): Promise<PackedPicture> {
  try {
    if (typeof source === "string" || source instanceof URL) {
      return { picture: absolute(source), transfer: [] };
    }
    if (isBlob(source)) return { picture: source, transfer: [] };
    if ("data" in source) return packPixels(source);
    const picture = "close" in source ? source : await snapshotOf(source);
    return { picture, transfer: [picture] };
  } catch (cause) {
    throw cannotSend(reasonOf(cause));
  }
}

function absolute(address: string | URL): string {
  const base = page.document?.baseURI ?? page.location?.href;
  return new URL(address, base).href;
}

function packPixels({ width, height, data }: PixelImage): PackedPicture {
  // Else only the worker would notice, without knowing which call it was.
  if (data.byteLength === 0) throw new Error("its memory is gone");
  // A part of a larger memory is copied: the rest of it is not ours to take away.
  const isAll = data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer;
  const pixels = isAll ? data : data.slice();
  return { picture: { width, height, data: pixels }, transfer: [pixels.buffer] };
}

/** What an element or canvas shows now. */
async function snapshotOf(source: Exclude<Drawable, BlobLike>): Promise<Drawable & object> {
  return newFrame(source) ?? web.createImageBitmap!(source);
}
