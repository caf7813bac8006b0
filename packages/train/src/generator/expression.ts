/** Turns a recipe into the weights of one performance, and the weights into moved points. */

import { type Expression, LANDMARK_COUNT, PARTS } from "@emotionnet/core";
import type { Action } from "./actions.ts";
import { type ActionShape, type FaceParameters, isSided, SHAPE_VALUES } from "./face-parameters.ts";
import type { Identity } from "./identity.ts";
import { closeLips, lipPlaces, slideLips } from "./lips.ts";
import type { Random } from "./random.ts";
import { RECIPES } from "./recipes/recipes.ts";
import type { Style, Variant } from "./recipes/variant.ts";
import { stiffen } from "./stiffness.ts";

/** The regions whose points a landmark source may move too little, each in its own degree. */
export type Region = "jaw" | "brows" | "eyes" | "nose" | "mouth";

/** How a landmark source follows a moving face. */
export interface PlacingHabits {
  readonly gains: Readonly<Record<Region, number>>;
  /** Share of a region's movement that is shown by its parts as wholes (`stiffen`); of the lips by the outer line. */
  readonly stiffness: Readonly<Record<Region, number>>;
  readonly lipHold: number;
}

export interface ActionWeight {
  readonly action: Action;
  readonly left: number;
  readonly right: number;
}

export interface Performance {
  readonly weights: readonly ActionWeight[];
  /** The lips are brought together to this gap at most, in outer-eye distances. */
  readonly largestGap: number;
}

/** Left and right differ by a factor 1 ± this (standard deviation); gives the lip-corner asymmetry of the London smiles. */
const ASYMMETRY = 0.1;
/** Now and then a face is clearly lopsided, unless its variant says otherwise. */
const LOPSIDED = { probability: 0.05, largest: 0.6 };
/** Posed performances come from the upper half of a variant's strengths and up to this far above it. */
const POSED_SURPLUS = 0.1;
/** Small movements that belong to no recipe: standard deviations around the mean resting face. */
const STIR: readonly (readonly [Action, number])[] = [
  ["browDown", 0.06],
  ["browInnerUp", 0.05],
  ["browOuterUp", 0.05],
  ["eyeBlink", 0.04],
  ["eyeSquint", 0.06],
  ["mouthDimple", 0.05],
  ["mouthFrown", 0.05],
  ["mouthPress", 0.06],
  ["mouthRollLower", 0.06],
  ["mouthRollUpper", 0.05],
];
/** Inner-lip gap of closed lips as landmarks show it (outer-eye distances); 5 % to 95 % of the London neutrals: 0.008 to 0.023. */
const CLOSED_GAP = [0.003, 0.024] as const;
const STIR_ASYMMETRY = 0.5;
/** Jaw and mouth are rarely exactly in the middle (signed). */
const SIDEWAYS: readonly (readonly [Action, number])[] = [
  ["jawSide", 0.06],
  ["mouthSide", 0.06],
];

export function drawPerformance(
  random: Random,
  expression: Expression,
  style: Style,
  identity: Identity,
): Performance {
  const variants = RECIPES[expression].map((variant) => ({ variant, share: variant.share[style] }));
  const { variant } = random.pick(variants);
  const left = new Map<Action, number>();
  const right = new Map<Action, number>();
  const add = (action: Action, weight: number, tilt: number) => {
    left.set(action, (left.get(action) ?? 0) + weight * (1 + tilt));
    right.set(action, (right.get(action) ?? 0) + weight * (1 - tilt));
  };
  const lean = random.chance(variant.lopsided ?? LOPSIDED.probability)
    ? random.uniform(-LOPSIDED.largest, LOPSIDED.largest)
    : random.normal(ASYMMETRY / 2);
  const strength = drawStrength(random, variant, style);
  for (const [action, low, high, probability = 1] of variant.actions) {
    const weight = strength * random.uniform(low, high);
    const tilt = lean + random.normal(ASYMMETRY);
    if (random.chance(probability)) add(action, weight * identity.vigour[musclesOf(action)], tilt);
  }
  for (const [action, deviation] of STIR)
    add(action, random.normal(deviation), random.normal(STIR_ASYMMETRY));
  for (const [action, deviation] of SIDEWAYS) add(action, random.normal(deviation), 0);
  // Whoever shows an action fully no longer rests in it.
  for (const [action, weight] of identity.rest) {
    const shown = Math.min(1, Math.max(0, left.get(action) ?? 0));
    add(action, weight * (1 - shown), random.normal(ASYMMETRY));
  }
  return {
    weights: [...left].map(([action, weight]) => ({ action, left: weight, right: right.get(action)! })),
    largestGap: variant.lips === "closed" ? random.uniform(...CLOSED_GAP) : Number.POSITIVE_INFINITY,
  };
}

