import type { Missed, SourceResult } from "@emotionnet/core";

/** What a source that lost nothing has missed. */
export const NOTHING_MISSED: Missed = { seconds: 0, frames: 0, estimated: false };

/** Both losses together; without a number of frames when one of them has none. */
export function addMissed(one: Missed, other: Missed): Missed {
  const isCounted = one.frames !== undefined && other.frames !== undefined;
  return {
    seconds: one.seconds + other.seconds,
    ...(isCounted ? { frames: one.frames + other.frames } : {}),
    estimated: one.estimated || other.estimated,
  };
}

/** What has become of the frames of a stream. */
export interface StreamTotals {
  /** Looked at. */
  readonly frames: number;
  /** Of a live source: left out, because newer ones had come. */
  readonly dropped: number;
  /** Of a live source: while it was lost, as far as it has come back. */
  readonly missed: Missed;
}

export const NO_FRAMES: StreamTotals = { frames: 0, dropped: 0, missed: NOTHING_MISSED };

/** With one more frame. */
export function addFrame(
  totals: StreamTotals,
  { dropped = 0, missed }: Pick<SourceResult, "dropped" | "missed">,
): StreamTotals {
  return {
    frames: totals.frames + 1,
    dropped: totals.dropped + dropped,
    missed: missed ? addMissed(totals.missed, missed) : totals.missed,
  };
}
