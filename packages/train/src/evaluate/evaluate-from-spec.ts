/** An evaluation as the command does it: the test set is named by a spec file. */

import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Model } from "@emotionnet/core";
import { readDataset } from "../dataset/dataset-file.ts";
import { joinDatasets } from "../dataset/select.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { recordFilesOf } from "../spec/record-files.ts";
import type { ModelEvaluation } from "./evaluate-answers.ts";
import { evaluateModel } from "./evaluate-model.ts";
import type { EvaluationContext } from "./evaluation-json.ts";

export interface EvaluateFromSpecOptions {
  readonly model: Model;
  readonly specPath: string;
}

/**
 * Measures a model on the records of the spec's `kpiset_info`.
 * @throws EmotionNetError like `readTrainingSpec`, `readDataset` and `evaluateModel`.
 */
export async function evaluateFromSpec({ model, specPath }: EvaluateFromSpecOptions): Promise<{
  readonly evaluation: ModelEvaluation;
  readonly context: EvaluationContext;
}> {
  const spec = await readTrainingSpec(specPath);
  const paths = recordFilesOf(spec, "kpi");
  const datasets = await Promise.all(paths.map((path) => readDataset(path, spec.class_list)));
  const evaluation = await evaluateModel({ model, dataset: joinDatasets(datasets) });
  const context = {
    model: model.metadata.name,
    dataset: paths.map((path) => `${basename(setFolderOf(path))}/${basename(path)}`).join(" and "),
    isSimulated: (await Promise.all(paths.map(isSimulated))).includes(true),
  };
  return { evaluation, context };
}

/** Records lie in set/ground truth/records/file. */
function setFolderOf(path: string): string {
  return join(dirname(path), "..", "..");
}

/** What the card beside a synthetic set says; sets of real faces need none. */
async function isSimulated(path: string): Promise<boolean> {
  try {
    const card = JSON.parse(await readFile(join(setFolderOf(path), "data-card.json"), "utf8"));
    return card.simulated === true;
  } catch {
    return false;
  }
}
