/** How a model does on data that it was not trained on. */

import type { Model } from "@emotionnet/core";
import { evaluateAnswers } from "../evaluate/evaluate-answers.ts";
import { predictLandmarks } from "./predict.ts";
import { logLoss } from "./temperature.ts";

export interface Validation {
  /** Mean cross entropy. */
  readonly loss: number;
  /** 0..1 */
  readonly accuracy: number;
  /** Unweighted mean over the classes, 0..1. */
  readonly macroF1: number;
  /** (count × classes) */
  readonly probabilities: Float32Array;
}

/** @param landmarks (count × inputs of the network) @param labels (count) class ids */
export async function validate(
  model: Model,
  landmarks: Float32Array,
  labels: Int32Array,
  threads: number,
): Promise<Validation> {
  const { classes } = model.metadata.spec;
  const probabilities = await predictLandmarks(model, landmarks, threads);
  const scores = evaluateAnswers(probabilities, labels, classes);
  return {
    loss: logLoss(probabilities, labels),
    accuracy: scores.accuracy,
    macroF1: scores.average.f1,
    probabilities,
  };
}
