/** What can be wrong with a photo, each in its own sentence. `name` is the quoted path or "these bytes". */

import { EmotionNetError } from "@emotionnet/core";

const knownFormats = "JPEG, PNG, WebP, AVIF, GIF or TIFF";

export function emptyError(name: string): EmotionNetError {
  return new EmotionNetError("photo-empty", {
    got: `${name} with no bytes in it`,
    wanted: `a picture (${knownFormats})`,
    mend: "Copy or download the file again.",
  });
}

export function formatError(name: string, format?: string, cause?: unknown): EmotionNetError {
  const what = format ? `${name}, which is ${format.toUpperCase()}` : `${name}, which is not a picture`;
  return new EmotionNetError(
    "photo-format",
    {
      got: what,
      wanted: `a picture (${knownFormats})`,
      mend: "Convert it to JPEG or PNG, or name another file.",
    },
    { cause },
  );
}

export function heicError(name: string): EmotionNetError {
  return new EmotionNetError("photo-format", {
    got: `${name}, a HEIC photo (the format of iPhones), which cannot be read for want of a free decoder`,
    wanted: `a picture (${knownFormats})`,
    mend: 'Export it as JPEG, or set the camera to "Most Compatible".',
  });
}

/** What the decoder said is the cause only: with several photos at work, its words can be those of another photo. */
export function damagedError(name: string, cause: unknown): EmotionNetError {
  return new EmotionNetError(
    "photo-damaged",
    {
      got: `${name}, a picture that is cut short or damaged`,
      wanted: "a whole picture",
      mend: "Copy or download the file again.",
    },
    { cause },
  );
}

export function tooLargeError(
  name: string,
  width: number,
  height: number,
  maxPixels: number,
): EmotionNetError {
  const megapixels = (pixels: number) => `${Number((pixels / 1e6).toFixed(1))} megapixels`;
  return new EmotionNetError("photo-too-large", {
    got: `${name} of ${width}×${height} pixels (${megapixels(width * height)})`,
    wanted: `at most ${megapixels(maxPixels)}`,
    mend: "Scale the picture down first.",
  });
}
