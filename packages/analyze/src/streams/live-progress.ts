/** How far a live stream has come, as its results tell: enough to take it up again on another thread. */

import { type LivePlace, RateMeter } from "@emotionnet/media";
import type { StreamItem } from "./messages.ts";
import type { StreamEvent } from "./stream-event.ts";
import { addFrame, NO_FRAMES, type StreamTotals } from "./stream-totals.ts";

/** Where a live stream was when its thread was lost, and what had become of its frames. */
export interface StreamResume extends LivePlace {
  readonly totals: StreamTotals;
}

export class LiveProgress {
  readonly #now: () => number;
  readonly #meter = new RateMeter();
  #source = "";
  #isLive = false;
  #startedAt: number | undefined;
  #nextFrame = 0;
  #time = 0;
  #frameRate: number | undefined;
  #totals = NO_FRAMES;
  #waits = 0;
  #losses = 0;

  /** @param now seconds of a clock. */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
  }

  /** Whether the stream is live and has had a picture: what never worked is not tried again. */
  get canResume(): boolean {
    return this.#isLive && this.#startedAt !== undefined;
  }

  /** Whether nothing has come since the last loss. */
  get isLost(): boolean {
    return this.#waits > 0;
  }

  /** How often the stream has lost a thread that had given something. */
  get losses(): number {
    return this.#losses;
  }

  /** Seconds, of the last frame. */
  get time(): number {
    return this.#time;
  }

  hear(item: StreamItem): void {
    if (item.kind === "stream" && item.event.kind === "opened") {
      this.#isLive = item.event.isLive;
      this.#source = item.event.source;
    }
    if (item.kind !== "result" || item.result.error) return;
    const { frame, time, missed } = item.result;
    this.#startedAt ??= this.#now() - time;
    // Times count through a gap, frames do not.
    if (missed) {
      this.#frameRate = this.#meter.rate ?? this.#frameRate;
      this.#meter.restart();
    }
    this.#meter.add(frame, time);
    this.#nextFrame = frame + 1;
    this.#time = time;
    this.#totals = addFrame(this.#totals, item.result);
    this.#waits = 0;
  }

  /** Seconds to wait before the stream is taken up: from `first`, doubled each time that nothing came, up to `longest`. */
  nextWait(first: number, longest: number): number {
    if (this.#waits === 0) this.#losses++;
    return Math.min(longest, first * 2 ** this.#waits++);
  }

  /** For the thread that takes it up now. */
  resume(): StreamResume {
    const frameRate = this.#meter.rate ?? this.#frameRate;
    return {
      nextFrame: this.#nextFrame,
      time: this.#time,
      elapsed: this.#now() - (this.#startedAt ?? 0),
      ...(frameRate === undefined ? {} : { frameRate }),
      totals: this.#totals,
    };
  }

  /** What is told when the stream ends while no thread looks at it. */
  ended(): StreamEvent {
    return {
      kind: "ended",
      source: this.#source,
      isLive: true,
      ...this.#totals,
      longestQueues: { frames: 0, results: 0 },
    };
  }
}
