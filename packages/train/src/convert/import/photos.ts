/**
 * A folder of photos for each class: `<expression>/<person>/photo.jpg`, or `<expression>/photo.jpg` when nobody is known. The
 * landmarks come from a reader that the caller brings, because this package sees no pixels.
 */

import { basename, extname } from "node:path";
import { EmotionNetError, LANDMARK_VALUES } from "@emotionnet/core";
import { nameToken } from "../../labels/label-name.ts";
import { filesBelow } from "./files-below.ts";
import type { ImportedFace, Importer, ImportSource } from "./imported-face.ts";

/** The bytes of a photo file → (136) x, y in pixels of each face in it. Its EmotionNetErrors skip the photo. */
export type LandmarkReader = (photo: Uint8Array) => Promise<readonly Float32Array[]>;

const PHOTO_FILE = /\.(jpe?g|png|webp|avif|tiff?|gif)$/i;
const HIDDEN = /(^|\/)\./;
const NUMBER_DIGITS = 7;

export function photoImporter(readLandmarks: LandmarkReader | undefined): Importer {
  if (readLandmarks) return (source) => importPhotos(source, readLandmarks);
  throw new EmotionNetError("usage", {
    got: "photos to import and nothing that finds landmarks in them",
    wanted: "a reader of landmarks",
    mend: "Pass readLandmarks, for example with FaceReader of @emotionnet/vision.",
  });
}

async function* importPhotos(
  { path, inputs, tell, expect }: ImportSource,
  readLandmarks: LandmarkReader,
): AsyncGenerator<ImportedFace> {
  const below = await filesBelow(path, "a folder with one folder of photos for each expression");
  const files = below.filter((file) => PHOTO_FILE.test(file) && !HIDDEN.test(file));
  expect(files.length);
  for (const [index, file] of files.entries()) {
    const skip = (expected: string, received: string) =>
      tell({ file, where: "", expected, received, effect: "skipped" });
    const [expression, ...folders] = file.split("/").slice(0, -1);
    if (!expression || folders.length > 1) {
      skip("<expression>/photo or <expression>/<person>/photo", file);
      continue;
    }
    const bytes = await inputs.readBytes(file);
    if (!bytes) continue;
    const faces = await readLandmarks(bytes).catch((error: unknown) => {
      if (!(error instanceof EmotionNetError)) throw error;
      skip("a photo", error.message);
    });
    if (!faces) continue;
    const [landmarks] = faces;
    if (faces.length !== 1 || landmarks?.length !== LANDMARK_VALUES) {
      skip("one face", faces.length === 1 ? `${landmarks?.length} values` : `${faces.length} faces`);
      continue;
    }
    const person = folders[0] ?? `photo${String(index + 1).padStart(NUMBER_DIGITS, "0")}`;
    const tokens = [person, expression, basename(file, extname(file))].map(nameToken);
    yield { person, frame: tokens.join("_"), expression, image: file, landmarks };
  }
}
