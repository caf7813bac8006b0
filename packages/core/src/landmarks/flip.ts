/** Left-right mirroring of landmarks. */

import { LANDMARK_COUNT, LANDMARK_VALUES, type ModelScheme, SCHEMES } from "./scheme.ts";

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

/**
 * The same for the points after the 68th: pupils, ears, further eye points. Source of the numbering: the mirror of NVIDIA's
 * open-sourced FPENet data loader (tao_tensorflow1_backend).
 */
// biome-ignore format: one facial part a line
const FLIP_OF_FURTHER: readonly number[] = [
  74, 73, 72, 75, 70, 69, 68, 71,
  78, 79, 76, 77,
  91, 92, 93, 100, 99, 98, 97, 96, 95, 94, 101,
  80, 81, 82, 89, 88, 87, 86, 85, 84, 83, 90,
  103, 102,
];

/** {@link FLIP} for every point of a scheme. */
export function flipOrder(scheme: ModelScheme): readonly number[] {
  return [...FLIP, ...FLIP_OF_FURTHER].slice(0, SCHEMES[scheme]);
}

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
