/** Events of faces as JSON lines, as CSV that annotation programs import, and as WebVTT captions. */

import type { FaceEvent } from "../video/face-event.ts";
import { row } from "./csv.ts";
import { round } from "./round.ts";

const seconds = (value: number) => round(value, 3);
const share = (value: number) => round(value, 4);

/** What is told of an event, with few enough digits to read; `event` says whether it began or ended. */
export type EventDescription = Omit<FaceEvent, "kind"> & { readonly event: FaceEvent["kind"] };

/** The event with rounded numbers and its fields in the documented order. */
export function describeEvent(event: FaceEvent): EventDescription {
  const { source, track, kind, number, expression, onset } = event;
  const begin = { event: kind, source, track, number, expression, onset: seconds(onset) };
  if (event.kind === "begin") return begin;
  const end: Omit<Extract<FaceEvent, { kind: "end" }>, "kind"> & { event: "end" } = {
    ...begin,
    event: "end",
    apex: seconds(event.apex),
    offset: seconds(event.offset),
    duration: seconds(event.duration),
    strength: share(event.strength),
    complete: event.complete,
  };
  return end;
}

/** One event, begin or end, as one line of JSON with its line end. */
export function formatEventLine(event: FaceEvent): string {
  return `${JSON.stringify(describeEvent(event))}\n`;
}

/**
 * Finished events, one row each. `tier`, `begin`, `end`, `duration` and `annotation` are the columns that ELAN's import of
 * CSV files asks for (times in seconds).
 */
export function formatEventsCsv(events: readonly FaceEvent[]): string {
  const header = "tier begin end duration annotation apex strength complete source".split(" ");
  const rows = events.flatMap((event) =>
    event.kind === "begin"
      ? []
      : row([
          event.track,
          ...[event.onset, event.offset, event.duration].map(seconds),
          event.expression,
          seconds(event.apex),
          share(event.strength),
          String(event.complete),
          event.source,
        ]),
  );
  return row(header) + rows.join("");
}

/** Finished events as captions, in the order of their beginnings; the voice of a caption is the face's track. */
export function formatEventsVtt(events: readonly FaceEvent[]): string {
  const ended = events.filter((event) => event.kind === "end").sort((a, b) => a.onset - b.onset);
  const cues = ended.map(({ onset, offset, track, expression, strength }) => {
    // A caption must last.
    const end = Math.max(offset, onset + 0.001);
    return `${clock(onset)} --> ${clock(end)}\n<v ${track}>${escaped(expression)} ${share(strength)}\n`;
  });
  return `WEBVTT\n\n${cues.join("\n")}`;
}

function clock(time: number): string {
  const milliseconds = Math.max(0, Math.round(time * 1000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const [hours, minutes, rest] = [
    milliseconds / 3.6e6,
    (milliseconds / 6e4) % 60,
    (milliseconds / 1000) % 60,
  ];
  return `${two(hours)}:${two(minutes)}:${two(rest)}.${String(milliseconds % 1000).padStart(3, "0")}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
