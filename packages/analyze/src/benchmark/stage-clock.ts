/** Where the time of a pipeline goes: at every moment exactly one stage runs. */

/** Milliseconds of each stage of one item; a stage that did not run is missing. */
export type StageTimes = ReadonlyMap<string, number>;

/** Stages in turn, without gaps: entering one ends the one before, so that their times add up to the whole. */
export class StageClock {
  #times = new Map<string, number>();
  #stage: string | undefined;
  #since = 0;

  /** A stage begins; it may be entered several times for one item. */
  enter(stage: string): void {
    const now = performance.now();
    this.#count(now);
    this.#stage = stage;
    this.#since = now;
  }

  /** The item is done: its times, and a fresh start. */
  finish(): StageTimes {
    this.#count(performance.now());
    const times = this.#times;
    this.#times = new Map();
    this.#stage = undefined;
    return times;
  }

  #count(now: number): void {
    if (this.#stage === undefined) return;
    this.#times.set(this.#stage, (this.#times.get(this.#stage) ?? 0) + now - this.#since);
  }
}
