#!/usr/bin/env node
/**
 * Compares synthetic frontal faces with real ones: neutral and smiling persons of the London Set.
 *
 *     node packages/train/dist/generator/compare/compare-london.js <data directory> [<folder for figures>]
 *
 * Prints means and standard deviations of face measures side by side, and the spread of every landmark after
 * normalisation. With a folder it also writes the figures `measures.svg` and `landmarks.svg`.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@emotionnet/files";
import { measureFace } from "../geometry.ts";
import {
  COMPARED,
  type Compared,
  correlation,
  covariances,
  type Faces,
  MEASURES,
  pointStatistics,
  realFaces,
  type Statistics,
  statistics,
  syntheticFaces,
} from "./faces.ts";
import { landmarkFigure, measureFigure } from "./figures.ts";

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
    const agreement = correlation(covariances(real[name]), covariances(synthetic[name]));
    console.log(`covariances of the inner points: correlation of real and synthetic ${agreement.toFixed(3)}`);
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

async function main(directory: string, figures?: string): Promise<void> {
  const real = realFaces(directory);
  const synthetic = syntheticFaces();
  printTable(real, synthetic);
  if (figures === undefined) return;
  mkdirSync(figures, { recursive: true });
  await writeWhole(join(figures, "measures.svg"), measureFigure(real, synthetic));
  await writeWhole(join(figures, "landmarks.svg"), landmarkFigure(real, synthetic));
}

const [directory, figures] = process.argv.slice(2);
if (directory === undefined) {
  process.stderr.write("Usage: node compare-london.js <data directory> [<folder for figures>]\n");
  process.exitCode = 2;
} else {
  await main(directory, figures);
}
