/** A data set as the network sees it. */

import { EmotionNetError, normaliseInto } from "@emotionnet/core";
import { type Dataset, faceValues } from "./dataset.ts";

/**
 * All landmarks of a data set, normalised: (count × 136) for 68 points.
 * @param normalised where they go, for example memory that threads share
 * @throws EmotionNetError `landmarks-degenerate` naming the sample.
 */
export function normalisedLandmarks(
  dataset: Dataset,
  normalised: Float32Array = new Float32Array(dataset.landmarks.length),
): Float32Array {
  const values = faceValues(dataset);
  for (let sample = 0; sample < dataset.count; sample++) {
    const offset = sample * values;
    try {
      normaliseInto(normalised, offset, dataset.landmarks, offset, values);
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
