/** The first four steps of the demo: make data, train, measure, export. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import {
  classifierGraph,
  evaluateModel,
  kpiTable,
  readDataset,
  recordPaths,
  synthesise,
  trainFromSpec,
} from "@emotionnet/train";
import type { Session } from "../session.ts";
import { heading } from "./run-demo.ts";

/** Enough for a network that knows what it does after a minute; the default model sees many times more. */
const data = {
  persons: 400,
  samplesPerPerson: 90,
  seed: 7,
  protocol: "multipie",
  classShares: "multipie",
} as const;
const setName = "demo";
const mostThreads = 2;

/** Writes `model.onnx` into `folder`; what is made on the way is temporary. */
export async function trainSmallModel(session: Session, folder: string, threads?: number): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "emotionnet-demo-"));
  try {
    await makeData(session, work);
    await trainAndMeasure(session, work, folder, threads ?? Math.min(mostThreads, availableParallelism()));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeData(session: Session, work: string): Promise<void> {
  const { print, progress, signal } = session;
  await print(
    heading(
      session,
      1,
      "Make a small synthetic data set in the manner of Multi-PIE: 15 cameras, 6 expressions",
    ),
  );
  const set = await synthesise({ ...data, directory: work, setName, onProgress: progress.show, signal });
  progress.clear();
  await print(
    `${set.train} faces to train on, ${set.validate} to validate, ${set.test} to test; no person is in two of them.\n`,
  );
}

async function trainAndMeasure(
  session: Session,
  work: string,
  folder: string,
  threads: number,
): Promise<void> {
  const { print, progress, signal } = session;
  await print(heading(session, 2, "Train a small network on them (136-256-128-64-6)"));
  const specPath = join(work, "spec.yaml");
  await writeFile(specPath, specText(work));
  const { model, bestEpoch } = await trainFromSpec({
    specPath,
    resultsDirectory: join(work, "results"),
    threads,
    resume: false,
    onProgress: progress.show,
    signal,
  });
  progress.clear();
  await print(`Done; epoch ${bestEpoch} did best on the validation persons.\n`);

  await print(heading(session, 3, "Measure it on the test persons, whom it has never seen"));
  const dataset = await readDataset(recordPaths(work, setName).test, EXPRESSIONS);
  const evaluation = await evaluateModel({ model, dataset });
  await print(kpiTable(evaluation, "Small demo network on the demo's test set (simulated)"));
  await print(
    `Accuracy ${evaluation.accuracy.toFixed(3)}; always answering "neutral" would give ${evaluation.majorityBaseline.toFixed(3)}.\n`,
  );

  await print(heading(session, 4, "Export it to ONNX"));
  const onnxPath = join(folder, "model.onnx");
  const bytes = classifierGraph(model);
  await writeWhole(onnxPath, Buffer.from(bytes));
  await print(`${onnxPath}, ${Math.round(bytes.length / 1024)} KB\n`);
}

/** A spec as `emotionnet train` takes it; JSON strings are YAML strings. */
function specText(directory: string): string {
  const where = JSON.stringify(directory);
  return `
random_seed: 7
num_epoch: 50
class_list: [${EXPRESSIONS.join(", ")}]
augmentation: { flip: True }
dataloader:
  batch_size: 512
  dataset_info: { tfrecords_directory_path: [${where}], tfrecords_set_id: [${setName}] }
  kpiset_info: { kpi_tfrecords_directory_path: [${where}], tfrecords_set_id_kpi: [${setName}] }
model:
  model_parameters: { profile: compact, regularization_factor: 0.00001, dropout_rate: 0.1 }
optimizer:
  learning_rate_schedule: { soft_start: 0.05, annealing: 0.3, base_learning_rate: 0.003, min_learning_rate: 1.0e-05 }
model_card:
  name: demo
  licence: Apache-2.0
  simulated: True
  data_sources: [simulated faces of this project's generator (Apache-2.0)]
`;
}
