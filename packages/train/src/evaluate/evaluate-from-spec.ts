/** An evaluation as the command does it: the test set is named by a spec file. */

import { basename } from "node:path";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import { readDataset } from "../dataset/dataset-file.ts";
import { sha256OfFile } from "../dataset/file-hash.ts";
import { joinDatasets } from "../dataset/select.ts";
import type { DataCardFacts } from "../report/data-card.ts";
import { readDataCardFacts, setFolderOf } from "../report/data-card-facts.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { evaluatorNotice, recordFilesOf } from "../spec/record-files.ts";
import type { ModelEvaluation } from "./evaluate-answers.ts";
import { evaluatePredictor } from "./evaluate-model.ts";
import type { EvaluationContext } from "./evaluation-json.ts";
import { agreedClasses, agreedScheme, type Predictor } from "./predictor.ts";

export interface EvaluateFromSpecOptions {
  readonly predictor: Predictor;
  readonly specPath: string;
  /** Gets one line of text an event. */
  readonly log?: (line: string) => void;
  readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
  readonly signal?: AbortSignal;
}

/** One record file that was measured on. */
export interface MeasuredSet {
  /** Folder of the set and name of the file, such as `synthetic/test.tfrecords`. */
  readonly name: string;
  readonly dataset: Dataset;
  /** What the set's `data-card.json` says; empty when there is none. */
  readonly facts: DataCardFacts;
}

export interface SpecEvaluation {
  readonly evaluation: ModelEvaluation;
  readonly context: EvaluationContext;
  /** All sets together. */
  readonly dataset: Dataset;
  /** (count × classes) */
  readonly probabilities: Float32Array;
  readonly sets: readonly MeasuredSet[];
  /** What to be careful about with these sets and this model, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Measures a model on the records of the spec's `kpiset_info`, or on its test records when that names none.
 * @throws EmotionNetError like `readTrainingSpec`, `readDataset` and `evaluateModel`; the signal's reason when aborted.
 */
export async function evaluateFromSpec(options: EvaluateFromSpecOptions): Promise<SpecEvaluation> {
  const { predictor, specPath, log = () => {}, onProgress, signal } = options;
  const spec = await readTrainingSpec(specPath);
  // Before the records are read: class ids are checked against class_list, which may be the thing that is wrong.
  agreedClasses(predictor, spec.class_list);
  const { kpi_tfrecords_directory_path: folders, tfrecords_set_id_kpi: names } = spec.dataloader.kpiset_info;
  const hasKpiSet = folders.length > 0 || names.length > 0;
  if (!hasKpiSet) log("kpiset_info names no records: the test records of dataset_info are taken");
  const part = hasKpiSet ? "kpi" : "test";
  const notice = evaluatorNotice(spec, part);
  if (notice) log(notice);
  const paths = recordFilesOf(spec, part);
  const scheme = agreedScheme(predictor, spec);
  const say = (done: number, total: number, label: string) => {
    signal?.throwIfAborted();
    onProgress?.({ done, total, label });
  };
  const sets: MeasuredSet[] = [];
  for (const path of paths) {
    const folder = setFolderOf(path);
    const name = `${basename(folder)}/${basename(path)}`;
    const dataset = await readDataset(path, spec.class_list, scheme, {
      onProgress: (done, total) => say(done, total, `Reading ${name}`),
      ...(signal ? { signal } : {}),
    });
    sets.push({ name, dataset, facts: await readDataCardFacts(folder) });
  }
  const dataset = joinDatasets(sets.map((set) => set.dataset));
  if (!predictor.classes) log("The model file does not name its classes: those of class_list are taken");
  log(`evaluator num_samples: ${dataset.count}`);
  const measured = await evaluatePredictor(predictor, dataset, (done) =>
    say(done, dataset.count, "Classifying"),
  );
  const simulated = sets.filter(({ facts }) => facts.simulated === true);
  const context = {
    model: predictor.name,
    dataset: sets.map(({ name }) => name).join(" and "),
    isSimulated: simulated.length > 0,
    ...(simulated.length > 0 && simulated.length < sets.length ? { isPartlySimulated: true as const } : {}),
  };
  const warnings = [...sharedPersonsWarning(sets), ...(await seenFilesWarning(paths, predictor))];
  return { ...measured, context, dataset, sets, warnings };
}

/** Persons are told by their number alone, so those of one number in two sets are taken for one person. */
function sharedPersonsWarning(sets: readonly MeasuredSet[]): string[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { dataset } of sets) {
    const persons = new Set(dataset.names.map(personOf));
    for (const person of persons) (seen.has(person) ? shared : seen).add(person);
  }
  return shared.size === 0
    ? []
    : [
        `${shared.size} ${shared.size === 1 ? "person has" : "persons have"} the same number in several sets and count as one; if they are different people, there are more persons than the report says.`,
      ];
}

/** A model is measured on what it was made from only by mistake. */
async function seenFilesWarning(paths: readonly string[], { hashes }: Predictor): Promise<string[]> {
  const made = Object.entries(hashes);
  if (made.length === 0) return [];
  const warnings: string[] = [];
  for (const path of paths) {
    const sum = await sha256OfFile(path);
    const seen = made.find(([, hash]) => hash === sum);
    if (seen) {
      warnings.push(
        `The model was made with ${path} (its hash of ${seen[0]}): the figures say what it remembers, not how it does on other faces.`,
      );
    }
  }
  return warnings;
}
