/** Photo files and bytes → 8-bit RGB pixels, upright, in sRGB. */

import type { RgbImage } from "@emotionnet/core";
import sharp, { type Metadata, type Sharp } from "sharp";
import { readFileBytes } from "../file/read-file-bytes.ts";
import { damagedError, emptyError, formatError, heicError, tooLargeError } from "./photo-errors.ts";
import { toPixels } from "./raw-pixels.ts";

/** More than everyday cameras take, and 300 MB once decoded: a larger picture is a mistake or an attack. */
export const DEFAULT_MAX_PIXELS = 100_000_000;

/** Formats that are photos; others that the decoder knows (SVG, PDF) could load further files or fonts. */
const photoFormats: ReadonlySet<string> = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif"]);

export interface ReadPhotoOptions {
  /** Largest width × height; judged from the header, before anything is decoded. Default 100 million. */
  readonly maxPixels?: number;
  /** Pictures with a longer side are scaled down to it, in pixels. Default: no scaling. */
  readonly maxSide?: number;
}

/**
 * Decodes a photo: turned upright by its EXIF tag, converted to sRGB, transparency laid on white, the first page of
 * several. JPEG, PNG, WebP, AVIF, GIF and TIFF.
 * @param source a path, or the bytes of a file.
 * @throws EmotionNetError `file-not-found`, `file-is-folder`, `file-unreadable`, `photo-empty`, `photo-format`,
 * `photo-damaged` (also when the file is cut short) or `photo-too-large`.
 */
export async function readPhoto(
  source: string | Uint8Array,
  options: ReadPhotoOptions = {},
): Promise<RgbImage> {
  const name = typeof source === "string" ? JSON.stringify(source) : "these bytes";
  const bytes = typeof source === "string" ? await readFileBytes(source) : source;
  if (bytes.length === 0) throw emptyError(name);
  // The pixel limit is ours (below), so that the error is ours; a cut file must fail instead of filling up with grey.
  const decoder = sharp(bytes, { limitInputPixels: false, failOn: "error" });
  const header = await readHeader(decoder, bytes, name);
  const maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
  if (header.width * header.height > maxPixels) {
    throw tooLargeError(name, header.width, header.height, maxPixels);
  }
  return decode(decoder, name, options.maxSide);
}

async function readHeader(decoder: Sharp, bytes: Uint8Array, name: string): Promise<Metadata> {
  if (isHeic(bytes)) throw heicError(name);
  let header: Metadata;
  try {
    header = await decoder.metadata();
  } catch (error) {
    // A file cut before its directory is not recognised any more, though its first bytes still say what it was.
    if (beginsLikePhoto(bytes) || !/unsupported image format/i.test(String(error))) {
      throw damagedError(name, error);
    }
    throw formatError(name, undefined, error);
  }
  if (!photoFormats.has(header.format)) throw formatError(name, header.format);
  if (!(header.width > 0 && header.height > 0)) throw damagedError(name, new Error("no width or height"));
  return header;
}

async function decode(decoder: Sharp, name: string, maxSide: number | undefined): Promise<RgbImage> {
  let pipeline = decoder.autoOrient();
  if (maxSide !== undefined) {
    pipeline = pipeline.resize(maxSide, maxSide, { fit: "inside", withoutEnlargement: true });
  }
  try {
    return await toPixels(pipeline);
  } catch (error) {
    throw damagedError(name, error);
  }
}

/** First bytes of JPEG, PNG, GIF, WebP (RIFF) and TIFF (both byte orders). */
const signatures = ["\xff\xd8\xff", "\x89PNG", "GIF8", "RIFF", "II*\0", "MM\0*"];

function beginsLikePhoto(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  return signatures.some((signature) => head.startsWith(signature));
}

/** iPhone photos: an ISO media file whose brand names HEVC pictures and not AV1 ones. */
function isHeic(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 64));
  if (head.toString("latin1", 4, 8) !== "ftyp") return false;
  const brands = head.toString("latin1", 8, head.readUInt32BE(0));
  return /hei[csmx]|hev[cmsx]|m[is]f1/.test(brands) && !/avi[fs]/.test(brands);
}
