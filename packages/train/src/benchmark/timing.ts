/** How long calls take: warm-up, then as many as fit into a time. */

import { setImmediate as breathe } from "node:timers/promises";

/** A call that may be asynchronous. */
export type TimedCall = () => Promise<unknown> | undefined;

export interface TimingOptions {
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many seconds have passed, of all. */
  readonly onSeconds?: (done: number, total: number) => void;
}

/** Milliseconds a call, and calls a second over the whole time. */
export interface Timing {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/** Durations kept; later ones take the place of the oldest. */
const LARGEST_SAMPLE = 2 ** 20;
/** Milliseconds between looks at the signal and the progress line; that time is not counted. */
const BREATH = 100;

/** @throws the signal's reason when it is aborted */
export async function timeCalls(call: TimedCall, options: TimingOptions): Promise<Timing> {
  const { warmUpSeconds, seconds, signal, onSeconds } = options;
  const durations = new Float64Array(LARGEST_SAMPLE);
  const total = warmUpSeconds + seconds;
  await callFor(call, durations, warmUpSeconds, async (done) => {
    signal?.throwIfAborted();
    onSeconds?.(done, total);
  });
  const { calls, milliseconds } = await callFor(call, durations, seconds, async (done) => {
    signal?.throwIfAborted();
    onSeconds?.(warmUpSeconds + done, total);
  });
  const sorted = durations.subarray(0, Math.min(calls, LARGEST_SAMPLE)).sort();
  return {
    calls,
    callsPerSecond: (1000 * calls) / milliseconds,
    median: percentile(sorted, 50),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
  };
}

/** Calls for so many seconds, one at least; the clock is read once a call. */
async function callFor(
  call: TimedCall,
  durations: Float64Array,
  seconds: number,
  onBreath: (seconds: number) => Promise<void>,
): Promise<{ calls: number; milliseconds: number }> {
  let calls = 0;
  let milliseconds = 0;
  do {
    await breathe();
    await onBreath(milliseconds / 1000);
    const start = performance.now();
    let last = start;
    do {
      const pending = call();
      if (pending) await pending;
      const now = performance.now();
      durations[calls++ % durations.length] = now - last;
      last = now;
    } while (last - start < BREATH && milliseconds + last - start < 1000 * seconds);
    milliseconds += last - start;
  } while (milliseconds < 1000 * seconds);
  return { calls, milliseconds };
}

/** The smallest value that at least `percent` of all do not exceed (nearest rank). @param sorted ascending, not empty */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1]!;
}
