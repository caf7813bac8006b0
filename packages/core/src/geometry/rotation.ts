/** The rotation that lays one set of 3-D points onto another best. */

import { symmetricEigen } from "./symmetric-eigen.ts";

/** Nine numbers, row by row. */
export type Rotation = readonly number[];

/**
 * The proper rotation R that minimises Σ |b − s·R·a|² over pairs of points, whatever the scale s and once both sets are moved
 * to their centroids: the unit quaternion of Horn, "Closed-form solution of absolute orientation using unit quaternions",
 * J. Opt. Soc. Am. A 4 (1987).
 * @param from, to x, y, z of each point, in the same order.
 */
export function bestRotation(from: ArrayLike<number>, to: ArrayLike<number>): Rotation {
  const m = crossCovariance(from, to);
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = m as [
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
  const { vectors } = symmetricEigen([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ]);
  return rotationOfQuaternion(vectors[0] as [number, number, number, number]);
}

/** R·p. */
export function rotate(rotation: Rotation, x: number, y: number, z: number): [number, number, number] {
  const r = rotation;
  return [
    r[0]! * x + r[1]! * y + r[2]! * z,
    r[3]! * x + r[4]! * y + r[5]! * z,
    r[6]! * x + r[7]! * y + r[8]! * z,
  ];
}

/** Mean of the points. */
export function centroid(points: ArrayLike<number>): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < points.length; at++) sum[at % 3]! += points[at]!;
  const count = points.length / 3;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Σ a·bᵀ of the centred points, row by row. */
function crossCovariance(from: ArrayLike<number>, to: ArrayLike<number>): number[] {
  const fromMean = centroid(from);
  const toMean = centroid(to);
  const sums = new Array<number>(9).fill(0);
  for (let at = 0; at < from.length; at += 3) {
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        sums[3 * row + column]! += (from[at + row]! - fromMean[row]!) * (to[at + column]! - toMean[column]!);
      }
    }
  }
  return sums;
}

function rotationOfQuaternion([w, x, y, z]: readonly [number, number, number, number]): Rotation {
  return [
    w * w + x * x - y * y - z * z,
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    w * w - x * x + y * y - z * z,
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    w * w - x * x - y * y + z * z,
  ];
}
