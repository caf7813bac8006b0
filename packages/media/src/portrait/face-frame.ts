/** Where a portrait's face lies in its picture, and the directions its parts are built along. */

import { EmotionNetError, LANDMARK_COUNT, PARTS, type Points, toIbug68 } from "@emotionnet/core";
import { add, distance, middle, type Point, scale, subtract } from "./geometry.ts";

export interface FaceFrame {
  /** Side of the square picture, pixels. */
  readonly size: number;
  /** The 68 points in pixels of the picture. */
  readonly points: readonly Point[];
  /** Distance of the outer eye corners of a frontal face of this size, pixels: the unit of every measure. */
  readonly unit: number;
  /** A point this many units to the picture's right and down from `origin`, along the face's own axes. */
  readonly offset: (origin: Point, right: number, down: number) => Point;
}

/** Outer-eye distance and place of the eyes as shares of the picture's side, so that hair and shoulders fit. */
const unitShare = 0.26;
const eyePlace: Point = [0.5, 0.45];
/** Eyes to nose base in outer-eye distances, rather low: tells the size when the head is turned and the eyes near. */
const noseLengthInUnits = 0.56;

/** Fits 68 points of any unit into a square picture, upright as given. */
export function faceFrame(landmarks: Points, size: number): FaceFrame {
  const flat = toIbug68(landmarks);
  const given = Array.from(
    { length: LANDMARK_COUNT },
    (_, index): Point => [flat[2 * index]!, flat[2 * index + 1]!],
  );
  const eyes = middle(...given.slice(PARTS.rightEye[0], PARTS.leftEye[1]));
  const givenUnit = Math.max(
    distance(given[36]!, given[45]!),
    distance(eyes, given[33]!) / noseLengthInUnits,
  );
  if (!(givenUnit > 0)) {
    throw new EmotionNetError("landmarks-degenerate", {
      got: "points without a distance from eye to eye",
      wanted: "68 distinct points of a face",
      mend: "Check that the points were read in the right order.",
    });
  }
  const unit = unitShare * size;
  const target = scale(eyePlace, size);
  const points = given.map((point) => add(scale(subtract(point, eyes), unit / givenUnit), target));
  const eyeLine = subtract(middle(...points.slice(42, 48)), middle(...points.slice(36, 42)));
  const right = scale(eyeLine, 1 / Math.hypot(...eyeLine));
  const down: Point = [-right[1], right[0]];
  return {
    size,
    points,
    unit,
    offset: (origin, x, y) => add(origin, add(scale(right, x * unit), scale(down, y * unit))),
  };
}
