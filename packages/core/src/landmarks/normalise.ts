/**
 * Normalisation of 68 landmarks, version `inner-similarity-1`.
 *
 * The 51 inner points (brows, nose, eyes, mouth) define a similarity transform that is applied to all 68: their centroid
 * goes to 0, their root-mean-square distance from it to 1, and they are turned in the picture plane to fit the mean face
 * best (least squares, closed form). Dropped: position, size and in-plane rotation (roll), hence also units, image size
 * and any box the points were relative to. Kept: everything else that 68 points show, that is head turn and nod,
 * perspective, the person's face shape, asymmetry and the expression. The jaw line does not steer the transform because
 * detectors and annotators place it least reliably. Applying it twice changes nothing.
 */

import { EmotionNetError } from "../errors.ts";
import { MEAN_SHAPE } from "./mean-shape.ts";
import { LANDMARK_COUNT, LANDMARK_VALUES } from "./scheme.ts";

/** Name stored in model files; a model of another normalisation is refused. */
export const NORMALISATION = "inner-similarity-1";

/** Points below this index (the jaw) do not steer the transform. */
export const FIRST_INNER_POINT = 17;

const innerCount = LANDMARK_COUNT - FIRST_INNER_POINT;

/** x' = a·x − b·y + tx, y' = b·x + a·y + ty. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** Where the last transform was written: one place for all calls, so that normalising allocates nothing. */
const transform = new Float64Array(4);

/**
 * The transform that normalises 136 values starting at `offset`.
 * @throws EmotionNetError `landmarks-degenerate` when the inner points coincide.
 */
export function normalisingSimilarity(landmarks: ArrayLike<number>, offset = 0): Similarity {
  fitTransform(landmarks, offset);
  const [a, b, tx, ty] = transform as unknown as [number, number, number, number];
  return { a, b, tx, ty };
}

/** Writes a, b, tx, ty into `transform`. */
function fitTransform(landmarks: ArrayLike<number>, offset: number): void {
  let sumX = 0;
  let sumY = 0;
  for (let point = FIRST_INNER_POINT; point < LANDMARK_COUNT; point++) {
    sumX += landmarks[offset + 2 * point]!;
    sumY += landmarks[offset + 2 * point + 1]!;
  }
  const centreX = sumX / innerCount;
  const centreY = sumY / innerCount;
  let squares = 0;
  let cosine = 0;
  let sine = 0;
  for (let point = FIRST_INNER_POINT; point < LANDMARK_COUNT; point++) {
    const x = landmarks[offset + 2 * point]! - centreX;
    const y = landmarks[offset + 2 * point + 1]! - centreY;
    const meanX = MEAN_SHAPE[2 * point]!;
    const meanY = MEAN_SHAPE[2 * point + 1]!;
    squares += x * x + y * y;
    cosine += x * meanX + y * meanY;
    sine += x * meanY - y * meanX;
  }
  const size = Math.sqrt(squares / innerCount);
  const length = Math.sqrt(cosine * cosine + sine * sine) * size;
  if (!(length > 0)) {
    throw new EmotionNetError("landmarks-degenerate", {
      got: "inner landmarks that coincide",
      wanted: "68 distinct points of a face",
      mend: "Check that the points were read in the right order and are not all missing.",
    });
  }
  const a = cosine / length;
  const b = sine / length;
  transform[0] = a;
  transform[1] = b;
  transform[2] = -(a * centreX - b * centreY);
  transform[3] = -(b * centreX + a * centreY);
}

/**
 * Writes the normalised form of 136 values into `target` and returns it.
 * @param landmarks x, y of 68 points, any unit, y down. @param target may be `landmarks` itself.
 */
export function normaliseInto(
  target: Float32Array,
  targetOffset: number,
  landmarks: ArrayLike<number>,
  offset: number,
): Float32Array {
  fitTransform(landmarks, offset);
  const a = transform[0]!;
  const b = transform[1]!;
  const tx = transform[2]!;
  const ty = transform[3]!;
  for (let index = 0; index < LANDMARK_VALUES; index += 2) {
    const x = landmarks[offset + index]!;
    const y = landmarks[offset + index + 1]!;
    target[targetOffset + index] = a * x - b * y + tx;
    target[targetOffset + index + 1] = b * x + a * y + ty;
  }
  return target;
}

/** Float32Array(136) → its normalised form, Float32Array(136). */
export function normalise(landmarks: ArrayLike<number>): Float32Array {
  return normaliseInto(new Float32Array(LANDMARK_VALUES), 0, landmarks, 0);
}

/** Outer-eye distance of the mean face in the normalised frame. */
const MEAN_EYE_DISTANCE = MEAN_SHAPE[2 * 45]! - MEAN_SHAPE[2 * 36]!;

/**
 * Size of a face in the unit of its points: the distance of the outer eye corners that the mean face would have at the same
 * size. Hardly falls when the head turns, unlike the distance itself.
 * @throws EmotionNetError `landmarks-degenerate`
 */
export function outerEyeDistance(landmarks: ArrayLike<number>, offset = 0): number {
  const { a, b } = normalisingSimilarity(landmarks, offset);
  return MEAN_EYE_DISTANCE / Math.hypot(a, b);
}
