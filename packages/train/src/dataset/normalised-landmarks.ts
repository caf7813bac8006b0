/** A data set as the network sees it. */

import { EmotionNetError, LANDMARK_VALUES, normaliseInto } from "@emotionnet/core";
import type { Dataset } from "./dataset.ts";

/**
 * All landmarks of a data set, normalised: (count × 136).
 * @param normalised where they go, for example memory that threads share
 * @throws EmotionNetError `landmarks-degenerate` naming the sample.
 */
export function normalisedLandmarks(
  dataset: Dataset,
  normalised: Float32Array = new Float32Array(dataset.landmarks.length),
): Float32Array {
  for (let sample = 0; sample < dataset.count; sample++) {
    const offset = sample * LANDMARK_VALUES;
    try {
      normaliseInto(normalised, offset, dataset.landmarks, offset);
    } catch (cause) {
      throw new EmotionNetError(
        "landmarks-degenerate",
        {
          got: `coinciding landmarks in sample ${sample + 1} (${dataset.names[sample]})`,
          wanted: "68 distinct points of a face",
          mend: "Leave the sample out of the data set.",
        },
        { cause },
      );
    }
  }
  return normalised;
}
