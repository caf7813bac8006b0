/** Landmarks that are no faces, or faces with wrong points: what an answer should be refused for. */

import { LANDMARK_COUNT, PARTS } from "@emotionnet/core";
import { type Dataset, faceAt } from "../dataset/dataset.ts";
import { Random } from "../generator/random.ts";

/**
 * Changes the points of one face in place; its parts are those of the first 68. `size` is the root-mean-square distance of the
 * points from their centroid.
 */
type Disturbance = (points: Float32Array, random: Random, size: number) => void;

/** By name, worst first; lengths are shares of the face's size as above (about half an outer-eye distance). */
export const DISTURBANCES = {
  /** All points in random order. */
  scrambled: (points, random) => shuffle(points, random, 0, points.length / 2),
  /** No face at all: a cloud, a circle or a grid. */
  "non-face": (points, random, size) => random.pick(NON_FACES).draw(points, random, size),
  /** Points of a mirrored picture whose left and right were not exchanged. */
  "mirrored order": (points) => scaleAxis(points, 0, -1),
  /** The y axis points up. */
  "y upwards": (points) => scaleAxis(points, 1, -1),
  /** The mouth's points in random order, the rest right. */
  "scrambled mouth": (points, random) => shuffle(points, random, ...MOUTH),
  /** Ten points displaced by half the face's size each. */
  "ten points shifted": (points, random, size) => {
    for (let turn = 0; turn < 10; turn++) {
      const point = Math.floor(random.uniform(0, LANDMARK_COUNT));
      move(points, point, point + 1, random.uniform(0, 2 * Math.PI), 0.5 * size);
    }
  },
  /** The mouth as a whole displaced by half the face's size. */
  "mouth shifted": (points, random, size) =>
    move(points, ...MOUTH, random.uniform(0, 2 * Math.PI), 0.5 * size),
  /** A hidden lower face whose points were guessed: each anywhere within a third of the face's size. */
  "lower face guessed": (points, random, size) => {
    for (let point = PARTS.jaw[0] + 4; point < LANDMARK_COUNT; point++) {
      const isLower = point < PARTS.jaw[1] - 4 || point >= MOUTH[0];
      if (isLower)
        move(points, point, point + 1, random.uniform(0, 2 * Math.PI), random.uniform(0, 0.35 * size));
    }
  },
  /** One eye with its brow guessed in the same way. */
  "eye guessed": (points, random, size) => {
    for (const [start, end] of [PARTS.rightBrow, PARTS.rightEye]) {
      for (let point = start; point < end; point++) {
        move(points, point, point + 1, random.uniform(0, 2 * Math.PI), random.uniform(0, 0.35 * size));
      }
    }
  },
} as const satisfies Record<string, Disturbance>;

export type DisturbanceName = keyof typeof DISTURBANCES;

const MOUTH = [PARTS.outerLip[0], PARTS.innerLip[1]] as const;

const NON_FACES: readonly { readonly share: number; readonly draw: Disturbance }[] = [
  {
    share: 1,
    draw: (points, random, size) => {
      for (let index = 0; index < points.length; index++) points[index] = random.normal(size);
    },
  },
  {
    share: 1,
    draw: (points, random, size) => {
      const start = random.uniform(0, 2 * Math.PI);
      fill(points, (point) => {
        const angle = start + (4 * Math.PI * point) / points.length;
        return [size * Math.cos(angle), size * Math.sin(angle)];
      });
      for (let index = 0; index < points.length; index++) points[index]! += random.normal(0.02 * size);
    },
  },
  {
    share: 1,
    draw: (points, random, size) => {
      const columns = 6 + Math.floor(random.uniform(0, 6));
      fill(points, (point) => [(point % columns) * 0.3 * size, Math.floor(point / columns) * 0.3 * size]);
    },
  },
];

/** A copy of `dataset` with every face disturbed; the same seed gives the same points. */
export function disturbed(dataset: Dataset, name: DisturbanceName, seed: number): Dataset {
  const copy = { ...dataset, landmarks: Float32Array.from(dataset.landmarks) };
  const change: Disturbance = DISTURBANCES[name];
  for (let face = 0; face < dataset.count; face++) {
    const points = faceAt(copy, face);
    change(points, new Random(seed, face), sizeOf(points));
  }
  return copy;
}

function sizeOf(points: Float32Array): number {
  const count = points.length / 2;
  let [x, y, squares] = [0, 0, 0];
  for (let index = 0; index < points.length; index += 2) {
    x += points[index]! / count;
    y += points[index + 1]! / count;
  }
  for (let index = 0; index < points.length; index += 2) {
    squares += (points[index]! - x) ** 2 + (points[index + 1]! - y) ** 2;
  }
  return Math.sqrt(squares / count);
}

function shuffle(points: Float32Array, random: Random, from: number, to: number): void {
  for (let point = to - 1; point > from; point--) {
    const other = from + Math.floor(random.uniform(0, point - from + 1));
    for (const axis of [0, 1]) {
      const kept = points[2 * point + axis]!;
      points[2 * point + axis] = points[2 * other + axis]!;
      points[2 * other + axis] = kept;
    }
  }
}

function move(points: Float32Array, from: number, to: number, angle: number, length: number): void {
  for (let point = from; point < to; point++) {
    points[2 * point]! += length * Math.cos(angle);
    points[2 * point + 1]! += length * Math.sin(angle);
  }
}

function scaleAxis(points: Float32Array, axis: 0 | 1, factor: number): void {
  for (let index = axis; index < points.length; index += 2) points[index]! *= factor;
}

function fill(points: Float32Array, at: (point: number) => readonly [x: number, y: number]): void {
  for (let point = 0; 2 * point < points.length; point++) points.set(at(point), 2 * point);
}
