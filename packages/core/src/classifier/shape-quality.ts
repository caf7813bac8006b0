/** How far landmarks can be trusted, told by how well the shape model explains them. */

import type { ShapeLimits, ShapeModel } from "../file/model.ts";
import { fitShape, type ShapeFit } from "../kernel/shape-fit.ts";

/** Below this spread of residuals every difference is rounding. */
const SMALLEST_SPREAD = 1e-6;

/** The residual of {@link fitShape} alone. */
export function shapeResidual(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): number {
  return fitShape(shape, normalised, offset).residual;
}

/** The yaw of {@link fitShape} alone. */
export function shapeYaw(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): number | undefined {
  return fitShape(shape, normalised, offset).yaw;
}

/** Quality 0..1 of normalised landmarks: {@link fitQuality} of their {@link fitShape}. */
export function shapeQuality(shape: ShapeModel, normalised: ArrayLike<number>, offset = 0): number {
  return fitQuality(shape, fitShape(shape, normalised, offset));
}

/**
 * Quality 0..1 of a face: 1 up to what is typical in training, 0.5 at its worst (99th percentile), towards 0 beyond:
 * 2^(−u²) with u = (value − typical) / (worst − typical), u ≥ 0, the larger of residual and distance. What is typical and
 * worst depends on how far the head is turned: turned heads vary more.
 */
export function fitQuality(shape: ShapeModel, { residual, distance, yaw }: ShapeFit): number {
  const { plausibility } = shape;
  if (!plausibility || yaw === undefined)
    return qualityOf(excess(residual, shape.residual, shape.residual, 0));
  const { limits } = plausibility;
  const turn = Math.abs(yaw);
  // On straight lines between the entries, constant before the first and after the last.
  let next = 0;
  while (next < limits.length && limits[next]!.yaw <= turn) next++;
  const from = limits[Math.max(next - 1, 0)]!;
  const to = limits[Math.min(next, limits.length - 1)]!;
  const share = from === to ? 0 : (turn - from.yaw) / (to.yaw - from.yaw);
  return qualityOf(
    Math.max(
      excess(residual, from.residual, to.residual, share),
      excess(distance, from.distance, to.distance, share),
    ),
  );
}

type Range = ShapeLimits["residual"];

/** How far a value is beyond the typical one, in spreads from typical to worst; both lie between `from` and `to`. */
function excess(value: number, from: Range, to: Range, share: number): number {
  const typical = (1 - share) * from[0] + share * to[0];
  const worst = (1 - share) * from[1] + share * to[1];
  return Math.max(value - typical, 0) / Math.max(worst - typical, SMALLEST_SPREAD);
}

function qualityOf(unusual: number): number {
  return 2 ** -(unusual * unusual);
}
