/** Which annotated copy belongs to which photo or video: decided before any work, so that a bad target costs nothing. */

import { realpath, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { EmotionNetError, type RgbImage, type SourceResult } from "@emotionnet/core";
import { annotatePhoto, isWritablePhotoPath, isWritableVideoPath, writePhoto } from "@emotionnet/media";
import type { SourceItem } from "../source/find-sources.ts";
import { fileStem } from "./file-stem.ts";
import { assertWritableFolder, makeWritableFolder } from "./writable-folder.ts";

export interface AnnotationPlan {
  /** Where the copy of an item goes; undefined for items without pictures. */
  pathOf(item: SourceItem): string | undefined;
  /** Draws and writes the copy of one photo, unless the photo could not be looked at. */
  write(item: SourceItem, image: RgbImage, result: SourceResult): Promise<void>;
}

/**
 * `target` is a picture file for one photo, a video file for one video, or a folder (made when missing) for any number.
 * Copies in a folder keep the names of their inputs, numbered where two are the same, and never take the place of an input.
 * @throws EmotionNetError `usage` for one file and several inputs, or a file of the other kind, `file-unwritable` for a
 * place that cannot be written or is one of the inputs.
 */
export async function planAnnotations(target: string, items: readonly SourceItem[]): Promise<AnnotationPlan> {
  const photos = items.filter((item) => item.kind === "photo" || item.kind === "video");
  const inputs = new Set(await Promise.all(photos.map((photo) => truePath(photo.path))));
  const namesFile = isWritablePhotoPath(target) || isWritableVideoPath(target);
  const asFile = namesFile && !(await isFolder(target));
  const paths = asFile ? await oneFile(target, photos, inputs) : await folderOfFiles(target, photos, inputs);
  return {
    pathOf: (item) => paths.get(item),
    async write(item, image, result) {
      const path = paths.get(item);
      if (path === undefined || result.error) return;
      await writePhoto(path, await annotatePhoto(image, result.faces));
    },
  };
}

const purpose = "annotated copies";

type Paths = Map<SourceItem, string>;

async function oneFile(target: string, photos: SourceItem[], inputs: Set<string>): Promise<Paths> {
  if (photos.length > 1) {
    throw new EmotionNetError("usage", {
      got: `${photos.length} inputs and one file, ${JSON.stringify(target)}, for their annotated copies`,
      wanted: "a folder for several",
      mend: "Name a folder (it is made when missing).",
    });
  }
  if (photos.some(({ kind }) => !hasEndingFor(kind, target))) {
    throw new EmotionNetError("usage", {
      got: `the file ${JSON.stringify(target)} for the annotated copy of a ${photos[0]!.kind}`,
      wanted:
        "a picture file (.jpg, .png, .webp) for a photo, a video file (.mp4, .mov, .mkv, .webm) for a video",
      mend: "Change its ending.",
    });
  }
  if (inputs.has(await truePath(target))) {
    throw new EmotionNetError("file-unwritable", {
      got: `${JSON.stringify(target)} for the annotated copy, which is the input itself`,
      wanted: "another file",
      mend: "Name a file that is not read.",
    });
  }
  await assertWritableFolder(dirname(target), purpose);
  return new Map(photos.map((photo) => [photo, target]));
}

async function folderOfFiles(target: string, photos: SourceItem[], inputs: Set<string>): Promise<Paths> {
  await makeWritableFolder(target, purpose);
  const folder = await truePath(target);
  const paths: Paths = new Map();
  const taken = new Set(inputs);
  for (const photo of photos) {
    const usual = photo.kind === "video" ? ".mp4" : ".jpg";
    const ending = hasEndingFor(photo.kind, photo.path) ? extname(photo.path) : usual;
    const stem = fileStem(photo.path);
    let name = `${stem}${ending}`;
    // Compared without case: two names that differ only by it are one file on many disks.
    for (let copy = 2; taken.has(join(folder, name)) || taken.has(join(folder, name).toLowerCase()); copy++) {
      name = `${stem}-${copy}${ending}`;
    }
    taken.add(join(folder, name).toLowerCase());
    paths.set(photo, join(target, name));
  }
  return paths;
}

function hasEndingFor(kind: SourceItem["kind"], path: string): boolean {
  return kind === "video" ? isWritableVideoPath(path) : isWritablePhotoPath(path);
}

async function truePath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
