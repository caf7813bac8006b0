import { describe, expect, it } from "vitest";
import { randomSource } from "../testing/random-model.ts";
import { HYSTERESIS, Hysteresis, UNKNOWN_LABEL } from "./hysteresis.ts";

/** Labels for probabilities of class 1 of two, at 30 frames a second. */
function labels(values: number[], hysteresis = new Hysteresis()): number[] {
  return values.map((value, index) =>
    hysteresis.update([1 - value, value], index === 0 ? Number.POSITIVE_INFINITY : 1 / 30),
  );
}

const repeat = (value: number, count: number) => new Array<number>(count).fill(value);

describe("Hysteresis", () => {
  it("takes the first frame at once and is unknown when nothing is sure", () => {
    expect(labels([0.9])).toEqual([1]);
    expect(labels([0.5])).toEqual([UNKNOWN_LABEL]);
  });

  it("changes exactly after the minimum time above the threshold", () => {
    // The first frame above 0.6 starts the clock; 0.1 s at 30 frames a second are three more.
    const result = labels([...repeat(0.1, 5), ...repeat(0.9, 6)]);
    expect(result).toEqual([...repeat(0, 8), ...repeat(1, 3)]);
  });

  it("ignores what lasts shorter, and stays between the thresholds", () => {
    expect(labels([...repeat(0.1, 5), 0.9, 0.9, 0.9, ...repeat(0.1, 5)])).toEqual(repeat(0, 13));
    expect(labels([0.9, ...repeat(0.45, 100)])).toEqual(repeat(1, 101));
  });

  it("gives a label up for unknown only after the time to leave", () => {
    const hysteresis = new Hysteresis({ ...HYSTERESIS, leaveSeconds: 0.2 });
    const result = [hysteresis.update([0.9, 0.05, 0.05], Number.POSITIVE_INFINITY)];
    for (let frame = 0; frame < 8; frame++) result.push(hysteresis.update([0.34, 0.33, 0.33], 1 / 30));
    expect(result).toEqual([...repeat(0, 7), UNKNOWN_LABEL, UNKNOWN_LABEL]);
  });

  it("never changes twice within the minimum time, for random answers at random times", () => {
    const random = randomSource(5);
    const hysteresis = new Hysteresis();
    let time = 0;
    let changed = Number.NEGATIVE_INFINITY;
    let label = hysteresis.update([0.5, 0.5], Number.POSITIVE_INFINITY);
    let changes = 0;
    for (let frame = 0; frame < 20_000; frame++) {
      const elapsed = random() * 0.06;
      time += elapsed;
      const value = 0.5 + 0.5 * Math.sin(time) + 0.3 * (random() - 0.5);
      const clipped = Math.min(1, Math.max(0, value));
      const next = hysteresis.update([clipped, 1 - clipped], elapsed);
      if (next === label) continue;
      expect(time - changed).toBeGreaterThan(HYSTERESIS.enterSeconds);
      changed = time;
      label = next;
      changes++;
    }
    expect(changes).toBeGreaterThan(50);
  });

  it("refuses thresholds that make no sense", () => {
    for (const wrong of [{ enter: 0.3 }, { leave: -1 }, { enter: 1.2 }, { enterSeconds: Number.NaN }]) {
      expect(() => new Hysteresis({ ...HYSTERESIS, ...wrong })).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
    }
  });
});
