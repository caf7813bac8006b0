import { expect, test } from "vitest";
import { Random } from "../generator/random.ts";
import { bootstrapPersons } from "./bootstrap.ts";

/** Share of right answers. */
const accuracyOf = (isRight: readonly boolean[]) => (weights: Float64Array) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { accuracy: weights.reduce((sum, weight, at) => sum + (isRight[at] ? weight : 0), 0) / total };
};

/** Persons whose pictures are all right or all wrong: as many independent observations as persons. */
function people(seed: number, count: number, pictures: number, share: number) {
  const random = new Random(seed);
  const right = Array.from({ length: count }, () => random.chance(share));
  return {
    persons: right.flatMap((_, person) => new Array<string>(pictures).fill(`p${person}`)),
    isRight: right.flatMap((isRight) => new Array<boolean>(pictures).fill(isRight)),
  };
}

test("95 % intervals hold the truth about 95 times in 100", async () => {
  const truth = 0.7;
  let held = 0;
  const runs = 300;
  for (let run = 0; run < runs; run++) {
    const { persons, isRight } = people(1000 + run, 60, 4, truth);
    const { accuracy } = await bootstrapPersons({
      persons,
      measure: accuracyOf(isRight),
      seed: run,
      resamples: 200,
    });
    if (accuracy!.low! <= truth && truth <= accuracy!.high!) held++;
  }
  // Percentile intervals of 60 Bernoulli draws hold a little less than they say.
  expect(held / runs).toBeGreaterThan(0.9);
  expect(held / runs).toBeLessThan(0.98);
});

test("pictures of one person do not count as so many persons", async () => {
  const { persons, isRight } = people(5, 60, 10, 0.7);
  const width = async (names: readonly string[]) => {
    const { accuracy } = await bootstrapPersons({ persons: names, measure: accuracyOf(isRight), seed: 1 });
    return accuracy!.high! - accuracy!.low!;
  };
  const pretending = persons.map((_, sample) => `p${sample}`);
  const ratio = (await width(persons)) / (await width(pretending));
  expect(ratio).toBeGreaterThan(2.5); // √10 ≈ 3.2
  expect(ratio).toBeLessThan(4);
});

test("the interval of a normal mean is the closed form ± 1.96 σ/√n", async () => {
  const random = new Random(3);
  const values = Array.from({ length: 400 }, () => random.normal(2));
  const mean = (weights: Float64Array) => ({
    mean: weights.reduce((sum, weight, at) => sum + weight * values[at]!, 0) / 400,
  });
  const persons = values.map((_, at) => String(at));
  const options = { persons, measure: mean, seed: 2, resamples: 2000 };
  const { value, low, high } = (await bootstrapPersons(options)).mean!;
  const deviation = Math.sqrt(values.reduce((sum, one) => sum + (one - value) ** 2, 0) / 400);
  expect((high! - low!) / 2 / ((1.96 * deviation) / 20)).toBeGreaterThan(0.94);
  expect((high! - low!) / 2 / ((1.96 * deviation) / 20)).toBeLessThan(1.06);
  expect((await bootstrapPersons(options)).mean).toEqual({ value, low, high });
});

test("one person alone gives no interval", async () => {
  const { persons, isRight } = people(1, 1, 20, 0.5);
  const { accuracy } = await bootstrapPersons({ persons, measure: accuracyOf(isRight), seed: 1 });
  expect(accuracy).toEqual({ value: isRight[0] ? 1 : 0 });
});

test("other work runs between the resamples of many faces, and may end them", async () => {
  const { persons, isRight } = people(2, 500, 1000, 0.5);
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  const measure = accuracyOf(isRight);
  const seen: number[] = [];
  const stop = (done: number) => {
    seen.push(done);
    if (done >= 8) throw new Error("enough");
  };
  await expect(bootstrapPersons({ persons, measure, seed: 1, onProgress: stop })).rejects.toThrow("enough");
  clearInterval(others);
  expect(seen).toEqual([4, 8]);
  expect(turns).toBeGreaterThan(0);
});
