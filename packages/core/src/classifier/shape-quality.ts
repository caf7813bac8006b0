/** How far landmarks can be trusted, told by how well the shape model explains them. */

import type { ShapeLimits, ShapeModel } from "../file/model.ts";
import { LANDMARK_COUNT, LANDMARK_VALUES } from "../landmarks/scheme.ts";

/** Below this spread of residuals every difference is rounding. */
const SMALLEST_SPREAD = 1e-6;

/** Where landmarks lie against the shape model. */
export interface ShapeFit {
  /** Root-mean-square distance a point to the nearest shape of the model. */
  readonly residual: number;
  /**
   * How unusual that nearest shape is: √(Σ (componentᵢ · d)² / varianceᵢ / components), the Mahalanobis distance inside the
   * components; about 1 for ordinary faces, 0 for a model without variances.
   */
  readonly distance: number;
}

/** d of the last call: one place for all calls. */
const differences = new Float64Array(LANDMARK_VALUES);

/** Components in double precision: to convert them took longer than to multiply. */
const doubles = new WeakMap<Float32Array, Float64Array>();

function inDoubles(components: Float32Array): Float64Array {
  let copy = doubles.get(components);
  if (!copy) {
    copy = Float64Array.from(components);
    doubles.set(components, copy);
  }
  return copy;
}

/** Products of the last four components with d. */
const products = new Float64Array(4);

/**
 * Splits d = x − mean at the components, which are orthonormal: residual = √((|d|² − Σ (componentᵢ · d)²) / 68).
 * @param offset where the 136 values start in `normalised`.
 */
export function fitShape(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): ShapeFit {
  const { mean, componentCount, plausibility } = shape;
  const components = inDoubles(shape.components);
  let squares = 0;
  for (let index = 0; index < LANDMARK_VALUES; index++) {
    const difference = normalised[offset + index]! - mean[index]!;
    differences[index] = difference;
    squares += difference * difference;
  }
  let unusual = 0;
  for (let first = 0; first < componentCount; first += products.length) {
    multiplyFour(components, first, componentCount - 1);
    const end = Math.min(first + products.length, componentCount);
    for (let component = first; component < end; component++) {
      const square = products[component - first]! ** 2;
      squares -= square;
      if (plausibility) unusual += square / plausibility.variances[component]!;
    }
  }
  return {
    residual: Math.sqrt(Math.max(squares, 0) / LANDMARK_COUNT),
    distance: Math.sqrt(unusual / Math.max(componentCount, 1)),
  };
}

/** Components from `first` on times d, four sums at once so that none waits for another; those past `last` repeat it. */
function multiplyFour(components: Float64Array, first: number, last: number): void {
  const row0 = first * LANDMARK_VALUES;
  const row1 = Math.min(first + 1, last) * LANDMARK_VALUES;
  const row2 = Math.min(first + 2, last) * LANDMARK_VALUES;
  const row3 = Math.min(first + 3, last) * LANDMARK_VALUES;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let index = 0; index < differences.length; index++) {
    const difference = differences[index]!;
    sum0 += components[row0 + index]! * difference;
    sum1 += components[row1 + index]! * difference;
    sum2 += components[row2 + index]! * difference;
    sum3 += components[row3 + index]! * difference;
  }
  products[0] = sum0;
  products[1] = sum1;
  products[2] = sum2;
  products[3] = sum3;
}

/** The residual of {@link fitShape} alone. */
export function shapeResidual(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): number {
  return fitShape(shape, normalised, offset).residual;
}

/**
 * Yaw of the head in degrees by the model's linear estimate, signs as in `Pose`, within ±90; undefined for a model without
 * one. Errs by about 5° (one sigma) up to 45° and tells profiles (60° and more) from the rest; 75° and 90° look alike to it.
 */
export function shapeYaw(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): number | undefined {
  const turn = shape.plausibility?.turn;
  if (!turn) return undefined;
  let yaw = turn[LANDMARK_VALUES]!;
  for (let index = 0; index < LANDMARK_VALUES; index++) {
    yaw += turn[index]! * (normalised[offset + index]! - shape.mean[index]!);
  }
  return Math.max(-90, Math.min(90, yaw));
}

/**
 * Quality 0..1 of normalised landmarks: 1 up to what is typical in training, 0.5 at its worst (99th percentile), towards 0
 * beyond: 2^(−u²) with u = (value − typical) / (worst − typical), u ≥ 0, the larger of residual and distance. What is
 * typical and worst depends on how far the head is turned: turned heads vary more.
 * @param yaw what `shapeYaw` gives, for callers that have it already.
 */
export function shapeQuality(
  shape: ShapeModel,
  normalised: ArrayLike<number>,
  offset = 0,
  yaw = shapeYaw(shape, normalised, offset),
): number {
  const { residual, distance } = fitShape(shape, normalised, offset);
  const { plausibility } = shape;
  if (!plausibility || yaw === undefined) return qualityOf(excess(residual, shape.residual));
  const limits = limitsAt(plausibility.limits, yaw);
  return qualityOf(Math.max(excess(residual, limits.residual), excess(distance, limits.distance)));
}

function excess(value: number, [typical, worst]: readonly [number, number]): number {
  return Math.max(value - typical, 0) / Math.max(worst - typical, SMALLEST_SPREAD);
}

function qualityOf(unusual: number): number {
  return 2 ** -(unusual ** 2);
}

/** The limits at a yaw of either sign: on straight lines between the entries, constant before the first and after the last. */
function limitsAt(limits: readonly ShapeLimits[], yaw: number): Omit<ShapeLimits, "yaw"> {
  const turn = Math.abs(yaw);
  const next = limits.findIndex((entry) => entry.yaw > turn);
  if (next < 0) return limits.at(-1)!;
  if (next === 0) return limits[0]!;
  const [from, to] = [limits[next - 1]!, limits[next]!];
  const share = (turn - from.yaw) / (to.yaw - from.yaw);
  const between = (key: "residual" | "distance") =>
    [0, 1].map((end) => (1 - share) * from[key][end]! + share * to[key][end]!) as [number, number];
  return { residual: between("residual"), distance: between("distance") };
}
