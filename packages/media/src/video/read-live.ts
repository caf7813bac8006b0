/** Cameras and streams: the newest frame wins, and a broken connection is taken up again. */

import { setTimeout as delay } from "node:timers/promises";
import { Decoder, type DecoderOptions } from "./decoder.ts";
import { sourceError } from "./probe-video.ts";
import type { VideoFrame } from "./video-frame.ts";

/** What happens to a live source, in seconds of its own time. */
export type LiveEvent =
  | { readonly kind: "lost"; readonly time: number; readonly said: string }
  | { readonly kind: "waiting"; readonly seconds: number }
  | { readonly kind: "resumed"; readonly time: number; readonly missedSeconds: number };

export interface LiveOptions {
  /** Told when a live source is lost, waited for, and back. */
  readonly onLive?: (event: LiveEvent) => void;
  /** Seconds before the first attempt to connect again; doubled for each further one. Default 0.5. */
  readonly reconnectDelay?: number;
}

/** Seconds. */
const firstDelay = 0.5;
const longestDelay = 30;

/** Milliseconds; a source that sends nothing for so long is taken for lost. */
const silenceLimit = 10_000;

/**
 * Ends only when the signal is aborted or the loop is left. Times count on over interruptions: each connection's own
 * time stamps are set on the clock of this machine.
 * @throws EmotionNetError `stream-unreachable` when the first connection gives no frame, `system-tool-missing`.
 */
export async function* readLive(
  decoding: DecoderOptions,
  options: LiveOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoFrame, void, undefined> {
  const { onLive = () => {}, reconnectDelay = firstDelay } = options;
  const clock = new LiveClock();
  let wait = reconnectDelay;
  let count = 0;
  while (!signal?.aborted) {
    const connection = new Decoder({ ...decoding, silenceLimit });
    const received = yield* framesOf(connection, clock, count, onLive, signal);
    if (signal?.aborted) return;
    const { said } = await connection.outcome();
    if (clock.lastTime === undefined) throw await sourceError(decoding.source, said);
    if (received > 0) {
      wait = reconnectDelay;
      onLive({ kind: "lost", time: clock.lastTime, said });
    }
    count += received;
    onLive({ kind: "waiting", seconds: wait });
    await pause(wait, signal);
    wait = Math.min(longestDelay, 2 * wait);
  }
}

/** The frames of one connection, counted on from `count`. @returns how many it gave, dropped ones included. */
async function* framesOf(
  connection: Decoder,
  clock: LiveClock,
  count: number,
  onLive: (event: LiveEvent) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoFrame, number, undefined> {
  const onAbort = () => void connection.stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  let received = 0;
  try {
    for (let frame = await connection.next(); frame && !signal?.aborted; frame = await connection.next()) {
      const missedSeconds = received === 0 ? clock.connect(frame.time) : undefined;
      const time = clock.timeOf(frame.time);
      if (missedSeconds !== undefined) onLive({ kind: "resumed", time, missedSeconds });
      received = frame.index + 1;
      yield { ...frame, index: count + frame.index, time };
    }
    return received;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await connection.stop();
  }
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(1000 * seconds, undefined, signal ? { signal } : {}).catch(() => {});
}

/** Sets the time stamps of several connections on one clock. */
class LiveClock {
  /** Seconds; of the last frame, undefined before the first. */
  lastTime: number | undefined;
  #startedAt = 0;
  #shift = 0;

  /** The first frame of a connection. @returns seconds without a picture before it; undefined for the first connection. */
  connect(stamp: number): number | undefined {
    const now = performance.now() / 1000;
    if (this.lastTime === undefined) {
      // The first frame that can be decoded is the beginning, however long the sender has been sending.
      this.#startedAt = now;
      this.#shift = -stamp;
      return undefined;
    }
    this.#shift = now - this.#startedAt - stamp;
    return stamp + this.#shift - this.lastTime;
  }

  timeOf(stamp: number): number {
    this.lastTime = Math.max(stamp + this.#shift, this.lastTime ?? 0);
    return this.lastTime;
  }
}
