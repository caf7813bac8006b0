/** Probabilities against labels: everything that is measured about a model on one data set. */

import { type Calibration, measureCalibration } from "./calibration.ts";
import { confusionMatrix, type Evaluation, scoreConfusion } from "./metrics.ts";

export interface ModelEvaluation extends Evaluation {
  /** (classes × classes), rows true, columns answered. */
  readonly confusion: Int32Array;
  readonly calibration: Calibration;
}

/**
 * The class with the largest probability is the answer (a model that may abstain is made to choose).
 * @param probabilities (samples × classes) @param labels (samples) class ids
 */
export function evaluateAnswers(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: readonly string[],
): ModelEvaluation {
  const answers = mostProbable(probabilities, labels.length, classes.length);
  const confusion = confusionMatrix(labels, answers, classes.length);
  return {
    ...scoreConfusion(confusion, classes),
    confusion,
    calibration: measureCalibration(probabilities, labels, classes.length),
  };
}

/** The first class id with the largest value of each row. */
function mostProbable(rows: ArrayLike<number>, count: number, classCount: number): Int32Array {
  return Int32Array.from({ length: count }, (_, sample) => {
    let best = 0;
    for (let id = 1; id < classCount; id++) {
      if (rows[sample * classCount + id]! > rows[sample * classCount + best]!) best = id;
    }
    return best;
  });
}
