/** Training as the command does it: everything named by a spec file. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { EmotionNetError, type Model, readModel } from "@emotionnet/core";
import writeFileAtomic from "write-file-atomic";
import type { Dataset } from "../dataset/dataset.ts";
import { readDataset } from "../dataset/dataset-file.ts";
import { joinDatasets } from "../dataset/select.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { type RecordPart, recordFilesOf } from "../spec/record-files.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { writing } from "./run-files.ts";
import { type TrainingOutcome, type TrainOptions, trainModel } from "./train-model.ts";

/** Exactly one of `specPath` and `spec`. The results folder may come from the spec's `checkpoint_dir`. */
export type TrainFromSpecOptions = Omit<
  TrainOptions,
  "train" | "validation" | "spec" | "resultsDirectory" | "pretrained" | "hashes"
> & { readonly resultsDirectory?: string } & (
    | { readonly specPath: string; readonly spec?: never }
    | { readonly spec: TrainingSpec; readonly specPath?: never }
  );

/**
 * Reads spec, records and the model to start from, trains, and leaves `model.safetensors`, `experiment_spec.yaml`,
 * `metrics.jsonl`, `checkpoint.safetensors` and `events/` in the results folder.
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
      mend: "Add -r FOLDER.",
    });
  }
  const log = options.log ?? (() => {});
  const train = await readRecords(spec, "train");
  log(`Phase: training, num_samples: ${train.dataset.count}`);
  const validation = await readRecords(spec, "validate");
  log(`Phase: validation, num_samples: ${validation.dataset.count}`);
  const specText = specPath ? await readFile(specPath) : undefined;
  const pretrained = await pretrainedModel(spec, log);
  const outcome = await trainModel({
    ...rest,
    train: train.dataset,
    validation: validation.dataset,
    spec,
    resultsDirectory: results,
    ...(pretrained ? { pretrained } : {}),
    hashes: {
      ...(specText ? { spec: sha256(specText) } : {}),
      ...train.hashes,
      ...validation.hashes,
    },
  });
  if (specText) {
    const copy = join(results, "experiment_spec.yaml");
    await writing(copy, () => writeFileAtomic(copy, specText));
  }
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

async function pretrainedModel(spec: TrainingSpec, log: (line: string) => void): Promise<Model | undefined> {
  const { pretrained_model_path: path, frozen_blocks: frozen } = spec.model.model_parameters;
  if (!path) {
    if (frozen > 0) log(`frozen_blocks ${frozen} has no effect without pretrained_model_path.`);
    return undefined;
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new EmotionNetError(
      "model-not-found",
      {
        got: `no readable file at ${path}`,
        wanted: "the model named by pretrained_model_path",
        mend: "Check the path, or set it to null to start from random weights.",
      },
      { cause },
    );
  }
  return readModel(bytes);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
