/** The detector's raw numbers → faces in the unit of its square input. */

import { CANDIDATE_COUNT, CANDIDATE_VALUES, DETECTOR_GRIDS, DETECTOR_INPUT_SIZE } from "./detector-model.ts";

/** A face as the detector sees it; lengths and places are fractions of the square that was looked at. */
export interface Candidate {
  /** 0..1. */
  readonly score: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
  /** Middle of the eye further left in an upright picture (the person's right eye), x then y. */
  readonly rightEye: readonly [number, number];
  readonly leftEye: readonly [number, number];
}

/** Middle of each candidate's grid cell, x then y, fractions of the input. */
const ANCHORS = DETECTOR_GRIDS.flatMap(({ side, candidates }) =>
  Array.from({ length: side * side * candidates }, (_, index) => {
    const cell = Math.floor(index / candidates);
    return [((cell % side) + 0.5) / side, (Math.floor(cell / side) + 0.5) / side] as const;
  }),
);

/** Two boxes that overlap by more than this share of their union are the same face. */
const SAME_FACE_OVERLAP = 0.3;

/**
 * @param logits 896 numbers. @param values 896 × 16 numbers. @param minScore 0..1.
 * @returns the best candidate of every face, best first.
 */
export function decodeCandidates(logits: Float32Array, values: Float32Array, minScore: number): Candidate[] {
  const candidates: Candidate[] = [];
  for (let index = 0; index < CANDIDATE_COUNT; index++) {
    const score = 1 / (1 + Math.exp(-logits[index]!));
    if (score >= minScore) candidates.push(candidateAt(index, values, score));
  }
  candidates.sort((a, b) => b.score - a.score);
  return withoutOverlaps(candidates);
}

function candidateAt(index: number, values: Float32Array, score: number): Candidate {
  const [anchorX, anchorY] = ANCHORS[index]!;
  const number = (place: number) => values[index * CANDIDATE_VALUES + place]! / DETECTOR_INPUT_SIZE;
  return {
    score,
    centreX: anchorX + number(0),
    centreY: anchorY + number(1),
    width: number(2),
    height: number(3),
    rightEye: [anchorX + number(4), anchorY + number(5)],
    leftEye: [anchorX + number(6), anchorY + number(7)],
  };
}

/** Non-maximum suppression: keeps a candidate unless a better one overlaps it. */
function withoutOverlaps(bestFirst: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of bestFirst) {
    if (!kept.some((better) => overlap(better, candidate) > SAME_FACE_OVERLAP)) kept.push(candidate);
  }
  return kept;
}

/** Shared area over the area of the union, 0..1. */
function overlap(a: Candidate, b: Candidate): number {
  const width = sharedLength(a.centreX, a.width, b.centreX, b.width);
  const height = sharedLength(a.centreY, a.height, b.centreY, b.height);
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

function sharedLength(centreA: number, lengthA: number, centreB: number, lengthB: number): number {
  const end = Math.min(centreA + lengthA / 2, centreB + lengthB / 2);
  const start = Math.max(centreA - lengthA / 2, centreB - lengthB / 2);
  return Math.max(0, end - start);
}
