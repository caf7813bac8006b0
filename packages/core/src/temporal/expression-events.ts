/** Expressions as events: when one begins, when it is strongest, when it ends. */

import { Apex } from "./apex.ts";
import { ChangePoint } from "./change-point.ts";
import { UNKNOWN_LABEL } from "./hysteresis.ts";

/** An expression has begun; told as soon as the label is sure, with the moment it truly began. */
export interface ExpressionBegin<Class extends string = string> {
  readonly kind: "begin";
  /** Counts the events of the track from 1; begin and end of one event share it. */
  readonly number: number;
  readonly expression: Class;
  /** Seconds: the first frame that shows the expression. */
  readonly onset: number;
}

/** An expression is over. Times are seconds, onset ≤ apex ≤ offset. */
export interface ExpressionEnd<Class extends string = string> {
  readonly kind: "end";
  readonly number: number;
  readonly expression: Class;
  readonly onset: number;
  /** When it was strongest; the middle of that time when it was held. */
  readonly apex: number;
  /** The first frame that no longer shows it; the last one that did when the face or the stream ended. */
  readonly offset: number;
  /** offset − onset. */
  readonly duration: number;
  /** The probability at the apex, 0..1: how plainly the expression showed, not how far muscles moved. */
  readonly strength: number;
  /** False when it was cut: on from the first frame, or still on in the last one before the face or stream ended. */
  readonly complete: boolean;
}

export type ExpressionEvent<Class extends string = string> = ExpressionBegin<Class> | ExpressionEnd<Class>;

interface OpenEvent {
  readonly index: number;
  readonly number: number;
  readonly onset: number;
  readonly sawOnset: boolean;
}

/**
 * The label says *that* an expression shows (without flicker, so a little late); the unsmoothed probabilities say
 * *since when*, by change-point estimation. At most one event is open; the resting class makes none.
 */
export class ExpressionEvents<Class extends string = string> {
  readonly #classes: readonly Class[];
  readonly #resting: number;
  readonly #present: readonly ChangePoint[];
  readonly #absent: readonly ChangePoint[];
  readonly #apexes: readonly Apex[];
  #open: OpenEvent | undefined;
  #count = 0;
  #firstTime: number | undefined;
  #lastTime = 0;
  #lastOffset = Number.NEGATIVE_INFINITY;

  /** @param resting the class of a face at rest, for example "neutral"; undefined makes events of all classes. */
  constructor(classes: readonly Class[], resting: Class | undefined) {
    this.#classes = classes;
    this.#resting = resting === undefined ? UNKNOWN_LABEL : classes.indexOf(resting);
    this.#present = classes.map(() => new ChangePoint());
    this.#absent = classes.map(() => new ChangePoint());
    this.#apexes = classes.map(() => new Apex());
  }

  /**
   * Takes one frame in which the face could be read and returns what began or ended.
   * @param time seconds, later than before. @param probabilities one a class, not smoothed.
   * @param label class index or `UNKNOWN_LABEL`, from `Hysteresis`. @param elapsed seconds since the last frame.
   */
  update(
    time: number,
    probabilities: ArrayLike<number>,
    label: number,
    elapsed: number,
  ): ExpressionEvent<Class>[] {
    this.#firstTime ??= time;
    this.#weigh(time, probabilities, elapsed);
    const events: ExpressionEvent<Class>[] = [];
    if (this.#open !== undefined && this.#open.index !== label) {
      events.push(this.#end(this.#open, this.#absent[this.#open.index]!.since ?? time, "seen"));
    }
    if (this.#open === undefined && label !== UNKNOWN_LABEL && label !== this.#resting) {
      events.push(this.#begin(label, time));
    }
    this.#lastTime = time;
    return events;
  }

  /** Ends what is open at the last frame: the face was lost or the stream is over. */
  close(): ExpressionEvent<Class>[] {
    const events = this.#open === undefined ? [] : [this.#end(this.#open, this.#lastTime, "cut")];
    for (const change of [...this.#present, ...this.#absent]) change.reset();
    for (const apex of this.#apexes) apex.reset();
    this.#firstTime = undefined;
    return events;
  }

  #weigh(time: number, probabilities: ArrayLike<number>, elapsed: number): void {
    for (let index = 0; index < this.#classes.length; index++) {
      const probability = Math.min(1, probabilities[index]!);
      const logOdds = Math.log(probability / (1 - probability));
      this.#present[index]!.update(time, logOdds, elapsed);
      this.#absent[index]!.update(time, -logOdds, elapsed);
      const isIdle = this.#open?.index !== index && this.#present[index]!.since === undefined;
      if (isIdle) this.#apexes[index]!.restart();
      this.#apexes[index]!.update(time, logOdds);
    }
  }

  #begin(index: number, time: number): ExpressionBegin<Class> {
    const onset = Math.max(this.#present[index]!.since ?? time, this.#lastOffset);
    this.#absent[index]!.reset();
    this.#count++;
    this.#open = { index, number: this.#count, onset, sawOnset: onset > this.#firstTime! };
    return { kind: "begin", number: this.#count, expression: this.#classes[index]!, onset };
  }

  #end(open: OpenEvent, end: number, how: "seen" | "cut"): ExpressionEnd<Class> {
    const { index, number, onset, sawOnset } = open;
    const offset = Math.max(end, onset);
    const apex = this.#apexes[index]!;
    this.#open = undefined;
    this.#lastOffset = offset;
    this.#present[index]!.reset();
    const event: ExpressionEnd<Class> = {
      kind: "end",
      number,
      expression: this.#classes[index]!,
      onset,
      apex: Math.min(offset, Math.max(onset, apex.time)),
      offset,
      duration: offset - onset,
      strength: apex.strength,
      complete: sawOnset && how === "seen",
    };
    apex.restart();
    return event;
  }
}
