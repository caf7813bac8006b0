/** One face through time: smooth probabilities, a steady label, events, a personal baseline, a summary. */

import { EmotionNetError } from "../errors.ts";
import { normalise } from "../landmarks/normalise.ts";
import { type ModelScheme, type Points, toIbug68, toScheme } from "../landmarks/scheme.ts";
import type { AbstainReason, Classification } from "../results.ts";
import { type ExpressionEvent, ExpressionEvents } from "./expression-events.ts";
import { FrameClock } from "./frame-clock.ts";
import { HYSTERESIS, Hysteresis, type HysteresisOptions, UNKNOWN_LABEL } from "./hysteresis.ts";
import { NeutralBaseline } from "./neutral-baseline.ts";
import { ProbabilitySmoother, readProbabilities } from "./probability-smoother.ts";
import { type TrackSummary, TrackTally } from "./track-summary.ts";

export interface TrackOptions {
  /** Seconds after which a frame counts 1/e in the smoothed probabilities; 0 = no smoothing. Default 0.15. */
  readonly timeConstant?: number;
  /** When the label changes; defaults in `HYSTERESIS`. */
  readonly hysteresis?: Partial<HysteresisOptions>;
  /** Seconds without a readable frame that label and events outlast, more than a frame's length. Default 1. */
  readonly longestGap?: number;
  /** `on`: learn the person's resting face and let `correct` take it away. Default `off`. */
  readonly neutralBaseline?: "on" | "off";
}

/** The answer for one frame. */
export interface TrackUpdate<Class extends string = string> {
  /**
   * Smoothed probabilities and the class they favour: `unknown` with `low-confidence` when none reaches the hysteresis'
   * `leave`, or with the frame's own reason when its face could not be read (the probabilities are then the last ones).
   */
  readonly smoothed: Classification<Class>;
  /** The steady label: what to show on a screen. */
  readonly label: Class | "unknown";
  /** What began or ended with this frame. */
  readonly events: readonly ExpressionEvent<Class>[];
}

/** The class a face at rest has. */
const RESTING = "neutral";

/**
 * Follows one face. For every frame:
 *
 *     const answer = net.classify(track.correct(points));   // correct: only with the neutral baseline on
 *     const { smoothed, label, events } = track.push(time, answer, points);
 *
 * Frames may be any time apart, and frames without the face are simply not pushed. A repeated or slightly earlier time
 * changes nothing and is counted; one more than a second back is an error. Memory does not grow.
 */
export class ExpressionTrack<Class extends string = string> {
  readonly #classes: readonly Class[];
  readonly #scheme: ModelScheme;
  readonly #leave: number;
  readonly #longestGap: number;
  readonly #clock = new FrameClock();
  readonly #smoother: ProbabilitySmoother;
  readonly #hysteresis: Hysteresis;
  readonly #events: ExpressionEvents<Class>;
  readonly #tally: TrackTally<Class>;
  readonly #baseline: NeutralBaseline | undefined;
  readonly #resting: number;
  readonly #raw: Float64Array;
  #readableTime: number | undefined;
  #last: TrackUpdate<Class> | undefined;
  #isFinished = false;

  /**
   * @param classes names in the classifier's order; `neutral` is the resting one, which makes no events.
   * @param scheme of the classifier's points.
   * @throws EmotionNetError `usage` for options out of range, or for a baseline without a class `neutral` or with more than
   * 68 points, of whose mean places nothing is known.
   */
  constructor(classes: readonly Class[], options: TrackOptions = {}, scheme: ModelScheme = "ibug-68") {
    const { timeConstant = 0.15, longestGap = 1, neutralBaseline = "off" } = options;
    const hysteresis = { ...HYSTERESIS, ...options.hysteresis };
    const resting = classes.find((name) => name === RESTING);
    if (!(timeConstant >= 0 && longestGap > 0)) throw wrongSeconds(timeConstant, longestGap);
    if (neutralBaseline === "on" && resting === undefined) throw noRestingClass(classes);
    if (neutralBaseline === "on" && scheme !== "ibug-68") throw noMeanFace(scheme);
    this.#classes = classes;
    this.#scheme = scheme;
    this.#leave = hysteresis.leave;
    this.#longestGap = longestGap;
    this.#smoother = new ProbabilitySmoother(classes.length, timeConstant);
    this.#hysteresis = new Hysteresis(hysteresis);
    this.#events = new ExpressionEvents(classes, resting);
    this.#tally = new TrackTally(classes);
    this.#baseline = neutralBaseline === "on" ? new NeutralBaseline() : undefined;
    this.#resting = resting === undefined ? UNKNOWN_LABEL : classes.indexOf(resting);
    this.#raw = new Float64Array(classes.length);
  }

  /** Seconds of rest the neutral baseline has learned from; 0 when it is off. */
  get baselineSeconds(): number {
    return this.#baseline?.seconds ?? 0;
  }

