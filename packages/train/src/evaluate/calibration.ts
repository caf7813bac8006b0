/** How far probabilities can be taken at their word. */

import { logLoss } from "../trainer/temperature.ts";

export interface Calibration {
  /** Mean of −ln(probability of the true class); 0 is perfect, and a certain wrong answer costs 87.5, not infinity. */
  readonly logLoss: number;
  /** Mean over samples of the squared error summed over classes, 0..2; 0 is perfect. */
  readonly brier: number;
  /**
   * Expected calibration error, 0..1: the mean gap between confidence and accuracy over 15 bins that hold equally many
   * samples, sorted by confidence (equal-mass bins; Nixon et al., "Measuring Calibration in Deep Learning", 2019).
   */
  readonly expectedCalibrationError: number;
}

const binCount = 15;

/** @param probabilities (samples × classCount), each row summing to 1 @param labels (samples) true class ids */
export function measureCalibration(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classCount: number,
): Calibration {
  const total = labels.length;
  let brier = 0;
  const answers: Answer[] = [];
  for (let sample = 0; sample < total; sample++) {
    const label = labels[sample]!;
    const row = Array.from({ length: classCount }, (_, id) => probabilities[sample * classCount + id]!);
    brier += row.reduce((sum, value, id) => sum + (value - (id === label ? 1 : 0)) ** 2, 0);
    const confidence = Math.max(...row);
    answers.push({ confidence, isRight: row.indexOf(confidence) === label });
  }
  return {
    logLoss: total === 0 ? 0 : logLoss(probabilities, labels),
    brier: total === 0 ? 0 : brier / total,
    expectedCalibrationError: total === 0 ? 0 : calibrationGap(answers) / total,
  };
}

interface Answer {
  readonly confidence: number;
  readonly isRight: boolean;
}

/** Σ over bins of |Σ confidence − right answers|. */
function calibrationGap(answers: readonly Answer[]): number {
  const sorted = [...answers].sort((a, b) => a.confidence - b.confidence);
  let gap = 0;
  for (let bin = 0; bin < binCount; bin++) {
    const from = Math.floor((bin * sorted.length) / binCount);
    const to = Math.floor(((bin + 1) * sorted.length) / binCount);
    const members = sorted.slice(from, to);
    gap += Math.abs(
      members.reduce((sum, { confidence, isRight }) => sum + confidence - (isRight ? 1 : 0), 0),
    );
  }
  return gap;
}
