/** Calibrated probabilities of one face, smoothed through time. */

import { EmotionNetError } from "../errors.ts";

/** A probability counts as at least this much, so that one frame never argues with more than a thousand to one. */
const FLOOR = 0.001;

/**
 * Exponential smoothing of log-probabilities, renormalised: the weighted geometric mean of all frames so far, where a
 * frame's weight fades with its age by e^(−age / timeConstant).
 *
 * The result is positive and sums to 1 by construction. Logarithms, because a linear average of calibrated
 * probabilities is never calibrated itself (it is too cautious: R. Ranjan and T. Gneiting, "Combining probability
 * forecasts", J. R. Stat. Soc. B 72, 2010), while the geometric pool averages the evidence, that is the logits, and
 * gives the same answer whether a prior is applied before or after it (C. Genest, "A characterization theorem for
 * externally Bayesian groups", Ann. Stat. 12, 1984). The weights sum to 1: neighbouring frames repeat one another and
 * must not make the answer surer than each of them.
 */
export class ProbabilitySmoother {
  /** The current answer: one number a class, above 0, summing to 1; equal shares before the first frame. */
  readonly probabilities: Float64Array;
  readonly #fresh: Float64Array;
  readonly #logarithms: Float64Array;
  readonly #timeConstant: number;
  // Sum of the faded weights; 0 = nothing seen, undefined = one frame whose own weight is not known yet.
  #weight: number | undefined = 0;

  /** @param timeConstant seconds after which a frame counts 1/e; 0 = no smoothing. */
  constructor(classCount: number, timeConstant = 0.15) {
    this.#timeConstant = timeConstant;
    this.#fresh = new Float64Array(classCount);
    this.#logarithms = new Float64Array(classCount);
    this.probabilities = new Float64Array(classCount).fill(1 / classCount);
  }

  /**
   * Takes one frame and returns `probabilities` (the same array each time).
   * @param elapsed seconds since the last frame; 0 changes nothing, Infinity starts afresh.
   * @throws EmotionNetError `probabilities-invalid`.
   */
  update(probabilities: ArrayLike<number>, elapsed: number): Float64Array {
    const fresh = readProbabilities(this.#fresh, probabilities);
    const share = this.#shareOfNew(elapsed);
    let total = 0;
    for (let index = 0; index < this.#logarithms.length; index++) {
      const value = Math.log(Math.max(FLOOR, fresh[index]!));
      this.#logarithms[index]! += share * (value - this.#logarithms[index]!);
      this.probabilities[index] = Math.exp(this.#logarithms[index]!);
      total += this.probabilities[index]!;
    }
    for (let index = 0; index < this.#logarithms.length; index++) this.probabilities[index]! /= total;
    return this.probabilities;
  }

  // The first frames form a plain average, so that the very first, perhaps a bad one, does not linger.
  #shareOfNew(elapsed: number): number {
    if (this.#weight === 0 || elapsed === Number.POSITIVE_INFINITY) {
      this.#weight = undefined;
      return 1;
    }
    if (elapsed === 0) return 0;
    const kept = Math.exp(-elapsed / this.#timeConstant);
    const own = 1 - kept;
    const weight = (this.#weight ?? own) * kept + own;
    this.#weight = weight;
    return own / weight;
  }
}

/**
 * Writes probabilities, scaled to sum to 1 exactly, into `target` (which may be the same array) and returns it.
 * @throws EmotionNetError `probabilities-invalid` for negative or not finite numbers, when all are 0, or another count.
 */
export function readProbabilities(target: Float64Array, probabilities: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let index = 0; index < target.length; index++) {
    const value = probabilities[index] ?? Number.NaN;
    sum += value >= 0 ? value : Number.NaN;
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY && probabilities.length === target.length)) {
    throw new EmotionNetError("probabilities-invalid", {
      got: `the probabilities ${Array.from(probabilities).join(", ")}`,
      wanted: `${target.length} numbers from 0 to 1 that sum to 1`,
      mend: "Pass the classifier's own answer, with the classes the track was made for.",
    });
  }
  for (let index = 0; index < target.length; index++) target[index] = probabilities[index]! / sum;
  return target;
}
