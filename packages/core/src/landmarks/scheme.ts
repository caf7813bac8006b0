/** Landmark schemes and their reduction to the 68 points of iBUG / Multi-PIE. */

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

/** Points as a flat list (x1, y1, x2, y2, …) or as pairs. */
export type Points = ArrayLike<number> | readonly (readonly [number, number])[];

/**
 * Any accepted points → Float32Array(136) in iBUG-68 order, in the units they came in.
 * The scheme is told by the number of points.
 * @throws EmotionNetError `landmarks-count` for another number of points, `landmarks-not-finite` for NaN or infinity.
 */
export function toIbug68(points: Points): Float32Array {
  if (points instanceof Float32Array && points.length === LANDMARK_VALUES) {
    const copy = points.slice();
    assertFinite(copy);
    return copy;
  }
  const flat = flatten(points);
  const count = flat.length / 2;
  const scheme = schemeOfCount(count);
  const landmarks = new Float32Array(LANDMARK_VALUES);
  const isMesh = scheme.startsWith("mesh");
  for (let point = 0; point < LANDMARK_COUNT; point++) {
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
