/** The shape model that tells how far landmarks can be trusted: principal components of the training landmarks. */

import { LANDMARK_VALUES, type ShapeModel, shapeResidual } from "@emotionnet/core";
import { symmetricEigen } from "@emotionnet/core/geometry";
import { spreadIndices } from "../dataset/spread-indices.ts";

/** More rows do not move 24 components; they are spread over the whole set. */
const MOST_ROWS = 30_000;

/**
 * Mean, principal components and usual residuals of normalised landmarks.
 * @param normalised (count × 136) @param componentCount fewer are kept where there are fewer samples than that
 */
export function fitShapeModel(normalised: Float32Array, componentCount: number): ShapeModel {
  const offsets = spreadIndices(normalised.length / LANDMARK_VALUES, MOST_ROWS).map(
    (row) => row * LANDMARK_VALUES,
  );
  const mean = meanOf(normalised, offsets);
  const { vectors } = symmetricEigen(covarianceOf(normalised, offsets, mean));
  const kept = vectors.slice(0, Math.min(componentCount, offsets.length - 1));
  const shape = {
    mean: Float32Array.from(mean),
    components: Float32Array.from(kept.flat()),
    componentCount: kept.length,
  };
  const start: ShapeModel = { ...shape, residual: [0, 0] };
  const residuals = Float64Array.from(offsets, (offset) => shapeResidual(start, normalised, offset)).sort();
  const quantile = (share: number) => residuals[Math.floor(share * (residuals.length - 1))]!;
  return { ...shape, residual: [quantile(0.5), quantile(0.99)] };
}

function meanOf(values: Float32Array, offsets: readonly number[]): Float64Array {
  const mean = new Float64Array(LANDMARK_VALUES);
  for (const offset of offsets) {
    for (let index = 0; index < LANDMARK_VALUES; index++) mean[index]! += values[offset + index]!;
  }
  return mean.map((sum) => sum / offsets.length);
}

function covarianceOf(values: Float32Array, offsets: readonly number[], mean: Float64Array): number[][] {
  const sums = new Float64Array(LANDMARK_VALUES * LANDMARK_VALUES);
  const difference = new Float64Array(LANDMARK_VALUES);
  for (const offset of offsets) {
    for (let index = 0; index < LANDMARK_VALUES; index++) {
      difference[index] = values[offset + index]! - mean[index]!;
    }
    for (let row = 0; row < LANDMARK_VALUES; row++) {
      for (let column = 0; column <= row; column++) {
        sums[row * LANDMARK_VALUES + column]! += difference[row]! * difference[column]!;
      }
    }
  }
  const cell = (row: number, column: number) =>
    sums[Math.max(row, column) * LANDMARK_VALUES + Math.min(row, column)]! / offsets.length;
  return Array.from({ length: LANDMARK_VALUES }, (_, row) =>
    Array.from({ length: LANDMARK_VALUES }, (__, column) => cell(row, column)),
  );
}
