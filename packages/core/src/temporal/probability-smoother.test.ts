import { describe, expect, it } from "vitest";
import { randomSource } from "../testing/random-model.ts";
import { ProbabilitySmoother } from "./probability-smoother.ts";

const logit = (probability: number) => Math.log(probability / (1 - probability));

describe("ProbabilitySmoother", () => {
  it("keeps probabilities: positive, finite, sum 1, for any answers at any times", () => {
    const random = randomSource(2);
    const smoother = new ProbabilitySmoother(6, 0.2);
    for (let frame = 0; frame < 2000; frame++) {
      // Powers make many of them nearly or exactly 0 or 1.
      const weights = Array.from({ length: 6 }, () => random() ** (frame % 400));
      const total = weights.reduce((sum, value) => sum + value, 0);
      if (total === 0) weights[0] = 1;
      const elapsed = frame % 7 === 0 ? 0 : random() ** 4 * 10;
      const result = smoother.update(
        weights.map((value) => value / (total || 1)),
        elapsed,
      );
      expect(result.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(result.every((value) => value > 0 && value <= 1)).toBe(true);
    }
  });

  it("approaches a new level as 1 − e^(−t/τ) in log-odds, whatever the frame rate", () => {
    for (const rate of [10, 30, 240]) {
      const smoother = new ProbabilitySmoother(2, 0.25);
      for (let frame = 0; frame <= 20 * rate; frame++) smoother.update([0.9, 0.1], 1 / rate);
      for (let frame = 0; frame < rate; frame++) smoother.update([0.2, 0.8], 1 / rate);
      const expected = logit(0.2) + (logit(0.9) - logit(0.2)) * Math.exp(-1 / 0.25);
      expect(logit(smoother.probabilities[0]!)).toBeCloseTo(expected, 9);
    }
  });

  it("is the geometric mean of the first two frames, so that a bad first one does not linger", () => {
    const smoother = new ProbabilitySmoother(2, 10);
    smoother.update([0.9, 0.1], Number.POSITIVE_INFINITY);
    smoother.update([0.2, 0.8], 0.001);
    expect(logit(smoother.probabilities[0]!)).toBeCloseTo((logit(0.9) + logit(0.2)) / 2, 3);
  });

  it("commutes with a change of prior, which a linear average does not", () => {
    const random = randomSource(3);
    const prior = [3, 1, 0.5];
    const tilt = (values: ArrayLike<number>) => {
      const tilted = prior.map((weight, index) => weight * values[index]!);
      const total = tilted.reduce((sum, value) => sum + value, 0);
      return tilted.map((value) => value / total);
    };
    const before = new ProbabilitySmoother(3);
    const after = new ProbabilitySmoother(3);
    for (let frame = 0; frame < 100; frame++) {
      const weights = Array.from({ length: 3 }, () => 0.1 + random());
      const total = weights.reduce((sum, value) => sum + value, 0);
      const answer = weights.map((value) => value / total);
      before.update(tilt(answer), 0.04);
      after.update(answer, 0.04);
    }
    tilt(after.probabilities).forEach((value, index) => {
      expect(before.probabilities[index]).toBeCloseTo(value, 10);
    });
  });

  it("starts afresh after Infinity, changes nothing after 0 seconds, and can be switched off", () => {
    const smoother = new ProbabilitySmoother(2);
    smoother.update([0.9, 0.1], 0.1);
    expect(smoother.update([0.1, 0.9], 0)[0]).toBeCloseTo(0.9, 12);
    expect(smoother.update([0.1, 0.9], Number.POSITIVE_INFINITY)[0]).toBeCloseTo(0.1, 12);
    const off = new ProbabilitySmoother(2, 0);
    off.update([0.9, 0.1], 0.1);
    expect(off.update([0.3, 0.7], 0.1)[0]).toBeCloseTo(0.3, 12);
  });

  it.each([
    [[Number.NaN, 1]],
    [[-0.1, 1.1]],
    [[0, 0]],
    [[1]],
    [[0.2, 0.3, 0.5]],
    [[Number.POSITIVE_INFINITY, 0]],
  ])("refuses %j and keeps its state", (answer) => {
    const smoother = new ProbabilitySmoother(2);
    smoother.update([0.7, 0.3], 1);
    expect(() => smoother.update(answer, 1)).toThrow(
      expect.objectContaining({ code: "probabilities-invalid" }),
    );
    expect(smoother.probabilities[0]).toBeCloseTo(0.7, 12);
  });
});
