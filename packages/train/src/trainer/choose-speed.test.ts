import { networkSpec } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { ADAM_DEFAULTS } from "../step/adam.ts";
import { batchSizesFor, chooseSpeed, leastGood, type SpeedOptions, threadCounts } from "./choose-speed.ts";

const spec = networkSpec([16], { dropout: 0.1 });

function optionsOf(more: Partial<SpeedOptions>, log: string[] = []): SpeedOptions {
  return {
    threads: undefined,
    batchSize: 32,
    stored: undefined,
    samples: 3000,
    isDrawn: false,
    stepOf: (batchSize) => ({ spec, batchSize, frozenLayers: 0, adam: ADAM_DEFAULTS }),
    log: (line) => log.push(line),
    ...more,
  };
}

describe("chooseSpeed", () => {
  it("takes one thread and the given batch without probing, so that equal specs give equal weights", async () => {
    const log: string[] = [];
    expect(await chooseSpeed(optionsOf({}, log))).toEqual({ threads: 1, batchSize: 32 });
    expect(log).toEqual([]);
  });

  it("probes what is left to it, and says what it measured", async () => {
    const log: string[] = [];
    const choice = await chooseSpeed(optionsOf({ threads: "auto", batchSize: "auto" }, log));
    expect(choice.threads).toBeGreaterThanOrEqual(1);
    expect([64, 128]).toContain(choice.batchSize);
    expect(log).toHaveLength(2);
    expect(log[1]).toMatch(/64 a batch \d+ samples\/s, 128 a batch \d+ samples\/s; taking (64|128)\./);
  });

  it("keeps to what the checkpoint says, unless told otherwise", async () => {
    const stored = { threads: 3, batchSize: 77 };
    const log: string[] = [];
    const chosen = (more: Partial<SpeedOptions>) => chooseSpeed(optionsOf({ stored, ...more }, log));
    expect(await chosen({ batchSize: "auto" })).toEqual(stored);
    expect(await chosen({ threads: "auto", batchSize: "auto" })).toEqual(stored);
    expect(await chosen({ threads: 2 })).toEqual({ threads: 2, batchSize: 32 });
    expect(log).toEqual([]);
  });

  it("offers batches that leave enough steps an epoch, and powers of two of the cores", () => {
    expect(batchSizesFor(1_000_000)).toEqual([64, 128, 256, 512, 1024, 2048]);
    expect(batchSizesFor(6000)).toEqual([64, 128, 256]);
    expect(batchSizesFor(40)).toEqual([40]);
    expect(threadCounts(0)).toEqual([1]);
    expect(threadCounts(1)).toEqual([1]);
    expect(threadCounts(2)).toEqual([1, 2]);
    expect(threadCounts(6)).toEqual([1, 2, 4, 6]);
  });

  it("takes the least that is nearly as fast as the best", () => {
    expect(leastGood([1, 2, 4], [90, 95, 100], 0.93)).toBe(2);
    expect(leastGood([1, 2, 4], [99, 95, 100], 0.93)).toBe(1);
  });
});
