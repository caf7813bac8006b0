import { expect, test } from "vitest";
import { Random } from "./random.ts";
import { stiffen } from "./stiffness.ts";

const [START, END] = [2, 11];
const random = new Random(5);
const face = Float64Array.from({ length: 36 }, () => random.normal());
const free = Float64Array.from({ length: 36 }, () => random.normal());
/** Moves along x, leans, stretches and turns, as a whole. */
const whole = Float64Array.from({ length: 36 }, (_, index) => {
  const point = index - (index % 3);
  const [x, y] = [face[point]!, face[point + 1]!];
  return [0.3 + 0.2 * x - 0.1 * y, -0.4 + 0.5 * y, 0.1 * x][index % 3]!;
});

const stiffened = (moved: Float64Array, share: number) => {
  const result = moved.slice();
  stiffen(result, face, START, END, share);
  return result;
};

test("what moves as a whole stays as it is", () => {
  for (const [index, value] of stiffened(whole, 1).entries()) expect(value).toBeCloseTo(whole[index]!, 12);
});

test("what is left out is at right angles to every movement as a whole", () => {
  const rest = stiffened(free, 1).map((value, index) => free[index]! - value);
  for (let axis = 0; axis < 3; axis++) {
    for (const weight of [
      () => 1,
      (point: number) => face[3 * point]!,
      (point: number) => face[3 * point + 1]!,
    ]) {
      let sum = 0;
      for (let point = START; point < END; point++) sum += weight(point) * rest[3 * point + axis]!;
      expect(sum).toBeCloseTo(0, 12);
    }
  }
  expect(Math.max(...rest.map(Math.abs))).toBeGreaterThan(0.5);
});

test("a share lies between both, and other points are left alone", () => {
  const [none, some, all] = [0, 0.25, 1].map((share) => stiffened(free, share)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  expect(none).toEqual(free);
  for (let index = 0; index < free.length; index++) {
    const isPart = index >= 3 * START && index < 3 * END;
    expect(some[index]).toBeCloseTo(isPart ? 0.75 * free[index]! + 0.25 * all[index]! : free[index]!, 12);
  }
});
