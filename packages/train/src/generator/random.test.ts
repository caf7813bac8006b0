import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";

const COUNT = 20_000;

function draws(draw: (random: Random) => number): number[] {
  const random = new Random(5);
  return Array.from({ length: COUNT }, () => draw(random));
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe("Random", () => {
  it("repeats itself for the same seeds and differs for others", () => {
    const first = (...seeds: number[]) => {
      const random = new Random(...seeds);
      return [random.uniform(), random.normal(), random.integer(1000)];
    };
    expect(first(1, 2, 3)).toEqual(first(1, 2, 3));
    const others = [first(1, 2, 4), first(2, 1, 3), first(1, 2), first(1, 2, 3, 0)];
    for (const other of others) expect(other).not.toEqual(first(1, 2, 3));
  });

  it("gives the same numbers on every machine", () => {
    const random = new Random(42);
    expect([random.integer(1e9), random.integer(1e9), random.integer(1e9)]).toMatchInlineSnapshot(`
      [
        859826696,
        413579110,
        995648425,
      ]
    `);
  });

  it("draws with the moments of the named distributions", () => {
    const uniform = moments(draws((random) => random.uniform(2, 4)));
    expect(uniform.mean).toBeCloseTo(3, 1);
    expect(uniform.variance).toBeCloseTo(1 / 3, 1);
    const normal = moments(draws((random) => random.normal(2)));
    expect(Math.abs(normal.mean)).toBeLessThan(0.06);
    expect(normal.variance / 4).toBeCloseTo(1, 1);
    const fair = moments(draws((random) => (random.chance(0.3) ? 1 : 0)));
    expect(fair.mean).toBeCloseTo(0.3, 1);
  });

  it("picks by share", () => {
    const items = [
      { share: 1, name: "rare" },
      { share: 3, name: "often" },
      { share: 0, name: "never" },
    ];
    const random = new Random(9);
    const picked = Array.from({ length: COUNT }, () => random.pick(items).name);
    expect(picked.filter((name) => name === "rare").length / COUNT).toBeCloseTo(0.25, 1);
    expect(picked).not.toContain("never");
  });
});
