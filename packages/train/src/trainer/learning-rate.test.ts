import { describe, expect, it } from "vitest";
import { learningRateAt } from "./learning-rate.ts";

describe("learningRateAt", () => {
  const original = { softStart: 0.2, annealing: 0.8, base: 2e-4, minimum: 2e-7 };

  /** Base over minimum is 1000, so a share t gives 2e-7 · 10^(3t). */
  it.each([
    [0, 2e-7],
    [65, 2e-7 * 10 ** 1.5],
    [130, 2e-4],
    [400, 2e-4],
    [520, 2e-4],
    [585, 2e-7 * 10 ** 1.5],
    [637, 2e-7 * 10 ** 0.3],
    [650, 2e-7],
  ])("at step %i of 650 is %f", (step, expected) => {
    expect(learningRateAt(step, 650, original) / expected).toBeCloseTo(1, 10);
  });

  it("stays at the base without soft start and annealing", () => {
    const flat = { softStart: 0, annealing: 1, base: 0.01, minimum: 1e-5 };
    for (const step of [0, 1, 50, 100]) expect(learningRateAt(step, 100, flat)).toBeCloseTo(0.01, 12);
  });
});
