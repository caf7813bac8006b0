/** Places for the points that a label file leaves out. */

import { LANDMARK_COUNT, MEAN_SHAPE } from "@emotionnet/core";

/** With fewer known points than this a face is not usable: half of 68. */
export const FEWEST_KNOWN_POINTS = LANDMARK_COUNT / 2;

/**
 * Puts each unknown point of the first 68 where the mean face has it, after the mean face was laid over the known points by
 * the least-squares similarity. Far nearer to the truth than the original's −1, which a normalisation by all points
 * cannot bear.
 * @param landmarks x, y of at least 68 points, changed in place. @param known 1 where a point is known.
 */
export function fillMissingPoints(landmarks: Float32Array, known: Uint8Array): void {
  const points = Array.from({ length: LANDMARK_COUNT }, (_, point) => point);
  const given = points.filter((point) => known[point]);
  const mean = (values: (point: number) => number) =>
    given.reduce((sum, point) => sum + values(point), 0) / given.length;
  const shapeX = mean((point) => MEAN_SHAPE[2 * point]!);
  const shapeY = mean((point) => MEAN_SHAPE[2 * point + 1]!);
  const centreX = mean((point) => landmarks[2 * point]!);
  const centreY = mean((point) => landmarks[2 * point + 1]!);
  let [cosine, sine, squares] = [0, 0, 0];
  for (const point of given) {
    const u = MEAN_SHAPE[2 * point]! - shapeX;
    const v = MEAN_SHAPE[2 * point + 1]! - shapeY;
    const x = landmarks[2 * point]! - centreX;
    const y = landmarks[2 * point + 1]! - centreY;
    cosine += u * x + v * y;
    sine += u * y - v * x;
    squares += u * u + v * v;
  }
  const [a, b] = [cosine / squares, sine / squares];
  for (const point of points) {
    if (known[point]) continue;
    const u = MEAN_SHAPE[2 * point]! - shapeX;
    const v = MEAN_SHAPE[2 * point + 1]! - shapeY;
    landmarks[2 * point] = centreX + a * u - b * v;
    landmarks[2 * point + 1] = centreY + b * u + a * v;
  }
}