  /**
   * The landmarks to classify, Float32Array(136) for 68 points: with the neutral baseline on, the face minus its resting difference
   * from the mean neutral shape, as far as it is known; else the face as it is.
   * @throws EmotionNetError as `toScheme`, `landmarks-degenerate`.
   */
  correct(points: Points): Float32Array {
    const landmarks = toScheme(points, this.#scheme);
    return this.#baseline?.correct(landmarks, landmarks) ?? landmarks;
  }

  /**
   * Takes the next frame of this face.
   * @param time seconds. @param classification its answer, from the corrected points when the baseline is on.
   * @param points the points before correction; needed only by the neutral baseline.
   * @throws EmotionNetError `time-invalid`, `probabilities-invalid`, `usage` after `finish`, and what `correct` throws.
   */
  push(time: number, classification: Classification, points?: Points): TrackUpdate<Class> {
    if (this.#isFinished) throw alreadyFinished();
    const { reason } = classification;
    const isReadable = reason === undefined || reason === "low-confidence";
    // Everything that can be wrong is found before anything changes.
    if (isReadable) this.#read(classification);
    const landmarks = this.#baseline && isReadable && points ? normalise(toIbug68(points)) : undefined;
    const elapsed = this.#clock.advance(time);
    if (elapsed === 0) {
      this.#tally.ignoredFrames++;
      return { ...this.#last!, events: [] };
    }
    this.#tally.frame(time, reason);
    const before = this.#hysteresis.label;
    if (elapsed <= this.#longestGap) this.#tally.hold(before, elapsed);
    const events = this.#loseAfterGap(time);
    if (isReadable) events.push(...this.#follow(time, landmarks));
    for (const event of events) if (event.kind === "end") this.#tally.event(event.expression);
    const isFirst = this.#last === undefined;
    if (!isFirst && this.#hysteresis.label !== before) this.#tally.change(before, this.#hysteresis.label);
    const smoothed = this.#smoothed(classification.quality, isReadable ? undefined : reason);
    this.#last = { smoothed, label: this.#labelName(), events };
    return this.#last;
  }

  /** The stream is over: ends the open event, if any, at the last frame that showed it. No push may follow. */
  finish(): readonly ExpressionEvent<Class>[] {
    this.#isFinished = true;
    const events = this.#events.close();
    for (const event of events) if (event.kind === "end") this.#tally.event(event.expression);
    return events;
  }

  /** The figures so far, at any moment; those of the whole track after `finish`. */
  summary(): TrackSummary<Class> {
    return this.#tally.summary();
  }

  #read(classification: Classification): void {
    for (let index = 0; index < this.#classes.length; index++) {
      this.#raw[index] = classification.probabilities[this.#classes[index]!] ?? Number.NaN;
    }
    readProbabilities(this.#raw, this.#raw);
  }

  /** After too long without a readable frame nothing is known any more. */
  #loseAfterGap(time: number): ExpressionEvent<Class>[] {
    if (this.#readableTime === undefined || time - this.#readableTime <= this.#longestGap) return [];
    this.#readableTime = undefined;
    this.#hysteresis.reset();
    return this.#events.close();
  }

  #follow(time: number, landmarks: Float32Array | undefined): ExpressionEvent<Class>[] {
    const elapsed = this.#readableTime === undefined ? Number.POSITIVE_INFINITY : time - this.#readableTime;
    this.#readableTime = time;
    const probabilities = this.#smoother.update(this.#raw, elapsed);
    const label = this.#hysteresis.update(probabilities, elapsed);
    if (elapsed < Number.POSITIVE_INFINITY) {
      this.#tally.holdProbabilities(this.#raw, elapsed);
      if (landmarks) this.#baseline?.learn(landmarks, probabilities[this.#resting]!, elapsed);
    }
    return this.#events.update(time, this.#raw, label, elapsed);
  }

  #smoothed(quality: number, unreadable: AbstainReason | undefined): Classification<Class> {
    const { probabilities } = this.#smoother;
    const best = probabilities.reduce((top, value, index) => (value > probabilities[top]! ? index : top), 0);
    const confidence = probabilities[best]!;
    const reason = unreadable ?? (confidence < this.#leave ? "low-confidence" : undefined);
    const answer = {
      confidence,
      probabilities: Object.fromEntries(
        this.#classes.map((name, index) => [name, probabilities[index]!]),
      ) as Record<Class, number>,
      quality,
    };
    return reason
      ? { expression: "unknown", ...answer, reason }
      : { expression: this.#classes[best]!, ...answer };
  }

  #labelName(): Class | "unknown" {
    const { label } = this.#hysteresis;
    return label === UNKNOWN_LABEL ? "unknown" : this.#classes[label]!;
  }
}

function wrongSeconds(timeConstant: number, longestGap: number): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `a time constant of ${timeConstant} s and a longest gap of ${longestGap} s`,
    wanted: "a time constant of 0 or more and a gap above 0",
    mend: "Leave the options out to get the defaults.",
  });
}

function noRestingClass(classes: readonly string[]): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `a neutral baseline for the classes ${classes.join(", ")}`,
    wanted: `a class named ${RESTING}`,
    mend: "Switch the baseline off for this model.",
  });
}

function noMeanFace(scheme: ModelScheme): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `a neutral baseline for a model of the scheme ${scheme}`,
    wanted: "a model of 68 points, whose mean face is known",
    mend: "Switch the baseline off for this model.",
  });
}

function alreadyFinished(): EmotionNetError {
  return new EmotionNetError("usage", {
    got: "a frame after the track was finished",
    wanted: "frames before finish()",
    mend: "Begin a new track.",
  });
}
