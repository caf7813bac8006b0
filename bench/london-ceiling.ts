/**
 * How well can smiles be told from rest in the London Set at all? The default model, which has seen none of these faces, beside a
 * linear rule trained on London's own (Fisher's discriminant on the 51 inner points, covariances shrunk, each person judged by
 * a rule that was made without it): areas under the ROC curve.
 *
 *     node dist/bench/london-ceiling.js [<data folder, default ../shared/data>] [<model.safetensors> ...]
 */

import { join } from "node:path";
import { EmotionNet, FIRST_INNER_POINT, LANDMARK_VALUES, normalise } from "@emotionnet/core";
import { covariances, statistics } from "#packages/train/dist/generator/compare/faces.js";
import { type LondonFace, readLondonSet } from "#packages/train/dist/generator/compare/london-set.js";
import { repository } from "./repository.ts";

/** Persons left out at once. */
const FOLDS = 34;
/** Shares of the covariances that are replaced by their mean variance. */
const SHRINKAGES = [0.01, 0.03, 0.1, 0.3, 0.5, 0.7];
const FIRST = 2 * FIRST_INNER_POINT;
const SIZE = LANDMARK_VALUES - FIRST;

interface Face {
  readonly subject: string;
  readonly isSmile: boolean;
  /** x, y of all points, normalised. */
  readonly normalised: Float32Array;
}

/** Chance that a smile scores above a face at rest; 0.5 for ties. */
function areaUnderCurve(scores: readonly number[], isSmile: readonly boolean[]): number {
  const smiles = scores.filter((_, index) => isSmile[index]);
  const rests = scores.filter((_, index) => !isSmile[index]);
  let wins = 0;
  for (const smile of smiles) {
    for (const rest of rests) wins += smile > rest ? 1 : smile === rest ? 0.5 : 0;
  }
  return wins / (smiles.length * rests.length);
}

/** Direction S⁻¹ (mean of smiles − mean of rests), S the pooled covariances, shrunk (Fisher 1936; Friedman 1989). */
function discriminant(faces: readonly Face[], shrinkage: number): Float64Array {
  const classes = [true, false].map((isSmile) => {
    const own = faces.filter((face) => face.isSmile === isSmile).map(({ normalised }) => normalised);
    return { share: own.length / faces.length, mean: meanOf(own), covariances: covariances(own) };
  });
  const pooled = new Float64Array(SIZE * SIZE);
  for (const { share, covariances } of classes) {
    for (const [at, value] of covariances.entries()) pooled[at]! += share * value;
  }
  let trace = 0;
  for (let row = 0; row < SIZE; row++) trace += pooled[row * SIZE + row]!;
  for (let at = 0; at < pooled.length; at++) pooled[at]! *= 1 - shrinkage;
  for (let row = 0; row < SIZE; row++) pooled[row * SIZE + row]! += (shrinkage * trace) / SIZE;
  const [smile, rest] = classes;
  return solved(
    pooled,
    smile!.mean.map((value, index) => value - rest!.mean[index]!),
  );
}

/** Of the inner points. */
function meanOf(faces: readonly Float32Array[]): Float64Array {
  return Float64Array.from(
    { length: SIZE },
    (_, at) => statistics(faces.map((face) => face[FIRST + at]!)).mean,
  );
}

/** Solution of a symmetric positive definite system by Gaussian elimination, which needs no pivots there. */
function solved(matrix: Float64Array, right: Float64Array): Float64Array {
  for (let pivot = 0; pivot < SIZE; pivot++) {
    for (let row = pivot + 1; row < SIZE; row++) {
      const factor = matrix[row * SIZE + pivot]! / matrix[pivot * SIZE + pivot]!;
      for (let column = pivot; column < SIZE; column++)
        matrix[row * SIZE + column]! -= factor * matrix[pivot * SIZE + column]!;
      right[row]! -= factor * right[pivot]!;
    }
  }
  for (let row = SIZE - 1; row >= 0; row--) {
    for (let column = row + 1; column < SIZE; column++)
      right[row]! -= matrix[row * SIZE + column]! * right[column]!;
    right[row]! /= matrix[row * SIZE + row]!;
  }
  return right;
}

function linearScores(faces: readonly Face[], shrinkage: number): number[] {
  const subjects = [...new Set(faces.map(({ subject }) => subject))];
  const foldOf = new Map(subjects.map((subject, index) => [subject, index % FOLDS]));
  const scores = faces.map(() => 0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = faces.filter(({ subject }) => foldOf.get(subject) !== fold);
    const direction = discriminant(others, shrinkage);
    // Scores of different rules are compared, so each is told from the middle of its classes in its own spread.
    const dot = ({ normalised }: Face) =>
      direction.reduce((sum, value, at) => sum + value * normalised[FIRST + at]!, 0);
    const [smile, rest] = [true, false].map((isSmile) => {
      const own = others.filter((face) => face.isSmile === isSmile).map(dot);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    }) as [number, number];
    for (const [index, face] of faces.entries()) {
      if (foldOf.get(face.subject) !== fold) continue;
      scores[index] = (dot(face) - (smile + rest) / 2) / (smile - rest);
    }
  }
  return scores;
}

function modelScores(net: EmotionNet, faces: readonly LondonFace[]): number[] {
  return faces.map(({ landmarks }) => {
    const { happy, neutral } = net.classify(landmarks).probabilities;
    return Math.log(happy! / neutral!);
  });
}

const [data = join(repository, "../shared/data"), ...models] = process.argv.slice(2);
const london = readLondonSet(join(data, "london-landmarks.json")).filter(({ set }) => set === "london");
const isSmile = london.map(({ label }) => label === "happy");
const faces = london.map(({ subject, landmarks }, index) => ({
  subject,
  isSmile: isSmile[index]!,
  normalised: normalise(landmarks),
}));
console.log(`${london.length} faces of ${new Set(london.map(({ subject }) => subject)).size} persons`);
for (const shrinkage of SHRINKAGES) {
  const area = areaUnderCurve(linearScores(faces, shrinkage), isSmile);
  console.log(`linear rule of London's own, ${shrinkage} shrunk: AUC ${area.toFixed(3)}`);
}
for (const model of [undefined, ...models]) {
  const net = await EmotionNet.load(model);
  console.log(
    `${model ?? "default model"}: AUC ${areaUnderCurve(modelScores(net, london), isSmile).toFixed(3)}`,
  );
}
