/** Alignment of shapes in space by translation, rotation and scale. */

import { FIRST_INNER_POINT } from "@emotionnet/core";
import { symmetricEigen } from "./eigen.ts";
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

/** Both shapes centred. Rotation by Horn's quaternion method (J. Opt. Soc. Am. A 4, 1987). */
export function alignOnto(shape: Shape, target: Shape): Shape {
  const s = crossProducts(shape, target);
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [w, x, y, z] = symmetricEigen([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, -xx + yy - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, -xx - yy + zz],
  ]).vectors[0] as [number, number, number, number];
  const rotation = [
    [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
  ];
  const turned = shape.map((_, index) => {
    const point = index - (index % 3);
    const row = rotation[index % 3]!;
    return row[0]! * shape[point]! + row[1]! * shape[point + 1]! + row[2]! * shape[point + 2]!;
  });
  let dot = 0;
  let squares = 0;
  for (let index = 3 * FIRST_INNER_POINT; index < turned.length; index++) {
    dot += turned[index]! * target[index]!;
    squares += turned[index]! ** 2;
  }
  return scaled(turned, dot / squares);
}

/** Σ source_i · target_jᵀ over the inner points, row by row. */
function crossProducts(source: Shape, target: Shape): number[] {
  const sums = new Array<number>(9).fill(0);
  for (let point = 3 * FIRST_INNER_POINT; point < source.length; point += 3) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) sums[3 * i + j]! += source[point + i]! * target[point + j]!;
    }
  }
  return sums;
}
