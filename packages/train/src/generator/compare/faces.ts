/** What the comparison with real faces speaks of. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LANDMARK_VALUES, MESH_TO_IBUG68, normaliseInto } from "@emotionnet/core";
import { generateFaces } from "../generate-faces.ts";
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

interface LondonFile {
  readonly samples: readonly { readonly set: string; readonly label: string; readonly mesh478: number[][] }[];
}

/** Mesh points of the London Set: 102 persons, each neutral and smiling. @param directory holds `london-landmarks.json`. */
export function realFaces(directory: string): Record<Compared, Faces> {
  const { samples } = JSON.parse(
    readFileSync(join(directory, "london-landmarks.json"), "utf8"),
  ) as LondonFile;
  const faces: Record<Compared, Faces> = { neutral: [], happy: [] };
  for (const { set, label, mesh478 } of samples) {
    if (set !== "london") continue;
    const points = MESH_TO_IBUG68.flatMap((vertex) => mesh478[vertex]!.slice(0, 2));
    faces[label === "neutral" ? "neutral" : "happy"].push(normalised(points, 0));
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
