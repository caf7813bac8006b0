/** Faces whose jaw says nothing. */

import { LANDMARK_VALUES, MEAN_SHAPE, normaliseInto, PARTS } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { Random } from "../generator/random.ts";

/** Normalised copies; a share of them has the jaw of the mean face, as if its detector drew every jaw alike. */
export function withMeanJaw(dataset: Dataset, share: number, seed: number): Dataset {
  const random = new Random(seed);
  const landmarks = new Float32Array(dataset.landmarks.length);
  const jaw = MEAN_SHAPE.slice(2 * PARTS.jaw[0], 2 * PARTS.jaw[1]);
  for (let sample = 0; sample < dataset.count; sample++) {
    const offset = sample * LANDMARK_VALUES;
    normaliseInto(landmarks, offset, dataset.landmarks, offset);
    if (random.chance(share)) landmarks.set(jaw, offset);
  }
  return { ...dataset, landmarks };
}
