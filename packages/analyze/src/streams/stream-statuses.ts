/** How all streams are doing, told in one line each. Give it what `analyze` tells. */

import type { Missed, SourceResult } from "@emotionnet/core";
import type { LiveEvent } from "@emotionnet/media";
import type { StreamEvent } from "./stream-event.ts";
import { addMissed, NOTHING_MISSED } from "./stream-totals.ts";

export interface StreamStatus {
  readonly source: string;
  readonly state: "running" | "lost" | "ended" | "failed";
  readonly isLive: boolean;
  /** Frames that were looked at, and those of a live source that were left out. */
  readonly frames: number;
  readonly dropped: number;
  /** What a live source did not bring while it was lost, as far as it has come back. */
  readonly missed: Missed;
  /** Seconds from its start; `duration` where it is known. */
  readonly time: number;
  readonly duration?: number;
  /** Frames a second of late. */
  readonly rate: number;
  /** Faces in the last frame, with the label of the first. */
  readonly faces: number;
  readonly expression?: string;
}

/** Seconds over which the rate is measured. */
const rateSpan = 2;

type Changing = { -readonly [Key in keyof StreamStatus]: StreamStatus[Key] } & {
  ratedAt: number;
  ratedFrames: number;
};

/** Memory is constant for each source. */
export class StreamStatuses {
  readonly #now: () => number;
  readonly #streams = new Map<string, Changing>();

  /** @param now seconds of a clock. */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
  }

  /** All sources in the order of their beginnings. */
  get all(): readonly StreamStatus[] {
    return [...this.#streams.values()];
  }

  hearStream(event: StreamEvent): void {
    const stream = this.#of(event.source);
    if (event.kind === "opened") {
      stream.isLive = event.isLive;
      if (event.duration !== undefined) stream.duration = event.duration;
    } else if (stream.state !== "failed") {
      stream.state = "ended";
    }
  }

  hearLive(source: string, event: LiveEvent): void {
    const stream = this.#of(source);
    stream.state = event.kind === "resumed" ? "running" : "lost";
    if (event.kind === "resumed") stream.missed = addMissed(stream.missed, event.missed);
  }

  /** Results of photos and points change nothing. */
  see({ source, time, faces, dropped, error }: SourceResult): void {
    const stream = this.#streams.get(source);
    if (!stream) return;
    if (error) {
      stream.state = "failed";
      return;
    }
    stream.frames++;
    stream.dropped += dropped ?? 0;
    stream.time = time;
    stream.faces = faces.length;
    const [first] = faces;
    if (first) stream.expression = first.expression;
    else delete stream.expression;
    const elapsed = this.#now() - stream.ratedAt;
    if (elapsed < rateSpan && stream.rate > 0 && stream.ratedFrames > 0) return;
    if (elapsed < rateSpan / 4) return;
    stream.rate = (stream.frames - stream.ratedFrames) / elapsed;
    stream.ratedAt = this.#now();
    stream.ratedFrames = stream.frames;
  }

  #of(source: string): Changing {
    const known = this.#streams.get(source);
    if (known) return known;
    const stream: Changing = {
      source,
      state: "running",
      isLive: false,
      frames: 0,
      dropped: 0,
      missed: NOTHING_MISSED,
      time: 0,
      rate: 0,
      faces: 0,
      ratedAt: this.#now(),
      ratedFrames: 0,
    };
    this.#streams.set(source, stream);
    return stream;
  }
}
