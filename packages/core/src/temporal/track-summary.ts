/** What a whole track showed, counted while it runs; the memory does not grow with its length. */

import { ABSTAIN_REASONS, type AbstainReason } from "../results.ts";
import { UNKNOWN_LABEL } from "./hysteresis.ts";

/** How much of the time one label held. */
export interface TimeShare {
  /** Of the tracked time, 0..1; the shares of all labels and `unknown` sum to 1 (all 0 for a track without duration). */
  readonly share: number;
  /** 95 % interval of the share this face would show if followed for much longer in the same way. */
  readonly interval: readonly [low: number, high: number];
  readonly seconds: number;
}

export interface TrackSummary<Class extends string = string> {
  /** Frames of this face, ignored ones not among them. */
  readonly frames: number;
  /** Frames with a repeated or earlier time. */
  readonly ignoredFrames: number;
  /** Time stamps of the first and last frame, seconds; absent without frames. */
  readonly from?: number;
  readonly to?: number;
  /** Tracked time: from first to last frame without the gaps in which the face was away, seconds. */
  readonly seconds: number;
  readonly shares: Readonly<Record<Class | "unknown", TimeShare>>;
  /** Of the readable frames, before smoothing, by time; sums to 1 (all 0 without readable frames). */
  readonly meanProbabilities: Readonly<Record<Class, number>>;
  /** Finished events by expression. */
  readonly events: Readonly<Record<Class, number>>;
  /** Frames whose own answer was `unknown`, by reason. */
  readonly abstained: Readonly<Record<AbstainReason, number>>;
}

/** Seconds; a spontaneous expression lasts 0.5 to 4 s (P. Ekman, W. V. Friesen, "Felt, false, and miserable smiles", 1982). */
const LONG_EXPRESSION = 4;
/** Standard normal quantile of a two-sided 95 % interval. */
const NORMAL_95 = 1.959964;

/** Gathers the figures of `TrackSummary`. */
export class TrackTally<Class extends string = string> {
  frames = 0;
  ignoredFrames = 0;
  readonly #classes: readonly Class[];
  // One place a class, then one for unknown.
  readonly #seconds: Float64Array;
  readonly #changes: Float64Array;
  readonly #probabilitySeconds: Float64Array;
  readonly #events: Float64Array;
  readonly #abstained: Record<AbstainReason, number>;
  #from: number | undefined;
  #to: number | undefined;

  constructor(classes: readonly Class[]) {
    this.#classes = classes;
    this.#seconds = new Float64Array(classes.length + 1);
    this.#changes = new Float64Array(classes.length + 1);
    this.#probabilitySeconds = new Float64Array(classes.length);
    this.#events = new Float64Array(classes.length);
    this.#abstained = record(ABSTAIN_REASONS, () => 0);
  }

  /** Counts a frame at `time` seconds. @param reason why its own answer was unknown. */
  frame(time: number, reason: AbstainReason | undefined): void {
    this.frames++;
    this.#from ??= time;
    this.#to = time;
    if (reason !== undefined) this.#abstained[reason]++;
  }

  /** `label` (class index or `UNKNOWN_LABEL`) held for these seconds. */
  hold(label: number, seconds: number): void {
    this.#seconds[this.#place(label)]! += seconds;
  }

  /** These probabilities (one a class) held for these seconds. */
  holdProbabilities(probabilities: ArrayLike<number>, seconds: number): void {
    for (let index = 0; index < this.#classes.length; index++) {
      this.#probabilitySeconds[index]! += probabilities[index]! * seconds;
    }
  }

  /** The label changed; both are class indexes or `UNKNOWN_LABEL`. */
  change(from: number, to: number): void {
    this.#changes[this.#place(from)]!++;
    this.#changes[this.#place(to)]!++;
  }

  /** An event of this class ended. */
  event(expression: Class): void {
    this.#events[this.#classes.indexOf(expression)]!++;
  }

  summary(): TrackSummary<Class> {
    const labels = [...this.#classes, "unknown"] as const;
    const seconds = sum(this.#seconds);
    const probabilitySeconds = sum(this.#probabilitySeconds);
    return {
      frames: this.frames,
      ignoredFrames: this.ignoredFrames,
      ...(this.#from === undefined ? {} : { from: this.#from, to: this.#to! }),
      seconds,
      shares: record(labels, (_, index) => timeShare(this.#seconds[index]!, seconds, this.#changes[index]!)),
      meanProbabilities: record(this.#classes, (_, index) =>
        probabilitySeconds > 0 ? this.#probabilitySeconds[index]! / probabilitySeconds : 0,
      ),
      events: record(this.#classes, (_, index) => this.#events[index]!),
      abstained: { ...this.#abstained },
    };
  }

  #place(label: number): number {
    return label === UNKNOWN_LABEL ? this.#classes.length : label;
  }
}

/**
 * Share of time with Wilson's score interval, for an effective number of independent looks.
 *
 * Frames repeat one another; what counts is how often the face came and went. For visits and absences of exponential
 * length the share p̂ after n visits has variance 2p²(1 − p)²/n (the alternating renewal process: D. R. Cox, "Renewal
 * Theory", 1962). A binomial share of m looks has p(1 − p)/m, so m = n / (2p(1 − p)). For a label that held never
 * or always no visit can be counted: then one look for every two long expressions that would have fitted into the time.
 *
 * @param held seconds of the label. @param total tracked seconds. @param changes times the label came or went.
 */
export function timeShare(held: number, total: number, changes: number): TimeShare {
  if (!(total > 0)) return { share: 0, interval: [0, 1], seconds: 0 };
  const share = Math.min(1, held / total);
  // Each pair of changes is a visit and an absence; the first and the last period have only one end.
  const visits = (changes + 1) / 2;
  const isSettled = changes === 0 || share === 0 || share === 1;
  const looks = isSettled ? Math.max(1, total / (2 * LONG_EXPRESSION)) : visits / (2 * share * (1 - share));
  return { share, interval: wilson(share, looks), seconds: held };
}

/** E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927. */
function wilson(share: number, looks: number): [number, number] {
  const square = NORMAL_95 ** 2;
  const centre = (share + square / (2 * looks)) / (1 + square / looks);
  const half =
    (NORMAL_95 / (1 + square / looks)) *
    Math.sqrt((share * (1 - share)) / looks + square / (4 * looks * looks));
  return [Math.min(share, Math.max(0, centre - half)), Math.max(share, Math.min(1, centre + half))];
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function record<Key extends string, Value>(
  keys: readonly Key[],
  valueFor: (key: Key, index: number) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key, index) => [key, valueFor(key, index)])) as Record<Key, Value>;
}
