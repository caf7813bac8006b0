/** Who a face belongs to: the shape it keeps over all its samples. */

import type { Action } from "./actions.ts";
import { type FaceParameters, type IdentityModes, SHAPE_VALUES } from "./face-parameters.ts";
import type { Random } from "./random.ts";

export interface Identity {
  /** Difference from the mean neutral face. */
  readonly shape: Float64Array;
  /** How strongly this person moves the parts of the face; 1 is average. */
  readonly vigour: { readonly brows: number; readonly eyes: number; readonly mouth: number };
  /** What the face does at rest: signed weights of actions. */
  readonly rest: ReadonlyMap<Action, number>;
}

/** Share of persons drawn from the scanned faces (the others from the covariance of photographed ones). */
const SCANNED_SHARE = 0.5;
/** Draws beyond this many standard deviations look like no person. */
const LARGEST_DEVIATION = 2.5;
/** Width against height beyond the fitted modes: those come from few ages and populations. */
const STRETCH = 0.015;
const VIGOUR_SPREAD = 0.15;

/**
 * Resting habits as standard deviations of signed action weights. They widen brow height, lid opening and mouth corner
 * beyond the fitted young-adult faces: hooded or large eyes, hanging brows, down-turned mouths of any age.
 */
const RESTING_HABITS: readonly (readonly [Action, number])[] = [
  ["browDown", 0.15],
  ["browOuterUp", 0.1],
  ["browInnerUp", 0.1],
  ["eyeSquint", 0.14],
  ["eyeBlink", 0.05],
  ["mouthSmile", 0.04],
  ["mouthFrown", 0.12],
  ["mouthRollLower", 0.1],
  ["mouthRollUpper", 0.1],
];

export function drawIdentity(random: Random, parameters: FaceParameters): Identity {
  const shape = new Float64Array(SHAPE_VALUES);
  const { identities, bases } = parameters;
  addModes(shape, random.chance(SCANNED_SHARE) ? identities.ict : identities.mesh, random);
  const stretch = random.normal(STRETCH);
  for (let index = 0; index < SHAPE_VALUES; index += 3) {
    shape[index]! += stretch * bases.ict[index]!;
    shape[index + 1]! -= stretch * bases.ict[index + 1]!;
  }
  const vigour = () => Math.exp(random.normal(VIGOUR_SPREAD));
  return {
    shape,
    vigour: { brows: vigour(), eyes: vigour(), mouth: vigour() },
    rest: new Map(RESTING_HABITS.map(([action, deviation]) => [action, random.normal(deviation)])),
  };
}

function addModes(target: Float64Array, modes: IdentityModes, random: Random): void {
  for (const [mode, direction] of modes.directions.entries()) {
    const draw = Math.max(-LARGEST_DEVIATION, Math.min(LARGEST_DEVIATION, random.normal()));
    const weight = draw * modes.deviations[mode]!;
    for (let index = 0; index < SHAPE_VALUES; index++) target[index]! += weight * direction[index]!;
  }
}
