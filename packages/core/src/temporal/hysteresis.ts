/** A label that does not flicker. */

import { EmotionNetError } from "../errors.ts";

export interface HysteresisOptions {
  /** A class becomes the label when its probability is the largest and at least this, 0..1 … */
  readonly enter: number;
  /** … for this many seconds. */
  readonly enterSeconds: number;
  /** The label is given up for "unknown" when its probability is below this, 0..1 … */
  readonly leave: number;
  /** … for this many seconds. */
  readonly leaveSeconds: number;
}

export const HYSTERESIS: HysteresisOptions = {
  enter: 0.6,
  enterSeconds: 0.1,
  leave: 0.4,
  leaveSeconds: 0.25,
};

/** The label "unknown" among class indexes. */
export const UNKNOWN_LABEL = -1;

// Sums of frame times such as 3 × 1/30 may fall short of 0.1 by rounding.
const ROUNDING = 1e-9;

/**
 * Two thresholds and two durations (a Schmitt trigger with a debounce): between the thresholds the label stays what it
 * is, and beyond them it changes only if the new state lasts. The first frame is taken at once.
 */
export class Hysteresis {
  /** Index of the class, or `UNKNOWN_LABEL`. */
  label: number = UNKNOWN_LABEL;
  readonly #options: HysteresisOptions;
  #pending: number = UNKNOWN_LABEL;
  #pendingSeconds = 0;

  /** @throws EmotionNetError `usage` for thresholds outside 0 ≤ leave ≤ enter ≤ 1 or negative durations. */
  constructor(options: HysteresisOptions = HYSTERESIS) {
    const { enter, enterSeconds, leave, leaveSeconds } = options;
    if (!(0 <= leave && leave <= enter && enter <= 1 && enterSeconds >= 0 && leaveSeconds >= 0)) {
      throw new EmotionNetError("usage", {
        got: `enter ${enter} for ${enterSeconds} s, leave ${leave} for ${leaveSeconds} s`,
        wanted: "0 ≤ leave ≤ enter ≤ 1 and durations of 0 or more seconds",
        mend: "Leave the options out, or set `leave` below `enter`.",
      });
    }
    this.#options = options;
  }

  /**
   * Takes one frame and returns the label.
   * @param probabilities one a class, smoothed. @param elapsed seconds since the last frame; Infinity starts afresh.
   */
  update(probabilities: ArrayLike<number>, elapsed: number): number {
    const wanted = this.#wanted(probabilities);
    if (elapsed === Number.POSITIVE_INFINITY) this.label = wanted;
    if (wanted === this.label || wanted !== this.#pending) this.#pendingSeconds = 0;
    else this.#pendingSeconds += elapsed;
    this.#pending = wanted;
    const { enterSeconds, leaveSeconds } = this.#options;
    const needed = wanted === UNKNOWN_LABEL ? leaveSeconds : enterSeconds;
    if (this.#pendingSeconds >= needed - ROUNDING) this.label = wanted;
    return this.label;
  }

  /** Forgets everything; the label is unknown until the next frame. */
  reset(): void {
    this.label = UNKNOWN_LABEL;
    this.#pending = UNKNOWN_LABEL;
    this.#pendingSeconds = 0;
  }

  #wanted(probabilities: ArrayLike<number>): number {
    let best = 0;
    for (let index = 1; index < probabilities.length; index++) {
      if (probabilities[index]! > probabilities[best]!) best = index;
    }
    if (probabilities[best]! >= this.#options.enter) return best;
    const current = this.label === UNKNOWN_LABEL ? 0 : probabilities[this.label]!;
    return this.label !== UNKNOWN_LABEL && current >= this.#options.leave ? this.label : UNKNOWN_LABEL;
  }
}
