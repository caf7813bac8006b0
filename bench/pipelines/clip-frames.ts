/** Frames of a clip as JPEG files, which pages decode before the clock starts. */

import { join } from "node:path";
import { openVideo, writePhoto } from "@emotionnet/media";
import { peersFolder } from "../peers.ts";

/** Paths of the first so many frames. */
export async function framesOf(clip: string, count: number): Promise<string[]> {
  const { frames } = await openVideo(clip);
  const paths: string[] = [];
  for await (const { index, image } of frames) {
    const path = join(peersFolder, "material", `frame-${index}.jpg`);
    await writePhoto(path, image);
    paths.push(path);
    if (paths.length === count) break;
  }
  return paths;
}
