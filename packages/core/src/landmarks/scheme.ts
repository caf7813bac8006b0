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
  if (points instanceof Float32Array && points.length === landmarkValues(scheme)) {
    const copy = points.slice();
    assertFinite(copy);
    return copy;
  }
  const flat = flatten(points);
  const count = flat.length / 2;
  const given = schemeOfCount(count);
  const isMesh = given.startsWith("mesh");
  const wanted = SCHEMES[scheme];
  if (isMesh ? scheme !== "ibug-68" : count < wanted) throw tooFew(count, wanted);
  const landmarks = new Float32Array(2 * wanted);
  for (let point = 0; point < wanted; point++) {
    const source = isMesh ? MESH_TO_IBUG68[point]! : point;
    landmarks[2 * point] = flat[2 * source]!;
    landmarks[2 * point + 1] = flat[2 * source + 1]!;
  }
  assertFinite(landmarks);
  return landmarks;
}

/** @throws EmotionNetError `landmarks-count` when no scheme has this many points. */
export function schemeOfCount(count: number): LandmarkScheme {
  for (const [scheme, size] of Object.entries(SCHEMES)) {
    if (size === count) return scheme as LandmarkScheme;
  }
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
  return Array.isArray(points[0])
    ? (points as readonly (readonly number[])[]).flat()
    : (points as ArrayLike<number>);
}

function assertFinite(landmarks: Float32Array): void {
  // 0 × value is 0 for every finite value and NaN for the others: one sum tests all.
  let zero = 0;
  for (let index = 0; index < landmarks.length; index++) zero += 0 * landmarks[index]!;
  if (zero === 0) return;
  const index = landmarks.findIndex((value) => !Number.isFinite(value));
  throw new EmotionNetError("landmarks-not-finite", {
    got: `${landmarks[index]} as ${index % 2 === 0 ? "x" : "y"} of point ${index >> 1} (counted from 0)`,
    wanted: "finite numbers for every point",
    mend: "Leave the face out, or fill the point from its neighbours before classifying.",
  });
}
