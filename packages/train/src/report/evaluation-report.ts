/** Everything that an evaluation has to say about a model on one data set, as data. */

import { setImmediate } from "node:timers/promises";
import type { AbstainThresholds, Model } from "@emotionnet/core";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import {
  type AbstentionCounts,
  countAbstentions,
  type JudgedFace,
  judgeFaces,
  reasonOf,
} from "../evaluate/abstention.ts";
import {
  type Calibration,
  measureCalibration,
  reliability,
  withoutTemperature,
} from "../evaluate/calibration.ts";
import type { ConfidenceBin } from "../evaluate/confidence-bins.ts";
import { DISTURBANCES, type DisturbanceName, disturbed } from "../evaluate/disturbances.ts";
import { evaluateAnswers, type ModelEvaluation } from "../evaluate/evaluate-answers.ts";
import type { EvaluationContext } from "../evaluate/evaluation-json.ts";
import { type RiskCoverage, riskCoverage } from "../evaluate/risk-coverage.ts";
import { type Baselines, measureBaselines } from "./baselines.ts";
import { bootstrapPersons, type Interval } from "./bootstrap.ts";
import { evenly, measureRobustness, type Robustness } from "./robustness.ts";
import { type Attribute, LEAST_PERSONS, measureSlices, ownAttributes, type SliceGroup } from "./slices.ts";
import { FIGURE_NAMES, weightedFigures } from "./weighted-metrics.ts";

export interface CalibrationReport extends Calibration {
  readonly bins: readonly ConfidenceBin[];
}

export interface AbstentionReport {
  readonly thresholds: AbstainThresholds;
  readonly clean: AbstentionCounts;
  /** Faces that the model takes to be turned by 20° at most and not too small; absent when it cannot tell or there are none. */
  readonly frontal?: AbstentionCounts;
  /** The same faces with their points disturbed. */
  readonly disturbed: Readonly<Record<DisturbanceName, AbstentionCounts>>;
}

export interface EvaluationReport {
  readonly context: EvaluationContext;
  readonly evaluation: ModelEvaluation;
  readonly persons: number;
  /** By the names that gates know; 95 %, persons resampled. Classes that no face shows have none. */
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly baselines: Baselines;
  /** `before`: at temperature 1; known for trainable models only. */
  readonly calibration: {
    readonly temperature?: number;
    readonly before?: CalibrationReport;
    readonly after: CalibrationReport;
  };
  readonly riskCoverage: RiskCoverage;
  /** Absent for files without a shape model (ONNX). */
  readonly abstention?: AbstentionReport;
  readonly slices: readonly SliceGroup[];
  readonly robustness?: Robustness;
  /** What to be careful about, one sentence each. */
  readonly warnings: readonly string[];
}

export interface ReportOptions {
  readonly dataset: Dataset;
  /** (samples × classes) as answered. */
  readonly probabilities: Float32Array;
  readonly context: EvaluationContext;
  /** The trainable model; without it there is no abstention and no robustness sweep. */
  readonly model?: Model;
  /** Further attributes to slice by. */
  readonly attributes?: readonly Attribute[];
  /** What else to be careful about, one sentence each. */
  readonly warnings?: readonly string[];
  /** Of everything random in the report. */
  readonly seed: number;
  readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
  readonly signal?: AbortSignal;
}

/** Faces a disturbance is tried on; taken evenly from larger sets. */
const MOST_DISTURBED = 2000;
/** Degrees to either side that count as frontal. */
const FRONTAL_YAW = 20;

/**
 * Measures all parts of the report. The same options give the same figures.
 * @throws the signal's reason when aborted
 */
