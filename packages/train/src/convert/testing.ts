/** Label trees for tests: a plausible face, a little different each time. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LANDMARK_VALUES, MEAN_SHAPE } from "@emotionnet/core";
import { labelJson } from "../labels/write-labels.ts";

/** x, y of 68 points in pixels; `variant` moves and sizes the face. */
export function testFace(variant = 0): Float32Array {
  const size = 60 + (variant % 17);
  return Float32Array.from({ length: LANDMARK_VALUES }, (_, index) =>
    Number((200 + (variant % 7) + size * MEAN_SHAPE[index]!).toFixed(3)),
  );
}

/** 68 lines "x y", as CK+ and others keep landmarks. */
export function pointLines(landmarks: ArrayLike<number>): string {
  const lines = Array.from(
    { length: landmarks.length / 2 },
    (_, point) =>
      `   ${landmarks[2 * point]!.toExponential(7)}   ${landmarks[2 * point + 1]!.toExponential(7)}`,
  );
  return `${lines.join("\n")}\n`;
}

/** Writes label files `<stem>.json` into the label folder of a set. */
export async function writeLabelTree(
  root: string,
  setName: string,
  stems: readonly string[],
): Promise<string> {
  const folder = join(root, setName, "data_factory", "fiducial");
  await mkdir(folder, { recursive: true });
  for (const [index, stem] of stems.entries()) {
    const text = labelJson({ image: `images/${stem}.png`, landmarks: testFace(index) });
    await writeFile(join(folder, `${stem}.json`), text);
  }
  return folder;
}
