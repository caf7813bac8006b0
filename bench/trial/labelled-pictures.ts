/** Pictures whose expression is known: photos named after it, and drawn persons. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EXPRESSIONS, type Expression, LANDMARK_VALUES, type RgbImage } from "@emotionnet/core";
import { drawPortrait, readPhoto } from "@emotionnet/media";
import { generateFaces } from "@emotionnet/train";

export interface LabelledPicture {
  readonly image: RgbImage;
  readonly expression: Expression;
}

const ENDINGS: Readonly<Record<string, Expression>> = { neutral: "neutral", smiling: "happy" };

/** Photos of a folder named `<person>_neutral.jpg` or `<person>_smiling.jpg`. */
export async function labelledPhotos(folder: string): Promise<LabelledPicture[]> {
  const pictures: LabelledPicture[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const expression = ENDINGS[/_(neutral|smiling)\.\w+$/.exec(name)?.[1] ?? ""];
    if (expression) pictures.push({ image: await readPhoto(join(folder, name)), expression });
  }
  return pictures;
}

const FRONTAL_CAMERA = "_051_";
const PORTRAIT_SIZE = 512;
/** So many samples a person show every class at the frontal camera. */
const SAMPLES_PER_PERSON = 180;

/** Drawn persons, each once in every class, from in front, with the points that an annotator would place. */
export async function labelledPortraits(persons: number, seed: number): Promise<LabelledPicture[]> {
  const set = generateFaces({
    persons,
    samplesPerPerson: SAMPLES_PER_PERSON,
    seed,
    protocol: "multipie",
    posedShare: 1,
    sources: { annotator: 1 },
  });
  const wanted = new Map<Expression, number>(EXPRESSIONS.map((expression) => [expression, persons]));
  const pictures: LabelledPicture[] = [];
  for (let index = 0; index < set.count; index++) {
    const expression = EXPRESSIONS.find((name) => name === set.classes[set.labels[index]!]!);
    const left = expression && wanted.get(expression);
    if (!left || !set.names[index]!.includes(FRONTAL_CAMERA)) continue;
    wanted.set(expression, left - 1);
    const points = set.landmarks.subarray(index * LANDMARK_VALUES, (index + 1) * LANDMARK_VALUES);
    pictures.push({ image: await drawPortrait(points, { size: PORTRAIT_SIZE, seed: index }), expression });
  }
  return pictures;
}
