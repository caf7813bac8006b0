/** Summaries of faces as JSON lines and as CSV. */

import type { FaceSummary } from "../video/face-event.ts";
import { row } from "./csv.ts";
import { round } from "./round.ts";

const share = (value: number) => round(value, 4);
const seconds = (value: number) => round(value, 3);

/** The summary with few enough digits to read. */
export function roundSummary(summary: FaceSummary): FaceSummary {
  const text = JSON.stringify(summary, (_, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? share(value) : value,
  );
  return JSON.parse(text) as FaceSummary;
}

/** One summary as one line of JSON with its line end. */
export function formatSummaryLine(summary: FaceSummary): string {
  return `${JSON.stringify(roundSummary(summary))}\n`;
}

/** One row for each face and label, `unknown` among them: its share of the time, with its 95 % interval. */
export function formatSummariesCsv(summaries: readonly FaceSummary[]): string {
  const header =
    "source track from to tracked_seconds frames expression share low high seconds mean_probability events";
  const rows = summaries.flatMap((summary) => {
    const { source, track, from, to, frames } = summary;
    const common = [
      source,
      track,
      from && seconds(from),
      to && seconds(to),
      seconds(summary.seconds),
      frames,
    ];
    return Object.entries(summary.shares).map(([name, held]) => {
      const mean = summary.meanProbabilities[name];
      const [low, high] = held.interval;
      return row([
        ...common,
        name,
        ...[held.share, low, high].map(share),
        seconds(held.seconds),
        mean === undefined ? undefined : share(mean),
        summary.events[name],
      ]);
    });
  });
  return row(header.split(" ")) + rows.join("");
}
