/** Arithmetic on shapes of 68 points in space, as flat lists of 204 numbers (x to the face's left, y up, z out). */

import { FIRST_INNER_POINT, FLIP, LANDMARK_COUNT } from "@emotionnet/core";

export type Shape = number[];

const EYE_CORNERS = [36, 45] as const;

/** Mirrors at x = 0 and renames the points. */
export function mirror(shape: Shape): Shape {
  return FLIP.flatMap((source) => [-shape[3 * source]!, shape[3 * source + 1]!, shape[3 * source + 2]!]);
}

/** weightA·a + weightB·b. */
export function combine(a: Shape, weightA: number, b: Shape, weightB: number): Shape {
  return a.map((value, index) => weightA * value + weightB * b[index]!);
}

export function mean(shapes: readonly Shape[]): Shape {
  const sum = new Array<number>(LANDMARK_COUNT * 3).fill(0);
  for (const shape of shapes) for (let index = 0; index < sum.length; index++) sum[index]! += shape[index]!;
  return sum.map((value) => value / shapes.length);
}

/** The nearest shape that equals its mirror image. */
export function symmetrise(shape: Shape): Shape {
  return combine(shape, 0.5, mirror(shape), 0.5);
}

export function scaled(shape: Shape, factor: number): Shape {
  return shape.map((value) => value * factor);
}

/** Distance between the outer eye corners: the unit of every length of the generator. */
export function outerEyeDistance(shape: Shape): number {
  const [right, left] = EYE_CORNERS;
  return Math.hypot(...[0, 1, 2].map((axis) => shape[3 * left + axis]! - shape[3 * right + axis]!));
}

/** Moves the centroid of the 51 inner points (all but the jaw) to 0. */
export function centred(shape: Shape): Shape {
  const centre = [0, 0, 0];
  for (let index = 3 * FIRST_INNER_POINT; index < shape.length; index++) centre[index % 3]! += shape[index]!;
  const count = LANDMARK_COUNT - FIRST_INNER_POINT;
  return shape.map((value, index) => value - centre[index % 3]! / count);
}

/** Turns about the x axis, by radians; positive looks up. */
export function pitched(shape: Shape, angle: number): Shape {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return shape.map((value, index) => {
    if (index % 3 === 1) return cosine * value + sine * shape[index + 1]!;
    return index % 3 === 2 ? cosine * value - sine * shape[index - 1]! : value;
  });
}

/** The pitch that turns `shape` onto `target` best (both centred; least squares over the inner points). */
export function pitchBetween(shape: Shape, target: Shape): number {
  let along = 0;
  let across = 0;
  for (let point = 3 * FIRST_INNER_POINT; point < shape.length; point += 3) {
    const [y, z] = [shape[point + 1]!, shape[point + 2]!];
    const [targetY, targetZ] = [target[point + 1]!, target[point + 2]!];
    along += y * targetY + z * targetZ;
    across += z * targetY - y * targetZ;
  }
  return Math.atan2(across, along);
}
