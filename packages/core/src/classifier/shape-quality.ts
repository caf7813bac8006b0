/** How far landmarks can be trusted, told by how well the shape model explains them. */

import type { ShapeModel } from "../file/model.ts";
import { LANDMARK_COUNT, LANDMARK_VALUES } from "../landmarks/scheme.ts";

/** Below this spread of residuals every difference is rounding. */
const SMALLEST_SPREAD = 1e-6;

/**
 * Root-mean-square distance a point between normalised landmarks and their nearest shape in the model:
 * d = x − mean, r = √((|d|² − Σ (componentᵢ · d)²) / 68); the components are orthonormal.
 * @param offset where the 136 values start in `normalised`.
 */
export function shapeResidual(shape: ShapeModel, normalised: Float32Array, offset = 0): number {
  const { mean, components, componentCount } = shape;
  let squares = 0;
  for (let index = 0; index < LANDMARK_VALUES; index++) {
    const difference = normalised[offset + index]! - mean[index]!;
    squares += difference * difference;
  }
  for (let component = 0; component < componentCount; component++) {
    const row = component * LANDMARK_VALUES;
    let product = 0;
    for (let index = 0; index < LANDMARK_VALUES; index++) {
      product += components[row + index]! * (normalised[offset + index]! - mean[index]!);
    }
    squares -= product * product;
  }
  return Math.sqrt(Math.max(squares, 0) / LANDMARK_COUNT);
}

/**
 * Quality 0..1 of normalised landmarks: 1 up to the typical residual of training, 0.5 at its worst (99th percentile),
 * towards 0 beyond: 2^(−u²) with u = (r − typical) / (worst − typical), u ≥ 0.
 */
export function shapeQuality(shape: ShapeModel, normalised: Float32Array, offset = 0): number {
  const [typical, worst] = shape.residual;
  const excess = Math.max(shapeResidual(shape, normalised, offset) - typical, 0);
  return 2 ** -((excess / Math.max(worst - typical, SMALLEST_SPREAD)) ** 2);
}
