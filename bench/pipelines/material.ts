/** What the pipelines race on: photos of the folder ../shared/data/photos where it is, drawn people elsewhere. */

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MEAN_SHAPE, type RgbImage } from "@emotionnet/core";
import { drawPortrait, drawScene, readPhoto, VideoWriter, writePhoto } from "@emotionnet/media";
import { peersFolder } from "../peers.ts";
import { repository } from "../repository.ts";

const PICTURES = 10;
export const CLIP = { width: 1280, height: 720, rate: 30, frames: 240 } as const;

export interface Material {
  /** What they show, for the page. */
  readonly description: string;
  /** Paths of JPEG files with one face each. */
  readonly pictures: readonly string[];
  /** Path of a 720p H.264 clip of one moving face. */
  readonly clip: string;
}

/** @param folder of photos; left out, that of the development data. */
export async function material(folder = join(repository, "../shared/data/photos")): Promise<Material> {
  const target = join(peersFolder, "material");
  mkdirSync(target, { recursive: true });
  const isPhotos = existsSync(folder);
  const pictures = isPhotos ? photosOf(folder) : await drawnPictures(target);
  const clip = join(target, isPhotos ? "photo.mp4" : "drawn.mp4");
  if (!existsSync(clip)) await writeClip(clip, await readPhoto(pictures[0]!, { maxSide: CLIP.height }));
  const description = isPhotos
    ? "photos of the London Set, JPEG, 720×720, and a clip in which the first of them moves"
    : "drawn portraits, JPEG, 720×720, and a clip in which the first of them moves";
  return { description, pictures, clip };
}

function photosOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jpg"));
  return names
    .sort()
    .slice(0, PICTURES)
    .map((name) => join(folder, name));
}

async function drawnPictures(folder: string): Promise<string[]> {
  const paths = Array.from({ length: PICTURES }, (_, seed) => join(folder, `drawn-${seed}.jpg`));
  for (const [seed, path] of paths.entries()) {
    if (!existsSync(path))
      await writePhoto(path, await drawPortrait(MEAN_SHAPE, { seed: seed + 1, size: 720 }));
  }
  return paths;
}

/** The picture goes from side to side before a grey wall, once in four seconds. */
async function writeClip(path: string, picture: RgbImage): Promise<void> {
  const { width, height, rate, frames } = CLIP;
  const writer = new VideoWriter(path, { width, height, frameRate: `${rate}/1` });
  for (let frame = 0; frame < frames; frame++) {
    const data = new Uint8Array(3 * width * height).fill(128);
    const swing = 0.5 + 0.4 * Math.sin((2 * Math.PI * frame) / (4 * rate));
    const left = Math.round((width - picture.width) * swing);
    for (let row = 0; row < Math.min(height, picture.height); row++) {
      const pixels = picture.data.subarray(3 * row * picture.width, 3 * (row + 1) * picture.width);
      data.set(pixels, 3 * (row * width + left));
    }
    await writer.write({ width, height, data }, frame / rate);
  }
  await writer.finish();
}

/** Places of a crowd, column and row: the middle fills first, where the detector sees a single face at once. */
const SEATS = [
  [1, 0],
  [2, 1],
  [2, 0],
  [1, 1],
  [0, 0],
  [3, 1],
  [3, 0],
  [0, 1],
] as const;

/** A 720p picture of so many drawn people (1 to 8), all of the same size, so that only their number differs. */
export async function crowd(count: number): Promise<RgbImage> {
  const heads = SEATS.slice(0, count).map(([column, row], index) => ({
    landmarks: MEAN_SHAPE,
    seed: index + 1,
    x: 160 + 320 * column,
    y: 190 + 360 * row,
    size: 380,
  }));
  return drawScene(CLIP.width, CLIP.height, heads);
}
