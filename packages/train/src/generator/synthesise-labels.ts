/** A synthetic data set as label JSON in the original's layout, for `dataset_convert` to read. */

import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNetError, LANDMARK_COUNT, LANDMARK_VALUES } from "@emotionnet/core";
import { CARD_FILE, LABEL_FOLDER } from "../convert/paths.ts";
import { stageFolders, writing } from "../convert/staged-folders.ts";
import { labelJson } from "../labels/write-labels.ts";
import { countsByClass, drawFaces, type SynthesiseOptions, writeCard } from "./synthesise.ts";

export interface SynthesisedLabels {
  /** Number of label files, one a face. */
  readonly files: number;
  /** The folder of label files. */
  readonly labels: string;
}

/**
 * Draws faces as `synthesise` does and writes each as `directory/setName/data_factory/fiducial/<frame>_<expression>.json`,
 * and `data-card.json` in the set's folder. All label files appear together, in place of those of an earlier call.
 * @throws EmotionNetError `dataset-exists` when there are labels that this function did not write; else like `synthesise`.
 */
export async function synthesiseLabels(options: SynthesiseOptions): Promise<SynthesisedLabels> {
  const directory = join(options.directory, options.setName);
  const labels = join(directory, LABEL_FOLDER);
  const card = join(directory, CARD_FILE);
  await assertReplaceable(labels, card);
  const dataset = await drawFaces(options);
  const staged = await stageFolders(join(directory, "synth.partial"), [labels]);
  try {
    for (let index = 0; index < dataset.count; index++) {
      options.signal?.throwIfAborted();
      const frame = dataset.names[index]!;
      const file = join(staged.at(labels), `${frame}_${dataset.classes[dataset.labels[index]!]}.json`);
      const text = labelJson({
        image: `${frame}.png`,
        landmarks: dataset.landmarks.subarray(index * LANDMARK_VALUES, (index + 1) * LANDMARK_VALUES),
        occluded: dataset.occluded.subarray(index * LANDMARK_COUNT, (index + 1) * LANDMARK_COUNT),
      });
      // Two faces of one name would leave one file.
      await writing(labels, () => writeFile(file, text, { flag: "wx" }));
      options.onProgress?.({ done: index + 1, total: dataset.count, label: "Writing labels" });
    }
    await staged.publish();
  } catch (error) {
    await staged.discard();
    throw error;
  }
  await writeCard(card, options, {
    counts: { all: countsByClass(dataset) },
    personsByPart: { all: options.persons },
  });
  return { files: dataset.count, labels };
}

async function assertReplaceable(labels: string, card: string): Promise<void> {
  const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  if (!(await exists(labels)) || (await exists(card))) return;
  throw new EmotionNetError("dataset-exists", {
    got: `${labels}, with labels that synth did not write`,
    wanted: "a new folder, or one of simulated labels",
    mend: "Name another folder or set.",
  });
}
