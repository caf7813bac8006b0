/** The status of a stream as one line of text. */

import type { Missed } from "@emotionnet/core";
import type { StreamStatus } from "../streams/stream-statuses.ts";
import { clock } from "./clock.ts";

/** For example "rtsp://door/1   12.5 s   24.9/s  2 faces  happy". @param width of the longest source's name. */
export function formatStatusLine(status: StreamStatus, width: number): string {
  const { source, state, time, duration, rate, faces, expression, dropped, missed } = status;
  const parts = [
    source.padEnd(width),
    state.padEnd(7),
    duration === undefined ? clock(time) : `${clock(time)} of ${clock(duration)}`,
    `${rate.toFixed(1).padStart(5)} frames/s`,
    `${faces} ${faces === 1 ? "face" : "faces"}${expression === undefined ? "" : `, ${expression}`}`,
    ...(dropped > 0 ? [`${dropped} left out`] : []),
    ...(missed.seconds > 0 ? [`${formatMissed(missed)} missed`] : []),
  ];
  return parts.join("  ");
}

/** What a live source lacks, for the end; undefined when it lacks nothing. */
export function formatLosses(status: StreamStatus): string | undefined {
  const { source, isLive, frames, dropped, missed } = status;
  if (!isLive || (dropped === 0 && missed.seconds === 0)) return undefined;
  const lost = missed.seconds > 0 ? `; ${formatMissed(missed)} were missed while it was lost` : "";
  return `${source}: ${frames} frames were looked at, ${dropped} left out${lost}.`;
}

/** For example "about 32 frames (2.1 s)"; without "about" when the source's own time stamps tell. */
export function formatMissed({ seconds, frames, estimated }: Missed): string {
  const time = `${seconds.toFixed(1)} s`;
  if (frames === undefined) return time;
  return `${estimated ? "about " : ""}${frames} ${frames === 1 ? "frame" : "frames"} (${time})`;
}
