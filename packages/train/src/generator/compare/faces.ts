/** What the comparison with real faces speaks of. */

import { join } from "node:path";
import { FIRST_INNER_POINT, LANDMARK_VALUES, normaliseInto } from "@emotionnet/core";
import { generateFaces } from "../generate-faces.ts";
import type { FaceMeasures } from "../geometry.ts";
import { readLondonSet } from "./london-set.ts";

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

/** Covariances of all coordinates of the 51 inner points: a square matrix, row by row. */
export function covariances(faces: Faces): Float64Array {
  const first = 2 * FIRST_INNER_POINT;
  const size = LANDMARK_VALUES - first;
  const means = Float64Array.from(
    { length: size },
    (_, index) => statistics(faces.map((face) => face[first + index]!)).mean,
  );
  const matrix = new Float64Array(size * size);
  for (const face of faces) {
    for (let row = 0; row < size; row++) {
      const difference = (face[first + row]! - means[row]!) / faces.length;
      for (let column = 0; column < size; column++) {
        matrix[row * size + column]! += difference * (face[first + column]! - means[column]!);
      }
    }
  }
  return matrix;
}

/** Pearson's correlation of two lists of numbers, −1..1. */
export function correlation(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const [a, b] = [statistics(Array.from(left)), statistics(Array.from(right))];
  let sum = 0;
  for (let index = 0; index < left.length; index++) {
    sum += (left[index]! - a.mean) * (right[index]! - b.mean);
  }
  return sum / left.length / (a.deviation * b.deviation);
}

/** Mesh points of the London Set: 102 persons, each neutral and smiling. @param directory holds `london-landmarks.json`. */
export function realFaces(directory: string): Record<Compared, Faces> {
  const faces: Record<Compared, Faces> = { neutral: [], happy: [] };
  for (const { set, label, landmarks } of readLondonSet(join(directory, "london-landmarks.json"))) {
    if (set === "london") faces[label].push(normalised(landmarks, 0));
  }
  return faces;
}

const SYNTHETIC_PERSONS = 400;
/** Two samples of each class at each of the 15 cameras. */
const SAMPLES_PER_PERSON = 180;
const FRONTAL_CAMERA = "_051_";

/** Frontal studio faces as the mesh would see them. */
export function syntheticFaces(): Record<Compared, Faces> {
  const dataset = generateFaces({
    persons: SYNTHETIC_PERSONS,
    samplesPerPerson: SAMPLES_PER_PERSON,
    seed: 2,
    protocol: "multipie",
    posedShare: 0,
    sources: { mesh: 1 },
  });
  const faces: Record<Compared, Faces> = { neutral: [], happy: [] };
  for (let index = 0; index < dataset.count; index++) {
    const label = dataset.classes[dataset.labels[index]!]!;
    if (!dataset.names[index]!.includes(FRONTAL_CAMERA) || !(label in faces)) continue;
    faces[label as Compared].push(normalised(dataset.landmarks, index * LANDMARK_VALUES));
  }
  return faces;
}

function normalised(landmarks: ArrayLike<number>, offset: number): Float32Array {
  return normaliseInto(new Float32Array(LANDMARK_VALUES), 0, landmarks, offset);
}
