/** What browsers can draw, typed here by its marks because this package is compiled without DOM types. */

/** A file, such as a JPEG. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A `Blob` or `File`, an `ImageBitmap`, a `VideoFrame`, a video element, an image element, a canvas or an `OffscreenCanvas`. */
export type Drawable =
  | BlobLike
  | { readonly width: number; readonly height: number; close(): void }
  | { readonly displayWidth: number; readonly displayHeight: number; close(): void }
  | { readonly videoWidth: number; readonly videoHeight: number }
  | { readonly naturalWidth: number; readonly naturalHeight: number }
  | { readonly width: number; readonly height: number; getContext(kind: "2d"): unknown };

/** A decoded picture that its owner may close: an `ImageBitmap` or a `VideoFrame`. */
export interface Closable {
  close(): void;
}

export function isBlob(source: object): source is BlobLike {
  return "size" in source && "arrayBuffer" in source;
}

/** Pixels of what is drawn; an image or video that has none yet is 0 × 0. */
export function sizeOf(source: Exclude<Drawable, BlobLike>): { width: number; height: number } {
  if ("displayWidth" in source) return { width: source.displayWidth, height: source.displayHeight };
  if ("videoWidth" in source) return { width: source.videoWidth, height: source.videoHeight };
  if ("naturalWidth" in source) return { width: source.naturalWidth, height: source.naturalHeight };
  return { width: source.width, height: source.height };
}
