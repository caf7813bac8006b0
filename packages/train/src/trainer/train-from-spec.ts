/** Training as the command does it: everything named by a spec file. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { evaluatorNotice } from "../spec/record-files.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { pretrainedModel } from "./pretrained-model.ts";
import { type TrainingOutcome, type TrainOptions, trainModel } from "./train-model.ts";
import { trainingData } from "./training-data.ts";
import { writeCards } from "./write-cards.ts";

/** Exactly one of `specPath` and `spec`. The results folder may come from the spec's `checkpoint_dir`. */
export type TrainFromSpecOptions = Omit<
  TrainOptions,
  "train" | "validation" | "spec" | "specText" | "resultsDirectory" | "pretrained" | "hashes" | "isSimulated"
> & { readonly resultsDirectory?: string } & (
    | { readonly specPath: string; readonly spec?: never }
    | { readonly spec: TrainingSpec; readonly specPath?: never }
  );

/**
 * Reads spec, records (unless faces are drawn) and the model to start from, trains, and leaves what `trainModel` does and
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
  const notice = evaluatorNotice(spec, "validate");
  if (notice) log(notice);
  const data = await trainingData(spec);
  log(`Phase: training, num_samples: ${data.train.count}`);
  log(`Phase: validation, num_samples: ${data.validation.count}`);
  const specText = specPath ? await readFile(specPath) : undefined;
  const pretrained = await pretrainedModel(spec, options.key, data.someLandmarks, log);
  const outcome = await trainModel({
    ...rest,
    train: data.train,
    validation: data.validation,
    spec,
    resultsDirectory: results,
    isSimulated: data.cards.some(({ facts }) => facts.simulated === true),
    ...(specText ? { specText } : {}),
    ...(pretrained ? { pretrained } : {}),
    hashes: {
      ...(specText ? { spec: sha256(specText) } : {}),
      ...data.hashes,
    },
  });
  await writeCards({ directory: results, metadata: outcome.model.metadata, data: data.cards });
  return outcome;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
