/** A part of many samples that stands for all of them. */

/** Its multiples fall evenly into 0..1 and never in step with anything that repeats. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * At most `most` of the numbers 0 … count − 1, ascending and spread over all: one from each of `most` equal stretches, at a
 * changing place in it. Taking every n-th instead would follow the order of a set whose classes or cameras take turns,
 * and could leave only one of them.
 */
export function spreadIndices(count: number, most: number): number[] {
  const taken = Math.min(count, most);
  if (taken === count) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: taken }, (_, stretch) => {
    const from = Math.floor((stretch * count) / taken);
    const to = Math.floor(((stretch + 1) * count) / taken);
    return from + Math.floor(((stretch * GOLDEN) % 1) * (to - from));
  });
}
