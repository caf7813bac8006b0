import { describe, expect, it } from "vitest";
import { percentile, timeCalls } from "./timing.ts";

describe("percentile", () => {
  it("takes the nearest rank", () => {
    const values = Array.from({ length: 200 }, (_, index) => index + 1);
    expect([50, 95, 99, 100].map((percent) => percentile(values, percent))).toEqual([100, 190, 198, 200]);
    expect(percentile([7], 99)).toBe(7);
  });
});

describe("timeCalls", () => {
  it("counts calls, waits for asynchronous ones, and orders its percentiles", async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const call = async () => {
      most = Math.max(most, ++running);
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    };
    const timing = await timeCalls(call, { warmUpSeconds: 0.01, seconds: 0.05 });
    expect(most).toBe(1);
    expect(calls).toBeGreaterThan(timing.calls);
    expect(timing.median).toBeGreaterThan(0);
    expect(timing.p95).toBeGreaterThanOrEqual(timing.median);
    expect(timing.p99).toBeGreaterThanOrEqual(timing.p95);
    // Calls a second and milliseconds a call are two views of one time.
    expect((timing.callsPerSecond * timing.median) / 1000).toBeLessThan(3);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    let calls = 0;
    const call = () => {
      if (++calls === 3) stop.abort(new Error("enough"));
      return undefined;
    };
    const endless = timeCalls(call, { warmUpSeconds: 0, seconds: 3600, signal: stop.signal });
    await expect(endless).rejects.toThrow("enough");
  });
});
