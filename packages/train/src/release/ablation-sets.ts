/** What the ablation measures models on: simulated persons outside training, and the London Set where it is present. */

import { existsSync } from "node:fs";
import { EmotionNet, EXPRESSIONS, LANDMARK_VALUES, type Model } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { evaluateAnswers } from "../evaluate/evaluate-answers.ts";
import { readLondonSet } from "../generator/compare/london-set.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import type { Source } from "../generator/sensor.ts";
import { withMeanJaw } from "./mean-jaw.ts";
import { protocolTest } from "./protocol-draws.ts";

const SEED = 990;
const PERSONS = 100;
const SAMPLES_PER_PERSON = 60;

export const COLUMNS = [
  "mesh",
  "annotator",
  "detector",
  "foreign jaw",
  "Multi-PIE, detector",
  "Multi-PIE, manual",
  "London neutral",
  "London smiling",
] as const;
export type Column = (typeof COLUMNS)[number];

export interface AblationSets {
  readonly simulated: ReadonlyMap<Column, Dataset>;
  /** Neutral and happy faces; undefined where the photographs' points are not present. */
  readonly london: Dataset | undefined;
}

/** @param londonFile `london-landmarks.json`, which may be missing */
export function ablationSets(londonFile: string): AblationSets {
  const wild = (source: Source) =>
    generateFaces({
      persons: PERSONS,
      samplesPerPerson: SAMPLES_PER_PERSON,
      seed: SEED,
      sources: { [source]: 1 },
    });
  const mesh = wild("mesh");
  return {
    simulated: new Map<Column, Dataset>([
      ["mesh", mesh],
      ["annotator", wild("annotator")],
      ["detector", wild("detector")],
      ["foreign jaw", withMeanJaw(mesh, 1, SEED)],
      ["Multi-PIE, detector", protocolTest(SEED, "mesh")],
      ["Multi-PIE, manual", protocolTest(SEED, "annotator")],
    ]),
    london: existsSync(londonFile) ? londonFaces(londonFile) : undefined,
  };
}

/**
 * Percent of each column, of models whose probabilities are averaged: macro F1; of Multi-PIE weighted F1; of London the
 * share answered rightly when the choice is between neutral and happy.
 */
export async function measureModels(
  models: readonly Model[],
  { simulated, london }: AblationSets,
): Promise<ReadonlyMap<Column, number>> {
  const nets = await Promise.all(models.map((model) => EmotionNet.load(model)));
  const figures = new Map<Column, number>();
  for (const [column, dataset] of simulated) {
    const { average, weightedAverage } = evaluateAnswers(answers(nets, dataset), dataset.labels, EXPRESSIONS);
    figures.set(column, 100 * (column.startsWith("Multi-PIE") ? weightedAverage : average).f1);
  }
  if (!london) return figures;
  const probabilities = answers(nets, london);
  const [neutral, happy] = [0, 1].map((label) => {
    const own = Array.from(london.labels.keys()).filter((sample) => london.labels[sample] === label);
    const right = own.filter((sample) => {
      const [atRest, smiling] = probabilities.subarray(sample * EXPRESSIONS.length);
      return smiling! > atRest! === (label === 1);
    });
    return (100 * right.length) / own.length;
  }) as [number, number];
  return figures.set("London neutral", neutral).set("London smiling", happy);
}

function answers(nets: readonly EmotionNet[], dataset: Dataset): Float32Array {
  const sum = new Float32Array(dataset.count * EXPRESSIONS.length);
  for (const net of nets) {
    for (const [index, value] of net.classifyBatch(dataset.landmarks, dataset.count).entries()) {
      sum[index]! += value / nets.length;
    }
  }
  return sum;
}

function londonFaces(file: string): Dataset {
  const faces = readLondonSet(file);
  return {
    classes: [...EXPRESSIONS],
    count: faces.length,
    landmarks: Float32Array.from(faces.flatMap(({ landmarks }) => [...landmarks])),
    labels: Int32Array.from(faces, ({ label }) => EXPRESSIONS.indexOf(label)),
    occluded: new Uint8Array((faces.length * LANDMARK_VALUES) / 2),
    names: faces.map(({ id }) => id),
  };
}
