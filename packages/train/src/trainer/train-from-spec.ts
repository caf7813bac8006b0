/** Training as the command does it: everything named by a spec file. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { EmotionNetError, LANDMARK_COUNT } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { readDataset } from "../dataset/dataset-file.ts";
import { joinDatasets } from "../dataset/select.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { evaluatorNotice, type RecordPart, recordFilesOf } from "../spec/record-files.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { pretrainedModel } from "./pretrained-model.ts";
import { type TrainingOutcome, type TrainOptions, trainModel } from "./train-model.ts";
import { writeCards } from "./write-cards.ts";

/** Exactly one of `specPath` and `spec`. The results folder may come from the spec's `checkpoint_dir`. */
export type TrainFromSpecOptions = Omit<
  TrainOptions,
  "train" | "validation" | "spec" | "specText" | "resultsDirectory" | "pretrained" | "hashes"
> & { readonly resultsDirectory?: string } & (
    | { readonly specPath: string; readonly spec?: never }
    | { readonly spec: TrainingSpec; readonly specPath?: never }
  );

/**
 * Reads spec, records and the model to start from, trains, and leaves what `trainModel` does and
 * `experiment_spec.yaml` in the results folder.
 * @throws EmotionNetError like `readTrainingSpec`, `readDataset`, `readModel` and `trainModel`.
 */
export async function trainFromSpec(options: TrainFromSpecOptions): Promise<TrainingOutcome> {
  const { specPath, spec: given, resultsDirectory, ...rest } = options;
  const spec = given ?? (await readTrainingSpec(specPath));
  const results = resultsDirectory ?? spec.checkpoint_dir;
  if (!results) {
    throw new EmotionNetError("usage", {
      got: "no results folder",
      wanted: "one from -r or from checkpoint_dir of the spec",
      mend: "Add -r FOLDER (--results_dir).",
    });
  }
  const log = options.log ?? (() => {});
  const points = spec.dataloader.num_keypoints;
  if (points > LANDMARK_COUNT) {
    log(`num_keypoints ${points}: the network takes the first ${LANDMARK_COUNT} points of each face.`);
  }
  const notice = evaluatorNotice(spec, "validate");
  if (notice) log(notice);
  const train = await readRecords(spec, "train");
  log(`Phase: training, num_samples: ${train.dataset.count}`);
  const validation = await readRecords(spec, "validate");
  log(`Phase: validation, num_samples: ${validation.dataset.count}`);
  const specText = specPath ? await readFile(specPath) : undefined;
  const pretrained = await pretrainedModel(spec, options.key, train.dataset.landmarks, log);
  const outcome = await trainModel({
    ...rest,
    train: train.dataset,
    validation: validation.dataset,
    spec,
    resultsDirectory: results,
    ...(specText ? { specText } : {}),
    ...(pretrained ? { pretrained } : {}),
    hashes: {
      ...(specText ? { spec: sha256(specText) } : {}),
      ...train.hashes,
      ...validation.hashes,
    },
  });
  await writeCards({
    directory: results,
    metadata: outcome.model.metadata,
    recordPath: recordFilesOf(spec, "train")[0]!,
    parts: [
      { name: "train", dataset: train.dataset },
      { name: "validate", dataset: validation.dataset },
    ],
  });
  return outcome;
}

/** The samples of one part of a spec's sets, with the SHA-256 of their files. */
async function readRecords(
  spec: TrainingSpec,
  part: RecordPart,
): Promise<{ readonly dataset: Dataset; readonly hashes: Record<string, string> }> {
  const paths = recordFilesOf(spec, part);
  const datasets: Dataset[] = [];
  const hashes: Record<string, string> = {};
  for (const [index, path] of paths.entries()) {
    datasets.push(await readDataset(path, spec.class_list));
    const set = paths.length > 1 ? `${index + 1}/` : "";
    hashes[set + basename(path)] = sha256(await readFile(path));
  }
  return { dataset: joinDatasets(datasets), hashes };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