export async function buildReport(options: ReportOptions): Promise<EvaluationReport> {
  const { dataset, probabilities, context, model, attributes = [], seed, onProgress, signal } = options;
  const { classes, labels } = dataset;
  const say = (done: number, total: number, label: string) => {
    signal?.throwIfAborted();
    onProgress?.({ done, total, label });
  };
  const begin = async (label: string) => {
    await setImmediate();
    say(0, 1, label);
  };
  await begin("Resampling persons");
  const evaluation = evaluateAnswers(probabilities, labels, classes);
  const persons = dataset.names.map(personOf);
  const resampled = await bootstrapPersons({
    persons,
    measure: weightedFigures({ probabilities, labels, classes }),
    seed,
    onProgress: (done, total) => say(done, total, "Resampling persons"),
  });
  const absent = evaluation.classes.filter(({ support }) => support === 0).map(({ name }) => `f1_${name}`);
  const answers = answersOf(probabilities, classes.length);
  const faces = model
    ? await judgeFaces(model, dataset, (done) => say(done, dataset.count, "Judging landmarks"))
    : undefined;
  const abstention = model && faces ? await abstentionOf(model, dataset, faces, seed, say) : undefined;
  const robustness =
    model &&
    (await measureRobustness(model, dataset, seed, (done, total) =>
      say(done, total, "Adding noise and leaving out points"),
    ));
  await begin("Comparing with simple methods");
  const baselines = measureBaselines(dataset);
  await begin("Slicing");
  const slices = measureSlices({
    dataset,
    answers: answers.map(({ id }) => id),
    ...(model && faces
      ? { abstains: faces.map((face) => reasonOf(face, model.metadata.abstain) !== undefined) }
      : {}),
    attributes: [...ownAttributes(model, dataset), ...attributes],
  });
  await begin("Measuring calibration");
  const personCount = new Set(persons).size;
  return {
    context,
    evaluation,
    persons: personCount,
    intervals: Object.fromEntries(Object.entries(resampled).filter(([name]) => !absent.includes(name))),
    baselines,
    calibration: calibrationOf(probabilities, dataset, model?.metadata.temperature),
    riskCoverage: riskCoverage(
      answers.map(({ confidence }) => confidence),
      answers.map(({ id }, sample) => id === labels[sample]),
    ),
    ...(abstention ? { abstention } : {}),
    slices,
    ...(robustness ? { robustness } : {}),
    warnings: [...warningsOf(personCount, evaluation, context), ...(options.warnings ?? [])],
  };
}

/** The names of all figures that a gate may name; those of abstaining and noise exist for trainable models only. */
export function gateNames(classes: readonly string[]): string[] {
  const measured = [...FIGURE_NAMES, ...classes.map((name) => `f1_${name}`)];
  return [
    ...measured.flatMap((name) => [name, `${name}_low`, `${name}_high`]),
    "aurc",
    "persons",
    "samples",
    "abstained",
    "abstained_frontal",
    ...(Object.keys(DISTURBANCES) as DisturbanceName[]).map(disturbanceFigure),
    "worst_macro_f1",
  ];
}

function disturbanceFigure(name: string): string {
  return `abstained_${name.replaceAll(/[ -]/g, "_")}`;
}

/** Every figure that a gate may name, as far as it was measured. */
export function gateFigures(report: EvaluationReport): Record<string, number> {
  const { intervals, riskCoverage: risk, abstention, robustness } = report;
  const named = Object.entries(intervals).flatMap(([name, { value, low, high }]) => [
    [name, value],
    ...(low === undefined ? [] : [[`${name}_low`, low]]),
    ...(high === undefined ? [] : [[`${name}_high`, high]]),
  ]);
  const disturbedShares = Object.entries(abstention?.disturbed ?? {}).map(([name, counts]) => [
    disturbanceFigure(name),
    counts.abstained,
  ]);
  return Object.fromEntries([
    ...named,
    ["aurc", risk.aurc],
    ["persons", report.persons],
    ["samples", report.evaluation.total],
    ...(abstention ? [["abstained", abstention.clean.abstained]] : []),
    ...(abstention?.frontal ? [["abstained_frontal", abstention.frontal.abstained]] : []),
    ...disturbedShares,
    ...(robustness ? [["worst_macro_f1", Math.min(...robustness.cells.map(({ macroF1 }) => macroF1))]] : []),
  ]);
}

