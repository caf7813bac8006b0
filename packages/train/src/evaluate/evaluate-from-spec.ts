/** An evaluation as the command does it: the test set is named by a spec file. */

import { basename } from "node:path";
import type { Dataset } from "../dataset/dataset.ts";
import { readDataset } from "../dataset/dataset-file.ts";
import { joinDatasets } from "../dataset/select.ts";
import type { DataCardFacts } from "../report/data-card.ts";
import { readDataCardFacts, setFolderOf } from "../report/data-card-facts.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { evaluatorNotice, recordFilesOf } from "../spec/record-files.ts";
import type { ModelEvaluation } from "./evaluate-answers.ts";
import { evaluatePredictor } from "./evaluate-model.ts";
import type { EvaluationContext } from "./evaluation-json.ts";
import { agreedScheme, type Predictor } from "./predictor.ts";

export interface EvaluateFromSpecOptions {
  readonly predictor: Predictor;
  readonly specPath: string;
  /** Gets one line of text an event. */
  readonly log?: (line: string) => void;
}

export interface SpecEvaluation {
  readonly evaluation: ModelEvaluation;
  readonly context: EvaluationContext;
  readonly dataset: Dataset;
  /** (count × classes) */
  readonly probabilities: Float32Array;
  /** What the first set's `data-card.json` says; empty when there is none. */
  readonly facts: DataCardFacts;
}

/**
 * Measures a model on the records of the spec's `kpiset_info`, or on its test records when that names none.
 * @throws EmotionNetError like `readTrainingSpec`, `readDataset` and `evaluateModel`.
 */
export async function evaluateFromSpec(options: EvaluateFromSpecOptions): Promise<SpecEvaluation> {
  const { predictor, specPath, log = () => {} } = options;
  const spec = await readTrainingSpec(specPath);
  const { kpi_tfrecords_directory_path: folders, tfrecords_set_id_kpi: sets } = spec.dataloader.kpiset_info;
  const hasKpiSet = folders.length > 0 || sets.length > 0;
  if (!hasKpiSet) log("kpiset_info names no records: the test records of dataset_info are taken");
  const part = hasKpiSet ? "kpi" : "test";
  const notice = evaluatorNotice(spec, part);
  if (notice) log(notice);
  const paths = recordFilesOf(spec, part);
  const scheme = agreedScheme(predictor, spec);
  const dataset = joinDatasets(
    await Promise.all(paths.map((path) => readDataset(path, spec.class_list, scheme))),
  );
  if (!predictor.classes) log("The model file does not name its classes: those of class_list are taken");
  log(`evaluator num_samples: ${dataset.count}`);
  const measured = await evaluatePredictor(predictor, dataset);
  const facts = await Promise.all(paths.map((path) => readDataCardFacts(setFolderOf(path))));
  const context = {
    model: predictor.name,
    dataset: paths.map((path) => `${basename(setFolderOf(path))}/${basename(path)}`).join(" and "),
    isSimulated: facts.some(({ simulated }) => simulated === true),
  };
  return { ...measured, context, dataset, facts: facts[0] ?? {} };
}
