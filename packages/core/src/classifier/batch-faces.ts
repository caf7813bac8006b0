/** Faces of a batch: checked, normalised, and named in errors. */

import { EmotionNetError } from "../errors.ts";
import { FIRST_INNER_POINT, normaliseInto } from "../landmarks/normalise.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";

/** @throws EmotionNetError `landmarks-count` unless `flat` holds exactly `count` faces of `values` numbers */
export function checkBatch(flat: ArrayLike<number>, count: number, values: number): void {
  if (Number.isInteger(count) && count >= 0 && flat.length === count * values) return;
  throw new EmotionNetError("landmarks-count", {
    got: `${flat.length} values for ${count} faces`,
    wanted: `${values} values for each face: x, y of ${values / 2} points`,
    mend: "Reduce other schemes with toScheme first, and pass the number of faces.",
  });
}

/**
 * Normalises face number `source` of `flat` into place `face` of `input`; a face has `values` numbers.
 * @throws EmotionNetError `landmarks-not-finite` or `landmarks-degenerate` naming the face
 */
export function normaliseFace(
  input: Float32Array,
  face: number,
  flat: ArrayLike<number>,
  source: number,
  values: number,
): void {
  const to = face * values;
  const from = source * values;
  try {
    if (flat instanceof Float32Array) {
      normaliseInto(input, to, flat, from, values);
    } else {
      // Rounded to single precision first, as `classify` does.
      for (let index = 0; index < values; index++) input[to + index] = flat[from + index]!;
      normaliseInto(input, to, input, to, values);
    }
  } catch (cause) {
    throw isFiniteFace(flat, from, values) ? degenerate(source, cause) : notFinite(source);
  }
  // An inner value that is not finite spoils the transform and so every value, another one itself: to look at the others is enough.
  let zero = 0;
  for (let index = to; index < to + 2 * FIRST_INNER_POINT; index++) zero += 0 * input[index]!;
  for (let index = to + LANDMARK_VALUES; index < to + values; index++) zero += 0 * input[index]!;
  if (zero !== 0 && !isFiniteFace(flat, from, values)) throw notFinite(source);
}

function isFiniteFace(flat: ArrayLike<number>, from: number, values: number): boolean {
  for (let index = from; index < from + values; index++) {
    if (!Number.isFinite(flat[index])) return false;
  }
  return true;
}

function notFinite(face: number): EmotionNetError {
  return new EmotionNetError("landmarks-not-finite", {
    got: `a value that is not a finite number in face ${face} (counted from 0)`,
    wanted: "finite numbers for every point",
    mend: "Leave the face out, or fill the point from its neighbours before classifying.",
  });
}

function degenerate(face: number, cause: unknown): EmotionNetError {
  const parts = {
    got: `inner landmarks that coincide in face ${face} (counted from 0)`,
    wanted: "68 distinct points of a face",
    mend: "Leave the face out, or check that its points were read in the right order.",
  };
  return new EmotionNetError("landmarks-degenerate", parts, { cause });
}
