/** How far figures would move if other persons had been photographed: a bootstrap that draws persons, not pictures. */

import { setImmediate } from "node:timers/promises";
import { Random } from "../generator/random.ts";

/** A figure with the interval that holds 95 % of its resampled values; one person alone says nothing about others and gives none. */
export interface Interval {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface BootstrapOptions {
  /** (samples) which person each sample shows; pictures of one person are not independent, so they go together. */
  readonly persons: readonly string[];
  /** Figures by name from the weight of each sample: how often its person was drawn. */
  readonly measure: (weights: Float64Array) => Readonly<Record<string, number>>;
  readonly seed: number;
  /** Resamples, default 500. */
  readonly resamples?: number;
  /** Between resamples; what it throws ends the work. */
  readonly onProgress?: (done: number, total: number) => void;
}

const DEFAULT_RESAMPLES = 500;
const TAIL = 0.025;
/** Weights given out before other work may run. */
const WEIGHTS_PER_PART = 2_000_000;

/**
 * 95 % percentile intervals (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; clusters as in Field and
 * Welsh, "Bootstrapping Clustered Data", 2007). The same seed gives the same intervals.
 */
export async function bootstrapPersons({
  persons,
  measure,
  seed,
  resamples = DEFAULT_RESAMPLES,
  onProgress,
}: BootstrapOptions): Promise<Record<string, Interval>> {
  const names = [...new Set(persons)];
  const numbers = new Map(names.map((name, number) => [name, number]));
  const personOfSample = Int32Array.from(persons, (name) => numbers.get(name)!);
  const weights = new Float64Array(persons.length).fill(1);
  const values = measure(weights);
  if (names.length < 2) {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  }
  const resamplesPerPart = Math.ceil(WEIGHTS_PER_PART / weights.length);
  const drawn = Object.fromEntries(Object.keys(values).map((name) => [name, new Float64Array(resamples)]));
  const times = new Float64Array(names.length);
  for (let turn = 0; turn < resamples; turn++) {
    const random = new Random(seed, turn);
    times.fill(0);
    for (let person = 0; person < names.length; person++) {
      times[Math.floor(random.uniform(0, names.length))]!++;
    }
    for (let sample = 0; sample < weights.length; sample++) weights[sample] = times[personOfSample[sample]!]!;
    for (const [name, value] of Object.entries(measure(weights))) drawn[name]![turn] = value;
    if ((turn + 1) % resamplesPerPart === 0) {
      await setImmediate();
      onProgress?.(turn + 1, resamples);
    }
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const sorted = drawn[name]!.sort();
      const quantile = (share: number) => sorted[Math.round(share * (resamples - 1))]!;
      return [name, { value, low: quantile(TAIL), high: quantile(1 - TAIL) }];
    }),
  );
}
