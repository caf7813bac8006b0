import { expect, test } from "vitest";
import { Random } from "../generator/random.ts";
import { riskCoverage } from "./risk-coverage.ts";

test("the curve and area of four answers, by hand", () => {
  const { points, aurc, bestAurc } = riskCoverage([0.9, 0.8, 0.7, 0.6], [true, false, true, false]);
  expect(points).toEqual([
    { threshold: 0.9, coverage: 0.25, risk: 0 },
    { threshold: 0.8, coverage: 0.5, risk: 0.5 },
    { threshold: 0.7, coverage: 0.75, risk: 1 / 3 },
    { threshold: 0.6, coverage: 1, risk: 0.5 },
  ]);
  expect(aurc).toBeCloseTo((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4, 12);
  expect(bestAurc).toBeCloseTo((0 + 0 + 1 / 3 + 2 / 4) / 4, 12);
});

test("a score that says nothing has the area of the plain error rate", () => {
  const isRight = Array.from({ length: 10 }, (_, sample) => sample % 5 !== 0);
  expect(riskCoverage(new Float64Array(10), isRight).aurc).toBeCloseTo(0.2, 12);
});

test("no order of the same answers has a smaller area than the best", () => {
  const random = new Random(4);
  for (let turn = 0; turn < 50; turn++) {
    const isRight = Array.from({ length: 30 }, () => random.chance(0.7));
    const { aurc, bestAurc } = riskCoverage(
      isRight.map(() => random.uniform(0, 1)),
      isRight,
    );
    expect(aurc).toBeGreaterThanOrEqual(bestAurc - 1e-12);
    const perfect = riskCoverage(
      isRight.map((right) => (right ? 1 : 0) + random.uniform(0, 0.1)),
      isRight,
    );
    expect(perfect.aurc).toBeCloseTo(bestAurc, 12);
  }
  expect(riskCoverage([], [])).toEqual({ points: [], aurc: 0, bestAurc: 0 });
});
