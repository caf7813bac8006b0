/** The original's split by person. */

import { personOf } from "./dataset.ts";
import { MersenneTwister } from "./mersenne-twister.ts";

/** Sample indices of each part, in the order of `names`; a person is in exactly one part. */
export interface Split {
  readonly train: Int32Array;
  readonly validate: Int32Array;
  readonly test: Int32Array;
}

/** Persons of each part in the original's order. */
export interface PersonSplit {
  readonly train: readonly string[];
  readonly validate: readonly string[];
  readonly test: readonly string[];
}

/** `random.seed(1)` in the original's converter. */
const ORIGINAL_SEED = 1;
/** One person in ten for testing, one in ten for validation. */
const PERSONS_PER_HELD_OUT = 10;

/**
 * Sorted persons are shuffled by Python's `random.seed(1); random.sample(persons, n)`; the first k = max(1, ⌊n/10⌋) test,
 * the next k validate, the rest train. Reproduces the original's split of its own data person for person.
 */
export function splitPersons(persons: readonly string[]): PersonSplit {
  const order = new MersenneTwister(ORIGINAL_SEED).sampleAll([...new Set(persons)].sort());
  const held = Math.max(1, Math.floor(order.length / PERSONS_PER_HELD_OUT));
  return {
    test: order.slice(0, held),
    validate: order.slice(held, 2 * held),
    train: order.slice(2 * held),
  };
}

/** Splits samples by the person in their frame name (see `splitPersons`). */
export function splitByPerson(names: readonly string[]): Split {
  const persons = names.map(personOf);
  const split = splitPersons(persons);
  const indicesOf = (part: readonly string[]) => {
    const members = new Set(part);
    const indices = persons.map((person, index) => (members.has(person) ? index : -1));
    return Int32Array.from(indices.filter((index) => index >= 0));
  };
  return {
    train: indicesOf(split.train),
    validate: indicesOf(split.validate),
    test: indicesOf(split.test),
  };
}
