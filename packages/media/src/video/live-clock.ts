/** The time stamps of several connections → the times of one live source, and what is missing between them. */

import type { Missed } from "@emotionnet/core";
import { RateMeter } from "./rate-meter.ts";

/** Where a live source was when it was last seen, for whoever takes it up again. */
export interface LivePlace {
  /** Number of the frame after the last one. */
  readonly nextFrame: number;
  /** Seconds, of the last frame. */
  readonly time: number;
  /** Seconds since the first frame came, by a clock of this machine. */
  readonly elapsed: number;
  /** Frames a second before the loss, as far as that was measured. */
  readonly frameRate?: number;
}

export interface LiveClockOptions {
  /** Frames a second that the source promises; NaN when it does not. */
  readonly promisedRate: number;
  readonly resume?: LivePlace;
  /** Seconds of a clock of this machine. */
  readonly now?: () => number;
}

/** Promises above it are a time base, not a rate. */
const highestRate = 1000;
/** Stamps that differ less from this machine's clock went on over the loss: seconds, and a share of the gap. */
const tolerance = { seconds: 1, share: 0.02 };
/** Seconds back and forth within a connection beyond which a sender has set its stamps anew. */
const jump = { back: 0.1, ahead: 10 };

/**
 * Times count on over losses. Where the sender's stamps go on, they are kept; else those of the new connection are set on
 * this machine's clock, as if its first frame took as long to come as that of the first connection.
 */
export class LiveClock {
  /** Seconds; of the last frame, undefined before the first. */
  lastTime: number | undefined;
  readonly #promisedRate: number;
  readonly #now: () => number;
  readonly #meter = new RateMeter();
  #measuredRate: number | undefined;
  #startedAt = 0;
  #shift = Number.NaN;
  #lastStamp: number | undefined;

  constructor({ promisedRate, resume, now = () => performance.now() / 1000 }: LiveClockOptions) {
    this.#promisedRate = promisedRate;
    this.#now = now;
    if (!resume) return;
    this.lastTime = resume.time;
    this.#startedAt = now() - resume.elapsed;
    this.#measuredRate = resume.frameRate;
  }

  /**
   * The first frame of a connection that is given.
   * @param index of the frame within the connection: those before it were dropped, and are not missing.
   * @returns what is missing before it; undefined for the very first.
   */
  connect(index: number, stamp: number): Missed | undefined {
    this.#measuredRate = this.#meter.rate ?? this.#measuredRate;
    this.#meter.restart();
    this.#lastStamp = undefined;
    if (this.lastTime === undefined) {
      // The first frame that can be decoded is the beginning, however long the sender has been sending.
      this.#startedAt = this.#now();
      this.#shift = -stamp;
      return undefined;
    }
    const elapsed = this.#elapsed();
    const byClock = elapsed - this.lastTime;
    const byStamps = stamp + this.#shift - this.lastTime;
    const isOwn =
      byStamps > 0 && Math.abs(byStamps - byClock) <= tolerance.seconds + tolerance.share * byClock;
    if (!isOwn) this.#shift = elapsed - stamp;
    const seconds = Math.max(0, isOwn ? byStamps : byClock);
    const rate = this.#rate();
    // Between two frames that follow each other lies one interval, and nothing is missing.
    const frames = rate === undefined ? {} : { frames: Math.max(0, Math.round(seconds * rate) - 1 - index) };
    return { seconds, ...frames, estimated: !isOwn };
  }

  /** Seconds from the start of the source, never falling. @param index of the frame within its connection. */
  timeOf(index: number, stamp: number): number {
    const step = stamp - (this.#lastStamp ?? stamp);
    if (step < -jump.back || step > jump.ahead) {
      this.#shift = this.#elapsed() - stamp;
      this.#measuredRate = this.#meter.rate ?? this.#measuredRate;
      this.#meter.restart();
    }
    this.#lastStamp = stamp;
    this.lastTime = Math.max(stamp + this.#shift, this.lastTime ?? 0);
    this.#meter.add(index, stamp);
    return this.lastTime;
  }

  #elapsed(): number {
    return this.#now() - this.#startedAt;
  }

  #rate(): number | undefined {
    if (this.#measuredRate !== undefined) return this.#measuredRate;
    const isRate = this.#promisedRate > 0 && this.#promisedRate <= highestRate;
    return isRate ? this.#promisedRate : undefined;
  }
}
