/** Times of many items → one row a stage. */

import type { StageTimes } from "./stage-clock.ts";

/** One stage; all times in milliseconds. */
export interface StageRow {
  readonly stage: string;
  /** Items in which it ran: the detector looks at few frames of a video. */
  readonly runs: number;
  /** Of the items in which it ran. */
  readonly median: number;
  readonly p95: number;
  /** Over all items, those without it included: the means of all stages add up to the time of an item. */
  readonly mean: number;
  /** Of the time on the wall, 0..1. */
  readonly share: number;
}

/** @param wall milliseconds on the clock in which all items were worked off, measured beside the stages. */
export function stageTable(
  stages: readonly string[],
  items: readonly StageTimes[],
  wall: number,
): StageRow[] {
  return stages.map((stage) => {
    const times = items.flatMap((item) => item.get(stage) ?? []).sort((a, b) => a - b);
    const sum = times.reduce((total, time) => total + time, 0);
    return {
      stage,
      runs: times.length,
      median: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      mean: sum / items.length,
      share: sum / wall,
    };
  });
}

/** By nearest rank; 0 of nothing. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
