/** Landmark schemes and their reduction to one another. All begin with the 68 points of iBUG / Multi-PIE, or are mapped to them. */

import { EmotionNetError } from "../errors.ts";
import { MESH_TO_IBUG68 } from "./mesh-map.ts";

export const LANDMARK_COUNT = 68;
/** Numbers in one landmark vector: x1, y1, x2, y2, … */
export const LANDMARK_VALUES = LANDMARK_COUNT * 2;

/** Index ranges [start, end) of the facial parts in the 68-point scheme. */
export const PARTS = {
  jaw: [0, 17],
  rightBrow: [17, 22],
  leftBrow: [22, 27],
  nose: [27, 36],
  rightEye: [36, 42],
  leftEye: [42, 48],
  outerLip: [48, 60],
  innerLip: [60, 68],
} as const satisfies Record<string, readonly [number, number]>;

/** Number of points of each known scheme. 80 and 104 keep the 68 first; the mesh schemes are mapped. */
export const SCHEMES = {
  "ibug-68": 68,
  "points-80": 80,
  "points-104": 104,
  "mesh-468": 468,
  "mesh-478": 478,
} as const;

export type LandmarkScheme = keyof typeof SCHEMES;

/** Schemes that a model can take: the 68 points of iBUG come first, each adds further ones. */
export const MODEL_SCHEMES = ["ibug-68", "points-80", "points-104"] as const satisfies LandmarkScheme[];
export type ModelScheme = (typeof MODEL_SCHEMES)[number];

/** The scheme of a network with so many points, if there is one. */
export function modelSchemeOf(count: number): ModelScheme | undefined {
  return MODEL_SCHEMES.find((scheme) => SCHEMES[scheme] === count);
}

/** Numbers in one face of a scheme: x1, y1, x2, y2, … */
export function landmarkValues(scheme: ModelScheme): number {
  return 2 * SCHEMES[scheme];
}

/** Points as a flat list (x1, y1, x2, y2, …) or as pairs. */
export type Points = ArrayLike<number> | readonly (readonly [number, number])[];

/** Any accepted points → Float32Array(136) in iBUG-68 order; see {@link toScheme}. */
export function toIbug68(points: Points): Float32Array {
  return toScheme(points, "ibug-68");
}

/**
 * Any accepted points → Float32Array(2 × points of `scheme`), in the units they came in. The scheme that they are in is told
 * by their number; points beyond those of `scheme` are left out.
 * @throws EmotionNetError `landmarks-count` for a number of points that no scheme has, or that lacks points of `scheme`;
 * `landmarks-not-finite` for NaN or infinity.
 */
export function toScheme(points: Points, scheme: ModelScheme): Float32Array {
  return toSchemeInto(new Float32Array(landmarkValues(scheme)), points, scheme);
}

/** Like {@link toScheme}, into the first values of `target`, which is returned. */
export function toSchemeInto(target: Float32Array, points: Points, scheme: ModelScheme): Float32Array {
  const values = landmarkValues(scheme);
  if (points instanceof Float32Array && points.length === values) target.set(points);
  else select(target, flatten(points), scheme);
  assertFinite(target, values);
  return target;
}

/** Writes the points of `scheme` out of all that are given. */
function select(target: Float32Array, flat: ArrayLike<number>, scheme: ModelScheme): void {
  const count = flat.length / 2;
  const given = schemeOfCount(count);
  const isMesh = given.startsWith("mesh");
  const wanted = SCHEMES[scheme];
  if (isMesh ? scheme !== "ibug-68" : count < wanted) throw tooFew(count, wanted);
  for (let point = 0; point < wanted; point++) {
    const source = isMesh ? MESH_TO_IBUG68[point]! : point;
    target[2 * point] = flat[2 * source]!;
    target[2 * point + 1] = flat[2 * source + 1]!;
  }
}

const SIZES = Object.entries(SCHEMES) as [LandmarkScheme, number][];

/** @throws EmotionNetError `landmarks-count` when no scheme has this many points. */
export function schemeOfCount(count: number): LandmarkScheme {
  const known = SIZES.find(([, size]) => size === count);
  if (known) return known[0];
  throw new EmotionNetError("landmarks-count", {
    got: `${count} points`,
    wanted: `${Object.values(SCHEMES).join(", ")} points (x, y each)`,
    mend: "Pass 68 iBUG points, or a scheme that contains them.",
  });
}

function tooFew(count: number, wanted: number): EmotionNetError {
  return new EmotionNetError("landmarks-count", {
    got: `${count} points for a model of ${wanted}`,
    wanted: `the ${wanted} points that it was trained on, in their order`,
    mend: `Give faces of ${wanted} points or more, or take a model of 68 points.`,
  });
}

function flatten(points: Points): ArrayLike<number> {
  if (!Array.isArray(points[0])) return points as ArrayLike<number>;
  const pairs = points as readonly (readonly number[])[];
  const flat: number[] = [];
  for (const pair of pairs) {
    // Not for all: `flat` takes ten times as long.
    if (pair?.length !== 2) return pairs.flat();
    flat.push(pair[0]!, pair[1]!);
  }
  return flat;
}

/** Looks at the first `values` of the landmarks. */
function assertFinite(landmarks: Float32Array, values: number): void {
  // 0 × value is 0 for every finite value and NaN for the others: sums test all, two so that they wait less for each other.
  let zeroX = 0;
  let zeroY = 0;
  for (let index = 0; index < values; index += 2) {
    zeroX += 0 * landmarks[index]!;
    zeroY += 0 * landmarks[index + 1]!;
  }
  if (zeroX + zeroY === 0) return;
  const index = landmarks.findIndex((value) => !Number.isFinite(value));
  throw new EmotionNetError("landmarks-not-finite", {
    got: `${landmarks[index]} as ${index % 2 === 0 ? "x" : "y"} of point ${index >> 1} (counted from 0)`,
    wanted: "finite numbers for every point",
    mend: "Leave the face out, or fill the point from its neighbours before classifying.",
  });
}
