/** Portraits of simulated persons, drawn as pictures: something to classify without a photo of anybody. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EXPRESSIONS, type Expression, LANDMARK_VALUES } from "@emotionnet/core";
import { drawPortrait, writePhoto } from "@emotionnet/media";
import { generateFaces } from "@emotionnet/train";

export interface Portrait {
  readonly path: string;
  /** What was drawn. */
  readonly expression: Expression;
}

const persons = 3;
const pixels = 512;
/** Multi-PIE's frontal camera, as frame names write it. */
const frontalCamera = "051";
/** Every expression before each of the 15 cameras. */
const samplesPerPerson = 15 * EXPRESSIONS.length;
const seed = 3;

/** Three persons × six expressions as PNG files in `folder`. */
export async function drawPortraits(folder: string): Promise<Portrait[]> {
  await mkdir(folder, { recursive: true });
  const faces = generateFaces({
    persons,
    samplesPerPerson,
    seed,
    protocol: "multipie",
    sources: { annotator: 1 },
  });
  const portraits: Portrait[] = [];
  for (let person = 0; person < persons; person++) {
    for (const [label, expression] of EXPRESSIONS.entries()) {
      const sample = frontalSample(faces, person, label);
      const landmarks = faces.landmarks.subarray(sample * LANDMARK_VALUES, (sample + 1) * LANDMARK_VALUES);
      const path = join(folder, `person-${person + 1}-${expression}.png`);
      await writePhoto(path, await drawPortrait(landmarks, { size: pixels, seed: seed + person }));
      portraits.push({ path, expression });
    }
  }
  return portraits;
}

function frontalSample(faces: ReturnType<typeof generateFaces>, person: number, label: number): number {
  const first = person * samplesPerPerson;
  for (let sample = first; sample < first + samplesPerPerson; sample++) {
    const camera = faces.names[sample]!.split("_")[3];
    if (faces.labels[sample] === label && camera === frontalCamera) return sample;
  }
  throw new RangeError(`Person ${person} has no frontal sample of ${EXPRESSIONS[label]}.`);
}
