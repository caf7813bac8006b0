/** What ordinary faces look like at every turn of the head: the second half of the shape model. */

import {
  fitShape,
  LANDMARK_VALUES,
  normaliseInto,
  type Plausibility,
  type ShapeLimits,
  type ShapeModel,
} from "@emotionnet/core";
import { spreadIndices } from "../dataset/spread-indices.ts";
import { MULTI_PIE_CAMERAS } from "../generator/camera.ts";
import { generateFaces } from "../generator/generate-faces.ts";

/** More rows do not move the quantiles; they are spread over the whole set. */
const MOST_ROWS = 30_000;
/** Studio faces for the estimate of yaw: every camera equally often. */
const TURN_FACES = { persons: 300, samplesPerPerson: 15, seed: 20_240, protocol: "multipie" } as const;
/** Keeps the regression solvable where a component does not vary. */
const RIDGE = 1e-6;
/** Degrees of |yaw| between the groups that have limits of their own. */
const TURN_EDGES = [0, 15, 35, 55, 91] as const;
/** A group with fewer faces has no quantiles worth keeping and takes those of the group before. */
const LEAST_GROUP = 50;
/** Below this share of the largest variance a component is noise of the arithmetic. */
const LEAST_VARIANCE_SHARE = 1e-7;

/**
 * Variances along the components and limits by yaw from the training landmarks; the estimate of yaw from simulated studio
 * faces, because real label files do not tell the yaw. The same input gives the same numbers.
 * @param normalised (count × 136) the landmarks that `shape` was fitted on
 */
export function fitPlausibility(shape: ShapeModel, normalised: Float32Array): Plausibility {
  const offsets = spreadIndices(normalised.length / LANDMARK_VALUES, MOST_ROWS).map(
    (row) => row * LANDMARK_VALUES,
  );
  const variances = variancesOf(shape, normalised, offsets);
  const turn = fitTurn(shape);
  // The largest possible limits: they are not looked at while the faces are measured.
  const start: Plausibility = { variances, turn, limits: [{ yaw: 0, residual: [0, 1], distance: [0, 1] }] };
  const measured = { ...shape, plausibility: start };
  const faces = offsets.map((offset) => {
    const { yaw, residual, distance } = fitShape(measured, normalised, offset);
    return { turn: Math.abs(yaw!), residual, distance };
  });
  return { variances, turn, limits: limitsOf(faces) };
}

interface MeasuredFace {
  readonly turn: number;
  readonly residual: number;
  readonly distance: number;
}

function limitsOf(faces: readonly MeasuredFace[]): ShapeLimits[] {
  const limits: ShapeLimits[] = [];
  for (const [group, from] of TURN_EDGES.slice(0, -1).entries()) {
    const to = TURN_EDGES[group + 1]!;
    const members = faces.filter(({ turn }) => turn >= from && turn < to);
    if (members.length < LEAST_GROUP) continue;
    const range = (key: "residual" | "distance") => rangeOf(members.map((face) => face[key]));
    const yaw = group === 0 ? 0 : (from + Math.min(to, 75)) / 2;
    limits.push({ yaw, residual: range("residual"), distance: range("distance") });
  }
  if (limits.length > 0) return limits;
  const everyone = (key: "residual" | "distance") => rangeOf(faces.map((face) => face[key]));
  return [{ yaw: 0, residual: everyone("residual"), distance: everyone("distance") }];
}

/** [median, 99th percentile] */
function rangeOf(values: readonly number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return [quantile(0.5), quantile(0.99)];
}

function variancesOf(shape: ShapeModel, values: Float32Array, offsets: readonly number[]): Float32Array {
  const squares = new Float64Array(shape.componentCount);
  for (const offset of offsets) {
    projections(shape, values, offset).forEach((value, component) => {
      squares[component]! += value * value;
    });
  }
  const least = Math.max(...squares, Number.MIN_VALUE) * LEAST_VARIANCE_SHARE;
  return Float32Array.from(squares, (sum) => Math.max(sum, least) / offsets.length);
}

/** Least squares of the camera's yaw on the components of simulated studio faces, spelled out in landmarks: (137). */
function fitTurn(shape: ShapeModel): Float32Array {
  const faces = generateFaces(TURN_FACES);
  const yaws = new Map(MULTI_PIE_CAMERAS.map(({ name, yaw }) => [name, yaw]));
  const normalised = new Float32Array(LANDMARK_VALUES);
  const size = shape.componentCount + 1;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  faces.names.forEach((name, face) => {
    normaliseInto(normalised, 0, faces.landmarks, face * LANDMARK_VALUES);
    const row = [...projections(shape, normalised, 0), 1, yaws.get(name.split("_")[3]!)!];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= size; j++) matrix[i]![j]! += row[i]! * row[j]!;
    }
  });
  matrix.forEach((row, index) => {
    row[index]! += RIDGE * faces.count;
  });
  const weights = solve(matrix);
  const turn = new Float32Array(LANDMARK_VALUES + 1);
  for (let index = 0; index < LANDMARK_VALUES; index++) {
    let sum = 0;
    for (let component = 0; component < shape.componentCount; component++) {
      sum += weights[component]! * shape.components[component * LANDMARK_VALUES + index]!;
    }
    turn[index] = sum;
  }
  turn[LANDMARK_VALUES] = weights[shape.componentCount]!;
  return turn;
}

function projections(shape: ShapeModel, values: Float32Array, offset: number): number[] {
  return Array.from({ length: shape.componentCount }, (_, component) => {
    let product = 0;
    for (let index = 0; index < LANDMARK_VALUES; index++) {
      const weight = shape.components[component * LANDMARK_VALUES + index]!;
      product += weight * (values[offset + index]! - shape.mean[index]!);
    }
    return product;
  });
}

/** Gauss-Jordan elimination with row exchange of n rows [matrix | right side], changed in place. */
function solve(rows: Float64Array[]): number[] {
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let row = pivot; row < size; row++) {
      if (Math.abs(rows[row]![pivot]!) > Math.abs(rows[best]![pivot]!)) best = row;
    }
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let column = pivot; column <= size; column++) {
        rows[row]![column]! -= factor * rows[pivot]![column]!;
      }
    }
  }
  return rows.map((row, index) => row[size]! / row[index]!);
}
