import { describe, expect, it } from "vitest";
import { personOf } from "./dataset.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { splitByPerson, splitPersons } from "./split.ts";

/** Expected values were printed by CPython 3.11's `random` module. */
describe("MersenneTwister", () => {
  it("draws the numbers of Python's random.seed(1)", () => {
    const twister = new MersenneTwister(1);
    expect([twister.uint32(), twister.uint32(), twister.uint32()]).toEqual([
      577090037, 2444712010, 3639700191,
    ]);
  });

  it("still agrees after a thousand draws, and for the largest seed", () => {
    const twister = new MersenneTwister(1);
    for (let draw = 0; draw < 1000; draw++) twister.uint32();
    expect(twister.uint32()).toBe(2160508093);
    const large = new MersenneTwister(4294967295);
    expect([large.uint32(), large.uint32(), large.uint32()]).toEqual([2728839433, 2661025012, 872737089]);
  });

  it("samples as Python's random.sample", () => {
    const persons = Array.from({ length: 12 }, (_, index) => `p${String(index).padStart(3, "0")}`);
    expect(new MersenneTwister(1).sampleAll(persons)).toEqual([
      "p002",
      "p009",
      "p001",
      "p004",
      "p010",
      "p003",
      "p006",
      "p005",
      "p008",
      "p000",
      "p011",
      "p007",
    ]);
    const numbers = Array.from({ length: 118 }, (_, index) => index);
    expect(new MersenneTwister(1).sampleAll(numbers).slice(0, 20)).toEqual([
      17, 72, 108, 102, 97, 8, 32, 15, 63, 113, 57, 60, 83, 48, 100, 26, 12, 62, 3, 49,
    ]);
  });
});

describe("splitByPerson", () => {
  const persons = Array.from({ length: 337 }, (_, index) => `S${String(index + 1).padStart(3, "0")}`);

  it("holds out the persons that CPython draws from Multi-PIE's 337", () => {
    const split = splitPersons(persons.toReversed());
    expect([split.test.length, split.validate.length, split.train.length]).toEqual([33, 33, 271]);
    expect(split.test).toEqual([
      "S069",
      "S292",
      "S033",
      "S131",
      "S061",
      "S254",
      "S231",
      "S242",
      "S195",
      "S108",
      "S049",
      "S250",
      "S015",
      "S200",
      "S222",
      "S312",
      "S002",
      "S229",
      "S137",
      "S118",
      "S303",
      "S053",
      "S163",
      "S016",
      "S012",
      "S014",
      "S278",
      "S005",
      "S196",
      "S111",
      "S217",
      "S325",
      "S271",
    ]);
  });

  it("puts every sample in one part and every person on one side", () => {
    const names = persons.flatMap((person) => [`${person}_01_01_051_00`, `${person}_02_02_140_07`]);
    const split = splitByPerson(names);
    const all = [...split.train, ...split.validate, ...split.test];
    expect(all.toSorted((a, b) => a - b)).toEqual(names.map((_, index) => index));
    const sides = [split.train, split.validate, split.test].map(
      (part) => new Set([...part].map((index) => personOf(names[index]!))),
    );
    expect(sides.reduce((sum, side) => sum + side.size, 0)).toBe(persons.length);
  });

  it("still holds one person out of three", () => {
    const split = splitPersons(["a", "b", "c"]);
    expect([split.test.length, split.validate.length, split.train.length]).toEqual([1, 1, 1]);
  });
});
