/** Cameras and streams: the newest frame wins, and a broken connection is taken up again. */

import { setTimeout as delay } from "node:timers/promises";
import { EmotionNetError, type Missed } from "@emotionnet/core";
import { Decoder, type DecoderOptions } from "./decoder.ts";
import { LiveClock, type LivePlace } from "./live-clock.ts";
import { rateOf, sourceError } from "./probe-video.ts";
import type { VideoFrame } from "./video-frame.ts";

/** What happens to a live source, in seconds of its own time. */
export type LiveEvent =
  /** `what`: the connection to the source, or the thread that looked at it. `said`: by ffmpeg, or why the thread ended. */
  | {
      readonly kind: "lost";
      readonly what: "connection" | "thread";
      readonly time: number;
      readonly said: string;
    }
  | { readonly kind: "waiting"; readonly seconds: number }
  | { readonly kind: "resumed"; readonly time: number; readonly missed: Missed };

export interface LiveOptions {
  /** Told when a live source is lost, waited for, and back. */
  readonly onLive?: (event: LiveEvent) => void;
  /** Seconds before the first attempt to connect again; doubled for each further one. Default 0.5. */
  readonly reconnectDelay?: number;
  /** Takes a live source up again that was lost elsewhere: frames and times go on from there. Files do not look at it. */
  readonly resume?: LivePlace;
}

/** Seconds before a lost live source is tried again: the first time, and the most after doubling. */
export const RECONNECT_DELAY = { first: 0.5, longest: 30 } as const;

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
  const { onLive = () => {}, reconnectDelay = RECONNECT_DELAY.first, resume } = options;
  const promisedRate = Math.min(rateOf(decoding.info), decoding.maxRate ?? Number.POSITIVE_INFINITY);
  const clock = new LiveClock({ promisedRate, ...(resume ? { resume } : {}) });
  let wait = reconnectDelay;
  let count = resume?.nextFrame ?? 0;
  while (!signal?.aborted) {
    const connection = new Decoder({ ...decoding, silenceLimit });
    const received = yield* framesOf(connection, clock, count, onLive, signal);
    if (signal?.aborted) return;
    const { said } = await connection.outcome();
    if (clock.lastTime === undefined) throw await sourceError(decoding.source, said);
    if (received > 0) {
      wait = reconnectDelay;
      onLive({ kind: "lost", what: "connection", time: clock.lastTime, said });
    }
    count += received;
    onLive({ kind: "waiting", seconds: wait });
    await pause(wait, signal);
    wait = Math.min(RECONNECT_DELAY.longest, 2 * wait);
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
      const missed = received === 0 ? clock.connect(frame.index, frame.time) : undefined;
      const time = clock.timeOf(frame.index, frame.time);
      if (missed) onLive({ kind: "resumed", time, missed });
      received = frame.index + 1;
      yield { ...frame, index: count + frame.index, time, ...(missed ? { missed } : {}) };
    }
    return received;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await connection.stop();
  }
}

/**
 * Opens a source that is to be taken up again: tried until it is there.
 * @param open gives `stream-unreachable` while it is not. @throws whatever else it gives, and that too once the signal is aborted.
 */
export async function untilThere<Opened>(
  open: () => Promise<Opened>,
  { onLive = () => {}, reconnectDelay = RECONNECT_DELAY.first }: LiveOptions,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  for (let wait = reconnectDelay; ; wait = Math.min(RECONNECT_DELAY.longest, 2 * wait)) {
    try {
      return await open();
    } catch (error) {
      const isAway = error instanceof EmotionNetError && error.code === "stream-unreachable";
      if (!isAway || signal?.aborted) throw error;
      onLive({ kind: "waiting", seconds: wait });
      await pause(wait, signal);
      if (signal?.aborted) throw error;
    }
  }
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(1000 * seconds, undefined, signal ? { signal } : {}).catch(() => {});
}
