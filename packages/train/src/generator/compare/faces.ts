/** What the comparison with real faces speaks of. */

import type { FaceMeasures } from "../geometry.ts";

export const COMPARED = ["neutral", "happy"] as const;
export type Compared = (typeof COMPARED)[number];
export const MEASURES = [
  "mouthOpening",
  "mouthWidth",
  "lipHeight",
  "lipCornerAngle",
  "eyeOpening",
  "browHeight",
  "innerBrowHeight",
  "upperLipDrop",
  "noseLength",
  "asymmetry",
] as const satisfies readonly (keyof FaceMeasures)[];

/** Normalised faces of one class, one after the other. */
export type Faces = Float32Array[];

export interface Statistics {
  readonly mean: number;
  readonly deviation: number;
}

export function statistics(values: readonly number[]): Statistics {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Mean place and spread of a point of normalised faces. */
export function pointStatistics(faces: Faces, point: number): { x: Statistics; y: Statistics } {
  return {
    x: statistics(faces.map((face) => face[2 * point]!)),
    y: statistics(faces.map((face) => face[2 * point + 1]!)),
  };
}
