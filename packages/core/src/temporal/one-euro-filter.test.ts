import { describe, expect, it } from "vitest";
import { randomSource } from "../testing/random-model.ts";
import { OneEuroFilter } from "./one-euro-filter.ts";

const random = randomSource(1);
/** Nearly normal: sum of twelve uniform numbers. */
const noise = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);

/** Filters x of one point; y stays 0. */
function filterAll(filter: OneEuroFilter, times: number[], values: number[]): number[] {
  return times.map((time, index) => filter.filter(Float64Array.of(values[index]!, 0), time, 1)[0]!);
}

describe("OneEuroFilter", () => {
  it("without speed is the first-order low-pass filter of its cut-off, at irregular times", () => {
    const times = [0, 0.04, 0.05, 0.13, 0.2, 0.21];
    const filter = new OneEuroFilter(1, { minimumCutoff: 1.5, speedCoefficient: 0 });
    const output = filterAll(filter, times, [0, 1, 1, 1, 1, 1]);
    let missing = 1;
    for (let index = 1; index < times.length; index++) {
      const elapsed = times[index]! - times[index - 1]!;
      missing *= 1 - 1 / (1 + 1 / (2 * Math.PI * 1.5 * elapsed));
      expect(output[index]).toBeCloseTo(1 - missing, 12);
    }
  });

  it("follows the published recurrence for a step, worked out by hand", () => {
    // Δt = 1/(2π) s makes α(1 Hz) = 1/2. Step of 1: speed = ½·2π = π; cut-off = 1 + 1·π; α = (1 + π)/(2 + π).
    const filter = new OneEuroFilter(1, { minimumCutoff: 1, speedCoefficient: 1, speedCutoff: 1 });
    const output = filterAll(filter, [0, 1 / (2 * Math.PI)], [0, 1]);
    expect(output[1]).toBeCloseTo((1 + Math.PI) / (2 + Math.PI), 12);
  });

  it("keeps less than half of the jitter of a resting point", () => {
    const count = 3000;
    const times = Array.from({ length: count }, (_, index) => index / 30 + 0.005 * random());
    const output = filterAll(
      new OneEuroFilter(1),
      times,
      times.map(() => 0.003 * noise()),
    );
    const kept = Math.sqrt(output.slice(60).reduce((sum, value) => sum + value ** 2, 0) / (count - 60));
    expect(kept).toBeLessThan(0.5 * 0.003);
  });

  it("follows a quick smile within two frames", () => {
    const times = Array.from({ length: 60 }, (_, index) => index / 30);
    const smile = times.map((time) => 0.08 * Math.min(1, Math.max(0, (time - 1) / 0.2)));
    const output = filterAll(new OneEuroFilter(1), times, smile);
    for (let index = 2; index < times.length; index++) {
      expect(output[index]).toBeGreaterThanOrEqual(smile[index - 2]! - 0.004);
    }
  });

  it("treats x and y of a point alike: turning the picture turns the result", () => {
    const straight = new OneEuroFilter(2);
    const turned = new OneEuroFilter(2);
    for (let frame = 0; frame < 50; frame++) {
      const points = Float64Array.from({ length: 4 }, noise);
      const quarter = Float64Array.of(-points[1]!, points[0]!, -points[3]!, points[2]!);
      const [x0, y0, x1, y1] = straight.filter(points, frame / 25, 1);
      const other = turned.filter(quarter, frame / 25, 1);
      [-y0!, x0!, -y1!, x1!].forEach((value, index) => {
        expect(other[index]).toBeCloseTo(value, 10);
      });
    }
  });

  it("gives near and far faces the same smoothness when the unit is the face's width", () => {
    const near = new OneEuroFilter(1);
    const far = new OneEuroFilter(1);
    for (let frame = 0; frame < 50; frame++) {
      const points = Float64Array.of(noise(), noise());
      const larger = points.map((value) => 400 * value);
      const expected = far.filter(points, frame / 25, 1).map((value) => 400 * value);
      expect(near.filter(larger, frame / 25, 400)[0]).toBeCloseTo(expected[0]!, 8);
    }
  });

  it("repeats its result for a repeated or slightly earlier time and writes into a given target", () => {
    const filter = new OneEuroFilter(1);
    filter.filter(Float32Array.of(1, 1), 5, 1);
    const result = filter.filter(Float32Array.of(2, 2), 5.1, 1);
    const target = new Float32Array(2);
    expect(filter.filter(Float32Array.of(90, 90), 5.1, 1, target)).toBe(target);
    expect(target).toEqual(result);
    expect(filter.filter(Float32Array.of(90, 90), 4.9, 1)).toEqual(result);
  });

  it("says what is wrong and stays usable", () => {
    const filter = new OneEuroFilter(1);
    filter.filter(Float32Array.of(1, 1), 0, 1);
    const codes: [() => unknown, string][] = [
      [() => filter.filter(Float32Array.of(Number.NaN, 1), 1, 1), "landmarks-not-finite"],
      [() => filter.filter(Float32Array.of(1), 1, 1), "landmarks-count"],
      [() => filter.filter(Float32Array.of(1, 1), Number.NaN, 1), "time-invalid"],
      [() => filter.filter(Float32Array.of(1, 1), -5, 1), "time-invalid"],
      [() => new OneEuroFilter(1, { minimumCutoff: 0 }), "usage"],
    ];
    for (const [act, code] of codes) expect(act).toThrow(expect.objectContaining({ code }));
    expect(filter.filter(Float32Array.of(1, 1), 1, 1)).toEqual(Float32Array.of(1, 1));
  });
});
