/** A synthetic data set on disk, in the original's folder layout, with a card that says what it is. */

import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { EmotionNetError } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { CARD_FILE } from "../convert/paths.ts";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import { recordPaths, writeDataset } from "../dataset/dataset-file.ts";
import { selectSamples } from "../dataset/select.ts";
import { splitByPerson } from "../dataset/split.ts";
import { DEFAULT_SOURCES } from "./draw-slot.ts";
import { faceParameters } from "./face-parameters.ts";
import { type GenerateOptions, generateInSteps } from "./generate-faces.ts";

/** Raised when the same options would give other faces. */
export const GENERATOR_VERSION = "4";

export interface SynthesiseOptions extends GenerateOptions {
  /** Where the set's folder is made. */
  readonly directory: string;
  /** Name of the set's folder. */
  readonly setName: string;
}

export interface SynthesisedSet {
  /** Numbers of samples. */
  readonly train: number;
  readonly validate: number;
  readonly test: number;
  /** The set's folder. */
  readonly directory: string;
}

const PARTS_OF_SET = ["train", "validate", "test"] as const;

/**
 * Draws faces, splits them by person as the original does and writes `train`, `validate` and `test` records and
 * `data-card.json` under `directory/setName`.
 * @throws EmotionNetError `file-unwritable`, and those of `generateFaces`; the signal's reason when aborted.
 */
export async function synthesise(options: SynthesiseOptions): Promise<SynthesisedSet> {
  const dataset = await drawFaces(options);
  const paths = recordPaths(options.directory, options.setName);
  const split = splitByPerson(dataset.names);
  const counts: Record<string, Record<string, number>> = {};
  const personsByPart: Record<string, number> = {};
  for (const part of PARTS_OF_SET) {
    options.signal?.throwIfAborted();
    const selected = selectSamples(dataset, split[part]);
    await writeDataset(paths[part], selected);
    counts[part] = countsByClass(selected);
    personsByPart[part] = new Set(selected.names.map(personOf)).size;
  }
  const directory = join(options.directory, options.setName);
  await writeCard(join(directory, CARD_FILE), options, { counts, personsByPart });
  return {
    train: split.train.length,
    validate: split.validate.length,
    test: split.test.length,
    directory,
  };
}

/** The faces, drawn so that other work can run between. */
export async function drawFaces(options: GenerateOptions): Promise<Dataset> {
  const steps = generateInSteps(options);
  let step = steps.next();
  while (!step.done) {
    await setImmediate();
    step = steps.next();
  }
  return step.value;
}

/** Number of samples of each class. */
export function countsByClass(dataset: Dataset): Record<string, number> {
  const counts = new Array<number>(dataset.classes.length).fill(0);
  for (const label of dataset.labels) counts[label]! += 1;
  return Object.fromEntries(dataset.classes.map((name, id) => [name, counts[id]!]));
}

/** What a set holds, by part. */
export interface SetContents {
  /** Faces by class. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly personsByPart: Readonly<Record<string, number>>;
}

/** Says what a set is. @throws EmotionNetError `file-unwritable`. */
export async function writeCard(
  path: string,
  options: SynthesiseOptions,
  { counts, personsByPart }: SetContents,
): Promise<void> {
  const card = {
    simulated: true,
    description: "Synthetic landmarks of faces; no person's picture.",
    generator: { version: GENERATOR_VERSION, parameters: faceParameters().hash },
    seed: options.seed,
    persons: options.persons,
    protocol: options.protocol ?? "wild",
    classShares: options.classShares ?? "balanced",
    sources: options.sources ?? DEFAULT_SOURCES,
    split: "train" in counts ? "by person, 80 / 10 / 10" : "none",
    counts,
    personsByPart,
  };
  try {
    await writeWhole(path, `${JSON.stringify(card, undefined, 2)}\n`);
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `no way to write ${path}`,
        wanted: "a place for the data card",
        mend: "Choose a folder that you may write to.",
      },
      { cause },
    );
  }
}
