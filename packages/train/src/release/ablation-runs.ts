/** The questions that the ablation asks: each run differs from the first in one thing. */

import type { Expression } from "@emotionnet/core";
import type { GenerateOptions } from "../generator/generate-faces.ts";
import type { Source } from "../generator/sensor.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { MEAN_JAW_SHARE } from "./simulated-sets.ts";

export interface AblationRun {
  readonly question: string;
  readonly name: string;
  /** Persons in free and in studio pictures, × 60 faces. */
  readonly persons: readonly [wild: number, studio: number];
  readonly samplesPerPerson: number;
  readonly sources?: Readonly<Partial<Record<Source, number>>>;
  /** Share of posed performances in free pictures. */
  readonly posedShare: number;
  readonly lipPoints?: GenerateOptions["lipPoints"];
  /** Weights of the loss; those left out are 1. Without it the spec's. */
  readonly classWeights?: Readonly<Partial<Record<Expression, number>>>;
  /** Share of training faces whose jaw is replaced by the mean one, as if the detector had not seen it. */
  readonly meanJawShare: number;
  /** Models of different seeds whose probabilities are averaged. */
  readonly models: number;
  readonly seed: number;
  readonly hidden: readonly number[];
  readonly dropout: number;
  readonly labelSmoothing: number;
  readonly pointNoise: number;
  readonly l2: number;
}

const FIRST_SEED = 1;

/** The first run: the shipped recipe on fewer faces. */
export function baseRun(spec: TrainingSpec, hidden: readonly number[]): AblationRun {
  const parameters = spec.model.model_parameters;
  return {
    question: "the recipe",
    name: "as shipped, on fewer faces",
    persons: [600, 240],
    posedShare: 0,
    samplesPerPerson: 60,
    meanJawShare: MEAN_JAW_SHARE,
    models: 1,
    seed: FIRST_SEED,
    hidden,
    dropout: parameters.dropout_rate,
    labelSmoothing: spec.loss.label_smoothing,
    pointNoise: spec.augmentation.point_noise,
    l2: parameters.regularization_factor,
  };
}

type Change = Partial<Omit<AblationRun, "question" | "name">>;

const CHANGES: readonly (readonly [question: string, name: string, change: Change])[] = [
  ["seed", "2", { seed: 2 }],
  ["averaging", "mean of 3 models", { models: 3 }],
  ["lips", "points stay on the skin", { lipPoints: "skin" }],
  ["sources", "mesh only", { sources: { mesh: 1 } }],
  ["sources", "never a mesh", { sources: { annotator: 0.6, detector: 0.4 } }],
  ["sources", "never an annotator", { sources: { mesh: 0.7, detector: 0.3 } }],
  ["sources", "never a detector", { sources: { mesh: 0.6, annotator: 0.4 } }],
  ["jaw", "never a mean jaw", { meanJawShare: 0 }],
  ["class weights", "none", { classWeights: {} }],
  ["class weights", "neutral 1.5", { classWeights: { neutral: 1.5 } }],
  ["class weights", "happy 1.5", { classWeights: { happy: 1.5 } }],
  ["width", "128-64", { hidden: [128, 64] }],
  ["width", "384-192-96", { hidden: [384, 192, 96] }],
  ["width", "512-512-512-512-512", { hidden: [512, 512, 512, 512, 512] }],
  ["faces", "a third", { persons: [200, 80] }],
  ["faces", "three times", { persons: [1800, 720] }],
  ["dropout", "0.2", { dropout: 0.2 }],
  ["label smoothing", "0", { labelSmoothing: 0 }],
  ["label smoothing", "0.1", { labelSmoothing: 0.1 }],
  ["point noise", "0", { pointNoise: 0 }],
  ["point noise", "0.02", { pointNoise: 0.02 }],
  ["style", "half of the free pictures posed", { posedShare: 0.5 }],
  ["style", "all of the free pictures posed", { posedShare: 1 }],
  ["studio", "no studio pictures", { persons: [840, 0] }],
  ["persons", "a fifth, five times the faces of each", { persons: [120, 48], samplesPerPerson: 300 }],
  ["persons", "five times, a fifth of the faces of each", { persons: [3000, 1200], samplesPerPerson: 12 }],
  ["L2", "0.0001", { l2: 1e-4 }],
];

/** The base run and, after it, one run a change. */
export function ablationRuns(base: AblationRun): readonly AblationRun[] {
  return [base, ...CHANGES.map(([question, name, change]) => ({ ...base, question, name, ...change }))];
}
