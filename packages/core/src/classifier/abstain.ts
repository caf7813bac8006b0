/** When the answer is `unknown`, and why. */

import type { AbstainThresholds } from "../file/model.ts";
import type { AbstainReason } from "../results.ts";

/** What is known of one face when the decision is made. */
export interface Evidence {
  /** Largest probability, 0..1. */
  readonly confidence: number;
  /** 0..1 */
  readonly quality: number;
  /** Degrees, either sign; undefined when the model cannot tell. */
  readonly yaw: number | undefined;
  /** Between the outer eye corners, in pixels; undefined when the unit of the points is not known. */
  readonly size: number | undefined;
}

/**
 * The first rule that is broken, or undefined for an answer. Size comes first, because small faces have bad points; then
 * quality, because a yaw read from points that are no face means nothing; then yaw; then confidence.
 */
export function reasonToAbstain(
  thresholds: AbstainThresholds,
  { confidence, quality, yaw, size }: Evidence,
): AbstainReason | undefined {
  if (size !== undefined && size < (thresholds.size ?? 0)) return "too-small";
  if (quality < thresholds.quality) return "occluded";
  if (yaw !== undefined && Math.abs(yaw) > (thresholds.yaw ?? 90)) return "profile";
  return confidence < thresholds.confidence ? "low-confidence" : undefined;
}
