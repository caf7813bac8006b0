import { expect, test } from "vitest";
import { spreadIndices } from "./spread-indices.ts";

test.each([
  [12_000, 2000],
  [360_000, 30_000],
  [71_020, 2000],
  [100, 99],
])("of %d samples whose classes and cameras take turns, %d have all of them alike often", (count, most) => {
  const indices = spreadIndices(count, most);
  expect(indices).toHaveLength(most);
  expect(new Set(indices).size).toBe(most);
  expect(
    indices.every((index, at) => index >= 0 && index < count && (at === 0 || index > indices[at - 1]!)),
  ).toBe(true);
  for (const period of [6, 12, 15]) {
    const counts = Array.from(
      { length: period },
      (_, turn) => indices.filter((index) => index % period === turn).length,
    );
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(2 + 0.1 * (most / period));
  }
});

test("a set that is small enough is taken whole", () => {
  expect(spreadIndices(4, 4)).toEqual([0, 1, 2, 3]);
  expect(spreadIndices(3, 9)).toEqual([0, 1, 2]);
  expect(spreadIndices(0, 9)).toEqual([]);
});
