/** Faces a second of a model, beside the accuracy of the very model that was timed. */

import { arch, cpus, platform, release } from "node:os";
import { EmotionNet, EmotionNetError, type Model } from "@emotionnet/core";
import { evaluateAnswers } from "../evaluate/evaluate-answers.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import {
  type BenchmarkEngine,
  type BenchmarkPrecision,
  type Candidate,
  createCandidate,
} from "./candidate.ts";
import { type Timing, timeCalls } from "./timing.ts";

export interface BenchmarkOptions {
  readonly model: Model;
  readonly engine: BenchmarkEngine;
  readonly precision: BenchmarkPrecision;
  /** Faces a call. */
  readonly batches: readonly number[];
  readonly threads: number;
  /** Measured for each batch, after a warm-up of a quarter of it. */
  readonly seconds: number;
  readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
  readonly signal?: AbortSignal;
}

export interface BatchTiming extends Timing {
  readonly batch: number;
  readonly facesPerSecond: number;
}

/** What was timed is what was scored: answers to simulated faces, against those of full precision. */
export interface BenchmarkAccuracy {
  readonly simulatedFaces: number;
  /** Share of faces with the same answer as in full precision, 0..1. */
  readonly sameAnswer: number;
  readonly largestProbabilityDifference: number;
  /** Mean F1 of the classes, 0..1; missing for models of other classes than the generator's. */
  readonly macroF1?: { readonly timed: number; readonly fullPrecision: number };
}

export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly runtime: string;
}

export interface BenchmarkReport {
  readonly model: string;
  /** Widths from input to classes, such as 136-256-128-64-6. */
  readonly network: string;
  readonly engine: string;
  readonly precision: BenchmarkPrecision;
  readonly threads: number;
  readonly timings: readonly BatchTiming[];
  readonly accuracy: BenchmarkAccuracy;
  /** Bytes of the process after the measurement. */
  readonly memory: { readonly resident: number; readonly heap: number };
  readonly machine: MachineFacts;
}

/** Persons and seeds of faces that no training of this project uses. */
const TEST_SET = { persons: 128, samplesPerPerson: 32, seed: 990_001 } as const;
const CALIBRATION_SET = { persons: 32, samplesPerPerson: 16, seed: 990_002 } as const;
const WARM_UP_SHARE = 0.25;

/**
 * Times a model on simulated faces (their activations are zero where those of real faces are) and scores it on the same.
 * @throws EmotionNetError `usage` for a precision that the engine does not have
 */
export async function benchmarkModel(options: BenchmarkOptions): Promise<BenchmarkReport> {
  const { model, engine, precision, batches, threads } = options;
  if (model.metadata.scheme !== "ibug-68") {
    throw new EmotionNetError("usage", {
      got: `a model of the scheme ${model.metadata.scheme}`,
      wanted: "one of 68 points: the simulated faces that it is timed and scored on have no more",
      mend: "Measure its answers with evaluate, and its speed with a model of 68 points and the same hidden layers.",
    });
  }
  const { landmarks: calibration } = generateFaces(CALIBRATION_SET);
  const candidate = await createCandidate({ model, engine, precision, threads, calibration });
  const { landmarks, labels, classes } = generateFaces(TEST_SET);
  try {
    const timings = await timeBatches(candidate, landmarks, batches, options);
    const { spec, name } = model.metadata;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      model: name,
      network: [spec.inputs, ...spec.hidden, spec.classes.length].join("-"),
      engine: candidate.engine,
      precision,
      threads,
      timings,
      accuracy: await scoreCandidate(candidate, model, { landmarks, labels, classes }),
      memory: { resident: rss, heap: heapUsed },
      machine: machineFacts(),
    };
  } finally {
    await candidate.release();
  }
}

async function timeBatches(
  candidate: Candidate,
  faces: Float32Array,
  batches: readonly number[],
  { seconds, onProgress, signal }: BenchmarkOptions,
): Promise<BatchTiming[]> {
  const timings: BatchTiming[] = [];
  for (const [index, batch] of batches.entries()) {
    const timing = await timeCalls(candidate.caller(faces, batch), {
      seconds,
      warmUpSeconds: WARM_UP_SHARE * seconds,
      signal,
      onSeconds: (done, total) =>
        onProgress?.({ done: index + done / total, total: batches.length, label: `Timing batch ${batch}` }),
    });
    timings.push({ batch, ...timing, facesPerSecond: batch * timing.callsPerSecond });
  }
  return timings;
}

async function scoreCandidate(
  candidate: Candidate,
  model: Model,
  faces: { landmarks: Float32Array; labels: Int32Array; classes: readonly string[] },
): Promise<BenchmarkAccuracy> {
  const { classes } = model.metadata.spec;
  const count = faces.labels.length;
  const full = await EmotionNet.load(model);
  const wanted = full.classifyBatch(faces.landmarks, count);
  const got = await candidate.predict(faces.landmarks);
  const largest = got.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)), 0);
  const answers = answersOf(wanted, count);
  const same = answersOf(got, count).filter((answer, face) => answer === answers[face]).length;
  const macroF1 = (probabilities: Float32Array) =>
    evaluateAnswers(probabilities, faces.labels, classes).average.f1;
  return {
    simulatedFaces: count,
    sameAnswer: same / count,
    largestProbabilityDifference: largest,
    ...(classes.join() === faces.classes.join()
      ? { macroF1: { timed: macroF1(got), fullPrecision: macroF1(wanted) } }
      : {}),
  };
}

/** The place of the largest value in each of `count` rows. */
function answersOf(probabilities: Float32Array, count: number): number[] {
  const width = probabilities.length / count;
  return Array.from({ length: count }, (_, face) => {
    const row = probabilities.subarray(face * width, (face + 1) * width);
    return row.indexOf(Math.max(...row));
  });
}

/** What the figures were measured on. */
export function machineFacts(): MachineFacts {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    system: `${platform()} ${release()} ${arch()}`,
    runtime: `Node ${process.versions.node}`,
  };
}
