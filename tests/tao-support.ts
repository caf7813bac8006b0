/** Label JSON of simulated persons, as a user of the original has it on disk, and specs that point to it. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LANDMARK_VALUES } from "@emotionnet/core";
import { generateFaces, labelJson } from "@emotionnet/train";
import { repository } from "./cli-support.ts";

/** Writes `orgData/<set>/data_factory/fiducial/<frame>_<expression>.json` and `dataio_config_<set>.json`. */
export async function writeLabelSet(
  folder: string,
  set: string,
  options: { readonly classes: readonly string[]; readonly points?: number; readonly persons?: number },
): Promise<void> {
  const { classes, points = 68, persons = 20 } = options;
  const faces = generateFaces({ persons, samplesPerPerson: 12, seed: 3 });
  const labels = join(folder, "orgData", set, "data_factory", "fiducial");
  await mkdir(labels, { recursive: true });
  for (const [index, name] of faces.names.entries()) {
    const face = faces.landmarks.subarray(index * LANDMARK_VALUES, (index + 1) * LANDMARK_VALUES);
    const landmarks = withFurtherPoints(Array.from(face), points);
    const expression = classes[faces.labels[index]! % classes.length];
    const text = labelJson({ image: `images/${name}.png`, landmarks });
    await writeFile(join(labels, `${name}_${expression}.json`), text);
  }
  const config = {
    ground_truth_folder_suffix: "DataFactory",
    is_filtered: false,
    set_name: set,
    is_datafactory: true,
    org_data_path: join(folder, "orgData"),
    post_data_path: join(folder, "postData"),
    num_keypoints: points,
    emotion_map: Object.fromEntries(classes.map((name, id) => [name, id])),
  };
  await writeFile(join(folder, `dataio_config_${set}.json`), JSON.stringify(config, undefined, 2));
}

/**
 * Points after the 68th, told by those before: four around each pupil, two at each ear, then the middles between neighbouring
 * points of the eyes' outlines. Simulated faces have no such points of their own.
 */
function withFurtherPoints(face: readonly number[], count: number): number[] {
  const middle = (...points: number[]) =>
    [0, 1].map((axis) => points.reduce((sum, at) => sum + face[2 * at + axis]!, 0) / points.length);
  const eye = (first: number) => Array.from({ length: 6 }, (_, index) => first + index);
  const pupils = [36, 42].flatMap((first) => [0, 1, 2, 3].map((at) => middle(...eye(first), first + at)));
  const ears = [middle(0, 0, 1), middle(0, 1, 2), middle(16, 16, 15), middle(16, 15, 14)];
  const outlines = [36, 42].flatMap((first) =>
    [0.25, 0.75].flatMap((share) =>
      eye(first).map((at, index) => {
        const next = first + ((index + 1) % 6);
        return share < 0.5 ? middle(at, at, at, next) : middle(at, next, next, next);
      }),
    ),
  );
  return [...face, ...[...pupils, ...ears, ...outlines].flat()].slice(0, 2 * count);
}

/** The reference spec with other paths, set and number of epochs; everything else as the original has it. */
export async function referenceSpec(folder: string, set: string, epochs: number): Promise<string> {
  const text = await readFile(join(repository, "examples/specs/reference.yaml"), "utf8");
  return text
    .replaceAll("[data]", `[${join(folder, "postData")}]`)
    .replaceAll("[synthetic]", `[${set}]`)
    .replace("num_epoch: 100", `num_epoch: ${epochs}`);
}
