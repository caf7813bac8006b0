/** Opens what a browser can draw. */

import { EmotionNetError } from "@emotionnet/core";
import { type BlobLike, type Closable, type Drawable, isBlob, sizeOf } from "../image/drawable.ts";
import type { Picture } from "../image/picture.ts";
import { DrawnPicture } from "./drawn-picture.ts";
import { newFrame, type WebVideoFrame, web } from "./web-platform.ts";

/** @throws EmotionNetError `photo-damaged` when it cannot be decoded, or drawn, or is empty. */
export async function openDrawable(source: Drawable): Promise<Picture> {
  try {
    if (!isBlob(source)) return opened(source, []);
    const decoded = (await decodedFrame(source)) ?? (await web.createImageBitmap!(source));
    return opened(decoded, [decoded]);
  } catch (cause) {
    if (cause instanceof EmotionNetError) throw cause;
    throw cannotDraw(source, cause);
  }
}

/**
 * A JPEG as a frame, its colours still in the planes of the file: seven tenths of the time of a bitmap. Undefined when the browser
 * cannot, or when the file says that it must be turned, which frames do not do to their pixels.
 */
async function decodedFrame(blob: BlobLike): Promise<WebVideoFrame | undefined> {
  if (!web.ImageDecoder || blob.type !== "image/jpeg") return undefined;
  const decoder = new web.ImageDecoder({ data: await blob.arrayBuffer(), type: blob.type });
  try {
    const { image } = await decoder.decode();
    if (image.rotation === 0 && image.flip === false) return image;
    image.close();
    return undefined;
  } catch {
    return undefined;
  } finally {
    decoder.close();
  }
}

function opened(source: Exclude<Drawable, BlobLike>, owned: Closable[]): Picture {
  const { width, height } = sizeOf(source);
  if (!(width >= 1 && height >= 1)) throw new Error("it has no pixels yet, or was closed");
  return new DrawnPicture(source, { width, height }, frameOf(source, owned), owned);
}

/** The source as a frame whose pixels can be copied as they are. */
function frameOf(source: Exclude<Drawable, BlobLike>, owned: Closable[]): WebVideoFrame | undefined {
  if (web.VideoFrame && source instanceof web.VideoFrame) return source;
  const frame = newFrame(source);
  if (frame) owned.push(frame);
  return frame;
}

function cannotDraw(source: Drawable, cause: unknown): EmotionNetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const what = isBlob(source) ? `a file of ${source.size} bytes that is no picture` : "no drawable picture";
  return new EmotionNetError(
    "photo-damaged",
    {
      got: `${what} (${reason})`,
      wanted: "a picture that this browser can draw",
      mend: "Check that it is whole, loaded, not closed yet, and from this page's own origin.",
    },
    { cause },
  );
}
