#!/usr/bin/env node
/**
 * Trains the default recipe and its variations and writes what they reach into a page, between two marks.
 *
 *     node packages/train/dist/release/ablation.js [--page docs/reference/training.md] [--spec models/default/spec.yaml]
 *         [--data ../shared/data] [--only width] [--epochs 8]
 *
 * Every run takes about 10 to 40 seconds on one free core. `--only` runs one question and prints, without touching the page.
 */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EmotionNetError, type Model } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { joinDatasets } from "../dataset/select.ts";
import { type GenerateOptions, generateFaces } from "../generator/generate-faces.ts";
import { networkOfSpec, readTrainingSpec } from "../spec/read-spec.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { trainModel } from "../trainer/train-model.ts";
import { type AblationRun, ablationRuns, baseRun } from "./ablation-runs.ts";
import { ablationSets, COLUMNS, measureModels } from "./ablation-sets.ts";
import { withMeanJaw } from "./mean-jaw.ts";

const MARKS = ["<!-- ablation: begin -->", "<!-- ablation: end -->"] as const;
const HELD_OUT_PERSONS = 60;
const HEAD = [
  `| question | run | ${COLUMNS.join(" | ")} | seconds |`,
  `|---|---|${COLUMNS.map(() => "---").join("|")}|---|`,
];

async function main(
  page: string,
  specPath: string,
  data: string,
  epochs: number,
  only?: string,
): Promise<void> {
  const spec = await readTrainingSpec(specPath);
  const text = await readFile(page, "utf8");
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (begin < 0 || end < begin) {
    throw new EmotionNetError("usage", {
      got: `${page} without the marks of the table`,
      wanted: `the lines ${MARKS.join(" and ")}`,
      mend: "Name the page that holds the table.",
    });
  }
  const sets = ablationSets(join(data, "london-landmarks.json"));
  const runs = ablationRuns(baseRun(spec, networkOfSpec(spec).hidden));
  const rows: string[] = [];
  for (const run of runs.filter(({ question }) => only === undefined || question === only)) {
    const started = performance.now();
    const models: Model[] = [];
    for (let model = 0; model < run.models; model++) {
      models.push(await trainRun({ ...run, seed: run.seed + model }, spec, epochs));
    }
    const seconds = (performance.now() - started) / 1000;
    const figures = await measureModels(models, sets);
    const cells = COLUMNS.map((column) => figures.get(column)?.toFixed(1) ?? "–");
    rows.push(`| ${run.question} | ${run.name} | ${cells.join(" | ")} | ${seconds.toFixed(0)} |`);
    process.stdout.write(`${rows.at(-1)}\n`);
    if (only !== undefined) continue;
    const table = [MARKS[0], "", ...HEAD, ...rows, "", ""].join("\n");
    await writeWhole(page, text.slice(0, begin) + table + text.slice(end));
  }
}

async function trainRun(run: AblationRun, shipped: TrainingSpec, epochs: number): Promise<Model> {
  const faces = (persons: number, part: number, options: Partial<GenerateOptions>) =>
    generateFaces({
      persons,
      samplesPerPerson: run.samplesPerPerson,
      seed: 100 * run.seed + part,
      ...options,
    });
  const sensors = {
    ...(run.sources ? { sources: run.sources } : {}),
    ...(run.lipPoints ? { lipPoints: run.lipPoints } : {}),
  };
  const wild = {
    protocol: "wild",
    posedShare: run.posedShare,
    ...sensors,
  } as const;
  const studio = { protocol: "multipie", ...sensors } as const;
  const [wildPersons, studioPersons] = run.persons;
  const trainingFaces = (wildCount: number, studioCount: number, part: number) =>
    withMeanJaw(
      joinDatasets([
        faces(wildCount, part, wild),
        ...(studioCount > 0 ? [faces(studioCount, part + 1, studio)] : []),
      ]),
      run.meanJawShare,
      run.seed,
    );
  const resultsDirectory = await mkdtemp(join(tmpdir(), "emotionnet-ablation-"));
  try {
    const { model } = await trainModel({
      train: trainingFaces(wildPersons, studioPersons, 1),
      validation: trainingFaces(HELD_OUT_PERSONS, HELD_OUT_PERSONS, 3),
      spec: specOf(run, shipped, epochs),
      resultsDirectory,
    });
    return model;
  } finally {
    await rm(resultsDirectory, { recursive: true });
  }
}

function specOf(run: AblationRun, shipped: TrainingSpec, epochs: number): TrainingSpec {
  const spec = structuredClone(shipped);
  return {
    ...spec,
    num_epoch: epochs,
    random_seed: run.seed,
    augmentation: { ...spec.augmentation, point_noise: run.pointNoise },
    loss: {
      ...spec.loss,
      label_smoothing: run.labelSmoothing,
      class_weights_dict: run.classWeights ? { ...run.classWeights } : spec.loss.class_weights_dict,
    },
    model: {
      ...spec.model,
      model_parameters: {
        ...spec.model.model_parameters,
        profile: null,
        hidden_layers: [...run.hidden],
        dropout_rate: run.dropout,
        regularization_factor: run.l2,
      },
    },
  };
}

const { values } = parseArgs({
  options: {
    page: { type: "string", default: "docs/reference/training.md" },
    spec: { type: "string", default: "models/default/spec.yaml" },
    data: { type: "string", default: "../shared/data" },
    only: { type: "string" },
    epochs: { type: "string", default: "8" },
  },
});
try {
  await main(values.page, values.spec, values.data, Number(values.epochs), values.only);
} catch (error) {
  if (!(error instanceof EmotionNetError)) throw error;
  process.stderr.write(`error [${error.code}]: ${error.message}\n`);
  process.exitCode = 1;
}
