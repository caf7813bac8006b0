/** Left-right mirroring of 68 landmarks. */

import { LANDMARK_COUNT, LANDMARK_VALUES } from "./scheme.ts";

/** `FLIP[i]` is the point that takes the place of point i in the mirror. Its own inverse. */
// biome-ignore format: one facial part a line
export const FLIP: readonly number[] = [
  16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
  26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
  27, 28, 29, 30, 35, 34, 33, 32, 31,
  45, 44, 43, 42, 47, 46,
  39, 38, 37, 36, 41, 40,
  54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55,
  64, 63, 62, 61, 60, 67, 66, 65,
];

/** Mirrors 136 values at the line x = `axis` (same unit as the points) and renames the points. */
export function flipLandmarks(landmarks: Float32Array, axis = 0): Float32Array {
  const flipped = new Float32Array(LANDMARK_VALUES);
  for (let point = 0; point < LANDMARK_COUNT; point++) {
    const source = FLIP[point]!;
    flipped[2 * point] = 2 * axis - landmarks[2 * source]!;
    flipped[2 * point + 1] = landmarks[2 * source + 1]!;
  }
  return flipped;
}
