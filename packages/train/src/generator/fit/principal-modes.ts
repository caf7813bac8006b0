/** The main ways in which shapes differ. */

import { symmetricEigen } from "@emotionnet/core/geometry";
import { mirror, type Shape } from "./shape.ts";

export interface Modes {
  /** Standard deviation along each mode, in outer-eye distances over all 204 numbers, descending. */
  readonly deviations: number[];
  /** Directions of length 1. */
  readonly directions: Shape[];
}

/**
 * Principal components of differences from a mean. Each difference is used with its mirror image, so that left and
 * right vary alike. Keeps the first modes that explain `share` of the variance.
 * @param divisor differences² / divisor is the variance: their number for samples of a population, 1 for modes of a model.
 */
export function principalModes(differences: readonly Shape[], divisor: number, share: number): Modes {
  const all = differences.flatMap((difference) => [difference, mirror(difference)]);
  const size = all[0]!.length;
  const covariance = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const row of all) {
    for (let i = 0; i < size; i++) {
      const target = covariance[i]!;
      for (let j = 0; j < size; j++) target[j]! += (row[i]! * row[j]!) / (2 * divisor);
    }
  }
  const { values, vectors } = symmetricEigen(covariance);
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  let explained = 0;
  let count = 0;
  while (explained < share * total) explained += Math.max(values[count++]!, 0);
  return {
    deviations: values.slice(0, count).map((value) => Math.sqrt(value)),
    directions: vectors.slice(0, count),
  };
}
