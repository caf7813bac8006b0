#!/usr/bin/env node
/**
 * Compares synthetic frontal faces with real ones: neutral and smiling persons of the London Set.
 *
 *     node packages/train/dist/generator/compare/compare-london.js <data directory> [<folder for figures>]
 *
 * Prints means and standard deviations of face measures side by side, and the spread of every landmark after
 * normalisation. With a folder it also writes the figures `measures.svg` and `landmarks.svg`.
 */

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LANDMARK_VALUES, MESH_TO_IBUG68, normaliseInto } from "@emotionnet/core";
import writeFileAtomic from "write-file-atomic";
import { generateFaces } from "../generate-faces.ts";
import { measureFace } from "../geometry.ts";
import {
  COMPARED,
  type Compared,
  type Faces,
  MEASURES,
  pointStatistics,
  type Statistics,
  statistics,
} from "./faces.ts";
import { landmarkFigure, measureFigure } from "./figures.ts";

interface LondonFile {
  readonly samples: readonly { readonly set: string; readonly label: string; readonly mesh478: number[][] }[];
}

function realFaces(directory: string): Record<Compared, Faces> {
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

function syntheticFaces(): Record<Compared, Faces> {
  const dataset = generateFaces({
    persons: SYNTHETIC_PERSONS,
    samplesPerPerson: SAMPLES_PER_PERSON,
    seed: 2,
    protocol: "multipie",
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

function printTable(real: Record<Compared, Faces>, synthetic: Record<Compared, Faces>): void {
  for (const name of COMPARED) {
    console.log(`\n${name}: ${real[name].length} real, ${synthetic[name].length} synthetic faces`);
    console.log(
      "measure".padEnd(18) +
        ["real mean", "synth mean", "real sd", "synth sd"].map((head) => head.padStart(11)).join(""),
    );
    for (const measure of MEASURES) {
      const [a, b] = [real, synthetic].map((faces) =>
        statistics(faces[name].map((face) => measureFace(face)[measure])),
      ) as [Statistics, Statistics];
      const numbers = [a.mean, b.mean, a.deviation, b.deviation];
      const digits = measure === "lipCornerAngle" ? 2 : 4;
      console.log(measure.padEnd(18) + numbers.map((value) => value.toFixed(digits).padStart(11)).join(""));
    }
    printPointSpread(real[name], synthetic[name]);
  }
}

const POINT_GROUPS: readonly (readonly [string, number, number])[] = [
  ["jaw", 0, 17],
  ["brows", 17, 27],
  ["nose", 27, 36],
  ["eyes", 36, 48],
  ["lips", 48, 68],
];

function printPointSpread(real: Faces, synthetic: Faces): void {
  console.log(
    "points".padEnd(18) + ["offset", "real sd", "synth sd"].map((head) => head.padStart(11)).join(""),
  );
  for (const [part, start, end] of POINT_GROUPS) {
    const sums = [0, 0, 0];
    for (let point = start; point < end; point++) {
      const [a, b] = [pointStatistics(real, point), pointStatistics(synthetic, point)];
      sums[0]! += Math.hypot(a.x.mean - b.x.mean, a.y.mean - b.y.mean);
      sums[1]! += Math.hypot(a.x.deviation, a.y.deviation);
      sums[2]! += Math.hypot(b.x.deviation, b.y.deviation);
    }
    console.log(part.padEnd(18) + sums.map((sum) => (sum / (end - start)).toFixed(4).padStart(11)).join(""));
  }
}

function main(directory: string, figures?: string): void {
  const real = realFaces(directory);
  const synthetic = syntheticFaces();
  printTable(real, synthetic);
  if (figures === undefined) return;
  mkdirSync(figures, { recursive: true });
  writeFileAtomic.sync(join(figures, "measures.svg"), measureFigure(real, synthetic));
  writeFileAtomic.sync(join(figures, "landmarks.svg"), landmarkFigure(real, synthetic));
}

const [directory, figures] = process.argv.slice(2);
if (directory === undefined) {
  process.stderr.write("Usage: node compare-london.js <data directory> [<folder for figures>]\n");
  process.exitCode = 2;
} else {
  main(directory, figures);
}
