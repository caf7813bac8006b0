/** Threads and batch size by a short probe: the step itself, timed on made-up faces. */

import { availableParallelism } from "node:os";
import { Random } from "../generator/random.ts";
import { DropoutMasks } from "../step/dropout-masks.ts";
import { initialParameters } from "../step/parameters.ts";
import { StepRunner } from "../step/step-runner.ts";
import type { StepOptions } from "../step/training-step.ts";

/** What decides how fast a run goes. Both change the last bits of the weights, the batch size also what is learned. */
export interface SpeedChoice {
  /** Threads of the engine. */
  readonly threads: number;
  readonly batchSize: number;
}

export interface SpeedOptions {
  /** `auto` is probed; when left out that of the checkpoint, else 1. */
  readonly threads: number | "auto" | undefined;
  /** `auto` is probed. */
  readonly batchSize: number | "auto";
  /** Of the checkpoint that the run goes on from: what was probed is not probed again. */
  readonly stored: SpeedChoice | undefined;
  /** Samples of an epoch. */
  readonly samples: number;
  /** Whether faces are drawn meanwhile, which takes a core of its own. */
  readonly isDrawn: boolean;
  readonly stepOf: (batchSize: number) => StepOptions;
  readonly log: (line: string) => void;
}

const BATCH_SIZES = [64, 128, 256, 512, 1024, 2048];
/** Larger batches than this leaves would take too few steps an epoch to learn well. */
const LEAST_STEPS_PER_EPOCH = 20;
/** Of the best rate: the fewest threads and the smallest batch that reach it are taken. */
const GOOD_ENOUGH = { threads: 0.93, batchSize: 0.9 };
const PROBE = { warmUpSteps: 2, leastSteps: 3, milliseconds: 300 };

/** Settles threads and batch size, probing what is left to it: about half a second a candidate. */
export async function chooseSpeed(options: SpeedOptions): Promise<SpeedChoice> {
  const { stored, samples, stepOf, log } = options;
  const batchSizes = batchSizesFor(samples);
  const isBatchOpen = options.batchSize === "auto" && !stored;
  const largest =
    options.batchSize === "auto" ? (stored?.batchSize ?? batchSizes.at(-1)!) : options.batchSize;
  let threads = options.threads === "auto" ? stored?.threads : (options.threads ?? stored?.threads ?? 1);
  if (threads === undefined) {
    const candidates = threadCounts(availableParallelism() - (options.isDrawn ? 1 : 0));
    const rates = await probed(candidates, (count) => stepRate(stepOf(largest), count));
    threads = leastGood(candidates, rates, GOOD_ENOUGH.threads);
    log(`Probe at batch ${largest}: ${describe(candidates, rates, "threads")}; taking ${threads}.`);
  }
  if (!isBatchOpen) return { threads, batchSize: largest };
  const engineThreads = threads;
  const rates = await probed(batchSizes, (size) => stepRate(stepOf(size), engineThreads));
  const batchSize = leastGood(batchSizes, rates, GOOD_ENOUGH.batchSize);
  log(`Probe of batch sizes: ${describe(batchSizes, rates, "a batch")}; taking ${batchSize}.`);
  return { threads, batchSize };
}

/** The batch sizes that so many samples an epoch allow, ascending. */
export function batchSizesFor(samples: number): number[] {
  const fitting = BATCH_SIZES.filter((size) => size * LEAST_STEPS_PER_EPOCH <= samples);
  return fitting.length > 0 ? fitting : [Math.max(1, Math.min(BATCH_SIZES[0]!, samples))];
}

/** 1, 2, 4, … and all of the cores. */
export function threadCounts(cores: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < cores; count *= 2) counts.push(count);
  return [...counts, Math.max(cores, 1)];
}

/** The first candidate whose rate reaches `share` of the best. */
export function leastGood(candidates: readonly number[], rates: readonly number[], share: number): number {
  const enough = share * Math.max(...rates);
  return candidates[rates.findIndex((rate) => rate >= enough)]!;
}

async function probed(candidates: readonly number[], rateOf: (candidate: number) => Promise<number>) {
  // A single candidate needs no probe.
  if (candidates.length === 1) return [Number.POSITIVE_INFINITY];
  const rates: number[] = [];
  for (const candidate of candidates) rates.push(await rateOf(candidate));
  return rates;
}

/** Samples a second of the fastest of a few steps: whatever else the machine does slows the others. */
async function stepRate(options: StepOptions, threads: number): Promise<number> {
  const { spec, batchSize } = options;
  const random = new Random(1);
  const runner = await StepRunner.create(options, initialParameters(spec, random), threads);
  try {
    const masks = new DropoutMasks(spec, batchSize, random).draw(random);
    const inputs = Float32Array.from({ length: batchSize * spec.inputs }, () => random.uniform(-1, 1));
    const classCount = spec.classes.length;
    const targets = new Float32Array(batchSize * classCount);
    for (let sample = 0; sample < batchSize; sample++) {
      targets[sample * classCount + random.integer(classCount)] = 1;
    }
    const feeds = { inputs, targets, masks, learningRate: 1e-4, statisticsRate: 0.01 };
    for (let step = 0; step < PROBE.warmUpSteps; step++) await runner.run(feeds);
    let fastest = Number.POSITIVE_INFINITY;
    const started = performance.now();
    for (
      let steps = 0;
      steps < PROBE.leastSteps || performance.now() - started < PROBE.milliseconds;
      steps++
    ) {
      const before = performance.now();
      await runner.run(feeds);
      fastest = Math.min(fastest, performance.now() - before);
    }
    return (1000 * batchSize) / fastest;
  } finally {
    await runner.release();
  }
}

function describe(candidates: readonly number[], rates: readonly number[], unit: string): string {
  return candidates
    .map((candidate, index) => {
      const rate = rates[index]!;
      const measured = Number.isFinite(rate) ? `${Math.round(rate)} samples/s` : "is the only choice";
      return `${candidate} ${unit} ${measured}`;
    })
    .join(", ");
}