function drawStrength(random: Random, { strength: [low, high] }: Variant, style: Style): number {
  return style === "posed"
    ? random.uniform((low + high) / 2, high + POSED_SURPLUS)
    : random.uniform(low, high);
}

/** The muscles by which persons differ in vigour. */
function musclesOf(action: Action): keyof Identity["vigour"] {
  if (action.startsWith("brow")) return "brows";
  return /^(eye|cheekRaiser|cheekSquint)/.test(action) ? "eyes" : "mouth";
}

/** The region of each part of the 68 points, in the order of PARTS. */
const PART_REGIONS: readonly Region[] = ["jaw", "brows", "brows", "nose", "eyes", "eyes", "mouth", "mouth"];

const EYES = [
  { upper: [37, 38], lower: [41, 40] },
  { upper: [43, 44], lower: [47, 46] },
] as const;
/** A shut eye still shows two rows of points, this far apart (outer-eye distances). */
const SHUT_EYE = 0.012;

/**
 * Adds a performance to a neutral face (in place): linear blend of the action shapes, then lids and lips that would
 * cross are stopped where they touch.
 * @param habits how much of each region's movement the landmark source shows, how far it shows it of parts as wholes, and how
 * far it holds the places of points along the lips.
 */
export function applyPerformance(
  face: Float64Array,
  performance: Performance,
  { gains, stiffness, lipHold }: PlacingHabits,
  parameters: FaceParameters,
): void {
  const opening = meanEyeOpening(face) / meanEyeOpening(parameters.bases.ict);
  const lidScale = Math.min(1.6, Math.max(0.6, opening));
  lipPlaces(face, places);
  moved.fill(0);
  for (const { action, left, right } of performance.weights) {
    const shape = parameters.actions[action];
    // Lids travel as far as the eye is open, so that a blink shuts narrow and large eyes alike.
    const scale = action === "eyeBlink" ? lidScale : 1;
    if (isSided(action)) addSides(shape, left * scale, right * scale);
    else addWhole(shape.left, left * scale);
  }
  for (const [part, [start, end]] of Object.values(PARTS).entries()) {
    const region = PART_REGIONS[part]!;
    // The gap between the lips is shown by every point, so the inner line is not stiff.
    if (start !== PARTS.innerLip[0]) stiffen(moved, face, start, end, stiffness[region]);
    const gain = gains[region];
    for (let index = 3 * start; index < 3 * end; index++) face[index]! += gain * moved[index]!;
  }
  stopLids(face);
  closeLips(face, performance.largestGap);
  slideLips(face, places, lipHold);
}

// Places of the face that is being moved: millions of faces are drawn.
const moved = new Float64Array(SHAPE_VALUES);
const places = new Float64Array(LANDMARK_COUNT);

function addSides({ left, right }: ActionShape, leftWeight: number, rightWeight: number): void {
  for (let index = 0; index < SHAPE_VALUES; index++) {
    moved[index]! += leftWeight * left[index]! + rightWeight * right[index]!;
  }
}

function addWhole(shape: Float64Array, weight: number): void {
  for (let index = 0; index < SHAPE_VALUES; index++) moved[index]! += weight * shape[index]!;
}

function meanEyeOpening(face: Float64Array): number {
  let sum = 0;
  for (const { upper, lower } of EYES) {
    for (let lid = 0; lid < 2; lid++) sum += face[3 * upper[lid]! + 1]! - face[3 * lower[lid]! + 1]!;
  }
  return sum / 4;
}

function stopLids(face: Float64Array): void {
  for (const { upper, lower } of EYES) {
    for (let lid = 0; lid < 2; lid++) {
      const top = 3 * upper[lid]! + 1;
      const bottom = 3 * lower[lid]! + 1;
      const overlap = SHUT_EYE - (face[top]! - face[bottom]!);
      if (overlap <= 0) continue;
      face[top]! += overlap / 2;
      face[bottom]! -= overlap / 2;
    }
  }
}