function answersOf(probabilities: Float32Array, classCount: number): { id: number; confidence: number }[] {
  return Array.from({ length: probabilities.length / classCount }, (_, sample) => {
    const row = probabilities.subarray(sample * classCount, (sample + 1) * classCount);
    const confidence = Math.max(...row);
    return { id: row.indexOf(confidence), confidence };
  });
}

function calibrationOf(
  probabilities: Float32Array,
  { labels, classes }: Dataset,
  temperature: number | undefined,
): EvaluationReport["calibration"] {
  const report = (rows: Float32Array): CalibrationReport => ({
    ...measureCalibration(rows, labels, classes.length),
    bins: reliability(rows, labels, classes.length),
  });
  const after = report(probabilities);
  if (temperature === undefined) return { after };
  return {
    temperature,
    before: report(withoutTemperature(probabilities, classes.length, temperature)),
    after,
  };
}

async function abstentionOf(
  model: Model,
  dataset: Dataset,
  faces: readonly JudgedFace[],
  seed: number,
  say: (done: number, total: number, label: string) => void,
): Promise<AbstentionReport> {
  const thresholds = model.metadata.abstain;
  const isFrontal = ({ yaw, size }: JudgedFace) =>
    yaw !== undefined && Math.abs(yaw) <= FRONTAL_YAW && size >= (thresholds.size ?? 0);
  const frontal = faces.filter(isFrontal);
  const sample = evenly(dataset, MOST_DISTURBED);
  const names = Object.keys(DISTURBANCES) as DisturbanceName[];
  const entries: [DisturbanceName, AbstentionCounts][] = [];
  for (const [index, name] of names.entries()) {
    say(index, names.length, "Disturbing points");
    const judged = await judgeFaces(model, disturbed(sample, name, seed));
    entries.push([name, countAbstentions(judged, thresholds)]);
  }
  return {
    thresholds,
    clean: countAbstentions(faces, thresholds),
    ...(frontal.length > 0 ? { frontal: countAbstentions(frontal, thresholds) } : {}),
    disturbed: Object.fromEntries(entries) as Record<DisturbanceName, AbstentionCounts>,
  };
}

function warningsOf(
  persons: number,
  { classes, total }: ModelEvaluation,
  { isSimulated, isPartlySimulated }: EvaluationContext,
): string[] {
  const shown = classes.filter(({ support }) => support > 0);
  const absent = classes.filter(({ support }) => support === 0).map(({ name }) => name);
  const shownF1 = shown.reduce((sum, { f1 }) => sum + f1, 0) / shown.length;
  return [
    ...(isSimulated ? [isPartlySimulated ? PARTLY_SIMULATED : SIMULATED] : []),
    ...fewPersonsWarning(persons),
    ...(persons === total && total > 1
      ? ["Every face counts as a person of its own; if persons recur, the intervals are too narrow."]
      : []),
    ...(absent.length > 0
      ? [
          `No face shows ${absent.join(", ")}: averages over the classes count such a class as 0. The macro F1 of the classes that are shown is ${shownF1.toFixed(4)}${isSimulated ? " (simulated)" : ""}.`,
        ]
      : []),
  ];
}

const SIMULATED =
  "All figures are simulated: they say how well the model learned the simulation, not how well it reads real faces.";
const PARTLY_SIMULATED =
  "Some of the sets are simulated: the figures mix simulated faces with others and do not say how well the model reads real faces.";

function fewPersonsWarning(persons: number): string[] {
  if (persons >= LEAST_PERSONS) return [];
  return persons === 1
    ? ["Only 1 person: there are no intervals, and all figures are about this person."]
    : [`Only ${persons} persons: below ${LEAST_PERSONS}, figures say more about them than about the model.`];
}
