/** A person's resting face, learned while they rest, and its correction. */

import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { FIRST_INNER_POINT, normalisingSimilarity } from "../landmarks/normalise.ts";
import { LANDMARK_COUNT, LANDMARK_VALUES } from "../landmarks/scheme.ts";
import { headTurn } from "./head-turn.ts";

/** Degrees of yaw and pitch up to which a face is near frontal: it may teach, and is corrected in full. */
const FRONTAL = 15;
/** Degrees from which on nothing is corrected; between the two the correction fades. */
const PROFILE = 45;
/** Probability of neutral from which on a frame counts as rest … */
const SURE = 0.6;
/**
 * … and as long as little is known, this much is enough: an unusual resting face is never *surely* neutral before it is
 * corrected. Above 1/6, so neutral is more than a guess.
 */
const PLAUSIBLE = 0.2;
/** Seconds of rest that end the beginning. */
const BEGINNING = 2;
/** Seconds of rest at which half of the difference is corrected: little evidence, little correction. */
const HALF_TRUST = 1;
/** Seconds of rest that are remembered, so that the baseline follows slow changes (posture, camera, fatigue). */
const MEMORY = 120;
/**
 * Normalised units (1 = the face's root-mean-square size). Frames further than this from the estimate pull no harder
 * than one at this distance: a detector's noise is about 0.02, a smile 0.06 (median of 102 people).
 */
const USUAL_DISTANCE = 0.02;
/** Normalised units; no correction is larger. Resting faces of 102 people differ from the mean by 0.04, at most 0.08. */
const LARGEST_CORRECTION = 0.12;

/**
 * Running estimate of the resting landmarks in the normalised frame (`normalise.ts`): a mean over the time at rest whose
 * every step is bounded (an M-estimator of location with Huber's weights, here for whole faces: P. J. Huber, "Robust
 * estimation of a location parameter", Ann. Math. Stat. 35, 1964). Its difference from `MEAN_SHAPE` is what the
 * correction takes away, so that expressions are judged against this person's rest and not against the average face.
 * Memory: one face, however long the track.
 */
export class NeutralBaseline {
  /** Seconds of rest learned so far. */
  seconds = 0;
  readonly #resting = Float64Array.from(MEAN_SHAPE);

  /**
   * Offers one frame; it is learned from only when the face rests and is near frontal.
   * @param normalised 136 normalised values, before any correction.
   * @param neutral smoothed probability of the neutral class after correction, 0..1.
   * @param elapsed seconds that this frame stands for.
   */
  learn(normalised: ArrayLike<number>, neutral: number, elapsed: number): void {
    const wanted = this.seconds < BEGINNING ? PLAUSIBLE : SURE;
    if (!(neutral >= wanted) || frontality(normalised) < 1) return;
    // A frame that is half neutral counts half.
    const rest = elapsed * neutral;
    if (this.seconds === 0) this.#resting.set(normalised);
    this.seconds = Math.min(MEMORY, this.seconds + rest);
    const pull = USUAL_DISTANCE / Math.max(USUAL_DISTANCE, innerDistance(normalised, this.#resting));
    const step = this.seconds > 0 ? (pull * rest) / this.seconds : 0;
    for (let index = 0; index < LANDMARK_VALUES; index++) {
      this.#resting[index]! += step * (normalised[index]! - this.#resting[index]!);
    }
  }

  /**
   * The face minus its resting difference: 136 values in the units and place they came in.
   * @param target may be `landmarks` itself.
   * @throws EmotionNetError `landmarks-degenerate`.
   */
  correct(
    landmarks: ArrayLike<number>,
    target: Float32Array = new Float32Array(LANDMARK_VALUES),
  ): Float32Array {
    const share = this.#share() * frontality(landmarks);
    const { a, b } = normalisingSimilarity(landmarks);
    const scale = share / (a * a + b * b);
    for (let x = 0; x < LANDMARK_VALUES; x += 2) {
      const y = x + 1;
      const differenceX = this.#resting[x]! - MEAN_SHAPE[x]!;
      const differenceY = this.#resting[y]! - MEAN_SHAPE[y]!;
      const landmarkX = landmarks[x]!;
      const landmarkY = landmarks[y]!;
      // The inverse of the normalising turn and scale takes the difference back into the picture.
      target[x] = landmarkX - scale * (a * differenceX + b * differenceY);
      target[y] = landmarkY - scale * (a * differenceY - b * differenceX);
    }
    return target;
  }

  #share(): number {
    const size = innerDistance(this.#resting, MEAN_SHAPE);
    const trust = this.seconds / (this.seconds + HALF_TRUST);
    return trust * (LARGEST_CORRECTION / Math.max(size, LARGEST_CORRECTION));
  }
}

/** 1 for a face within `FRONTAL` degrees, falling to 0 at `PROFILE`. */
function frontality(landmarks: ArrayLike<number>): number {
  const { yaw, pitch } = headTurn(landmarks);
  const turn = Math.max(Math.abs(yaw), Math.abs(pitch));
  const share = (PROFILE - turn) / (PROFILE - FRONTAL);
  // NaN, from a nose or eyes of no length, is no frontal face either.
  return share > 0 ? Math.min(1, share) : 0;
}

/** Root-mean-square distance of the 51 inner points, normalised units. */
function innerDistance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let squares = 0;
  for (let index = 2 * FIRST_INNER_POINT; index < LANDMARK_VALUES; index++) {
    squares += (one[index]! - other[index]!) ** 2;
  }
  return Math.sqrt(squares / (LANDMARK_COUNT - FIRST_INNER_POINT));
}
