/** Pixels → picture files. */

import { extname } from "node:path";
import { EmotionNetError, type RgbImage } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { fromPixels } from "./raw-pixels.ts";

/** Good enough that an annotated copy looks like its photo, at a third of the size of 100. */
const quality = 92;

const formats: Readonly<Record<string, "jpeg" | "png" | "webp">> = {
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".png": "png",
  ".webp": "webp",
};

/** Whether `writePhoto` knows the ending of this path. */
export function isWritablePhotoPath(path: string): boolean {
  return extname(path).toLowerCase() in formats;
}

/**
 * Writes a JPEG, PNG or WebP, told by the ending of the path. The file appears whole or not at all.
 * @throws EmotionNetError `file-unwritable` for another ending, a missing folder, no permission or a full disk.
 */
export async function writePhoto(path: string, image: RgbImage): Promise<void> {
  const format = formats[extname(path).toLowerCase()];
  if (!format) {
    throw new EmotionNetError("file-unwritable", {
      got: `the picture name ${JSON.stringify(path)}`,
      wanted: "a name that ends in .jpg, .png or .webp",
      mend: "Change its ending.",
    });
  }
  const bytes = await fromPixels(image)
    .toFormat(format, format === "png" ? {} : { quality })
    .toBuffer();
  await writeFileBytes(path, bytes);
}

async function writeFileBytes(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    const systemCode = (error as NodeJS.ErrnoException).code;
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the path ${JSON.stringify(path)}, which cannot be written (${systemCode ?? String(error)})`,
        wanted: "a path in a folder that exists, with permission and room to write",
        mend: "Make the folder, or name another place.",
      },
      { cause: error },
    );
  }
}
