/**
 * Normalisation of landmarks, version `inner-similarity-1`.
 *
 * The 51 inner points (brows, nose, eyes, mouth) define a similarity transform that is applied to all points: their centroid
 * goes to 0, their root-mean-square distance from it to 1, and they are turned in the picture plane to fit the mean face
 * best (least squares, closed form). Dropped: position, size and in-plane rotation (roll), hence also units, image size
 * and any box the points were relative to. Kept: everything else that the points show, that is head turn and nod,
 * perspective, the person's face shape, asymmetry and the expression. The jaw line does not steer the transform because
 * detectors and annotators place it least reliably; points after the 68th follow it too. Applying it twice changes nothing.
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

/** Relative; far above that of double precision, far below what a face leaves. */
const LARGEST_ROUNDING = 1e-12;

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

/** The inner points of the mean face, x then y, and their sums. */
const innerMean = Float64Array.from(MEAN_SHAPE.slice(2 * FIRST_INNER_POINT));
const innerSumX = innerMean.reduce((sum, value, index) => (index % 2 === 0 ? sum + value : sum), 0);
const innerSumY = innerMean.reduce((sum, value, index) => (index % 2 === 1 ? sum + value : sum), 0);

/**
 * Writes a, b, tx, ty into `transform`, in one pass: moments are taken about the first inner point, which is near enough to the
 * centroid that nothing is lost by subtracting the centroid's part afterwards.
 */
function fitTransform(landmarks: ArrayLike<number>, offset: number): void {
  const first = offset + 2 * FIRST_INNER_POINT;
  const originX = landmarks[first]!;
  const originY = landmarks[first + 1]!;
  let sumX = 0;
  let sumY = 0;
  let squares = 0;
  let cosine = 0;
  let sine = 0;
  for (let index = 0; index < innerMean.length; index += 2) {
    const x = landmarks[first + index]! - originX;
    const y = landmarks[first + index + 1]! - originY;
    const meanX = innerMean[index]!;
    const meanY = innerMean[index + 1]!;
    sumX += x;
    sumY += y;
    squares += x * x + y * y;
    cosine += x * meanX + y * meanY;
    sine += x * meanY - y * meanX;
  }
  const shiftX = sumX / innerCount;
  const shiftY = sumY / innerCount;
  // Rounding may leave a trace of points that coincide, never more than this share of what was summed.
  const spread = squares - innerCount * (shiftX * shiftX + shiftY * shiftY);
  squares = spread > squares * LARGEST_ROUNDING ? spread : 0;
  cosine -= shiftX * innerSumX + shiftY * innerSumY;
  sine -= shiftX * innerSumY - shiftY * innerSumX;
  const centreX = originX + shiftX;
  const centreY = originY + shiftY;
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
 * Writes the normalised form of one face into `target` and returns it.
 * @param landmarks x, y of 68 or more points, any unit, y down. @param target may be `landmarks` itself.
 * @param values numbers in the face, see `landmarkValues`.
 */
export function normaliseInto(
  target: Float32Array,
  targetOffset: number,
  landmarks: ArrayLike<number>,
  offset: number,
  values: number = LANDMARK_VALUES,
): Float32Array {
  fitTransform(landmarks, offset);
  const a = transform[0]!;
  const b = transform[1]!;
  const tx = transform[2]!;
  const ty = transform[3]!;
  for (let index = 0; index < values; index += 2) {
    const x = landmarks[offset + index]!;
    const y = landmarks[offset + index + 1]!;
    target[targetOffset + index] = a * x - b * y + tx;
    target[targetOffset + index + 1] = b * x + a * y + ty;
  }
  return target;
}

/** One face → its normalised form, Float32Array(values). */
export function normalise(landmarks: ArrayLike<number>, values: number = LANDMARK_VALUES): Float32Array {
  return normaliseInto(new Float32Array(values), 0, landmarks, 0, values);
}

/** Outer-eye distance of the mean face in the normalised frame. */
const MEAN_EYE_DISTANCE = MEAN_SHAPE[2 * 45]! - MEAN_SHAPE[2 * 36]!;

/**
 * Size of a face in the unit of its points: the distance of the outer eye corners that the mean face would have at the same
 * size. Hardly falls when the head turns, unlike the distance itself.
 * @throws EmotionNetError `landmarks-degenerate`
 */
export function outerEyeDistance(landmarks: ArrayLike<number>, offset = 0): number {
  fitTransform(landmarks, offset);
  return fittedEyeDistance();
}

/** What {@link outerEyeDistance} gives for the face that was normalised last, without fitting it again. */
export function fittedEyeDistance(): number {
  return MEAN_EYE_DISTANCE / Math.hypot(transform[0]!, transform[1]!);
}
