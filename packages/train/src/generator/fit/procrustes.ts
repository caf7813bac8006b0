/** Alignment of shapes in space by translation, rotation and scale. */

import { FIRST_INNER_POINT } from "@emotionnet/core";
import { bestRotation, rotate } from "@emotionnet/core/geometry";
import { centred, mean, outerEyeDistance, type Shape, scaled, symmetrise } from "./shape.ts";

const ROUNDS = 8;

export interface Aligned {
  /** Symmetric, centred, outer-eye distance 1. */
  readonly mean: Shape;
  /** Every shape moved, turned and scaled onto the mean (least squares over the 51 inner points). */
  readonly shapes: Shape[];
}

/** Generalised Procrustes alignment (Gower 1975) towards a mean that is kept symmetric. */
export function alignToMean(shapes: readonly Shape[]): Aligned {
  let target = unit(centred(symmetrise(shapes[0]!)));
  let aligned: Shape[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    aligned = shapes.map((shape) => alignOnto(centred(shape), target));
    target = unit(centred(symmetrise(mean(aligned))));
  }
  return { mean: target, shapes: aligned };
}

function unit(shape: Shape): Shape {
  return scaled(shape, 1 / outerEyeDistance(shape));
}

/** Both shapes centred: turned and scaled onto the target, least squares over the inner points. */
export function alignOnto(shape: Shape, target: Shape): Shape {
  const first = 3 * FIRST_INNER_POINT;
  const rotation = bestRotation(shape.slice(first), target.slice(first));
  const turned: Shape = [];
  for (let point = 0; point < shape.length; point += 3) {
    turned.push(...rotate(rotation, shape[point]!, shape[point + 1]!, shape[point + 2]!));
  }
  let dot = 0;
  let squares = 0;
  for (let index = first; index < turned.length; index++) {
    dot += turned[index]! * target[index]!;
    squares += turned[index]! ** 2;
  }
  return scaled(turned, dot / squares);
}
