/** How far probabilities can be taken at their word. */

import { logLoss } from "../trainer/temperature.ts";
import { byConfidence, type ConfidenceBin, confidenceBins } from "./confidence-bins.ts";

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

/** @param probabilities (samples × classCount), each row summing to 1 @param labels (samples) true class ids */
export function measureCalibration(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classCount: number,
): Calibration {
  const total = labels.length;
  let brier = 0;
  for (let sample = 0; sample < total; sample++) {
    for (let id = 0; id < classCount; id++) {
      brier += (probabilities[sample * classCount + id]! - (id === labels[sample] ? 1 : 0)) ** 2;
    }
  }
  const bins = reliability(probabilities, labels, classCount);
  const gap = bins.reduce((sum, bin) => sum + bin.weight * Math.abs(bin.confidence - bin.accuracy), 0);
  return {
    logLoss: total === 0 ? 0 : logLoss(probabilities, labels),
    brier: total === 0 ? 0 : brier / total,
    expectedCalibrationError: total === 0 ? 0 : gap / total,
  };
}

/** Confidence against accuracy in 15 bins of equally many samples; parameters as for `measureCalibration`. */
export function reliability(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classCount: number,
): ConfidenceBin[] {
  const confidence = new Float64Array(labels.length);
  const isRight = new Uint8Array(labels.length);
  for (let sample = 0; sample < labels.length; sample++) {
    const row = probabilities.subarray(sample * classCount, (sample + 1) * classCount);
    confidence[sample] = Math.max(...row);
    isRight[sample] = row.indexOf(confidence[sample]!) === labels[sample] ? 1 : 0;
  }
  const order = byConfidence(confidence);
  return confidenceBins({
    confidence: Float64Array.from(order, (sample) => confidence[sample]!),
    isRight: Uint8Array.from(order, (sample) => isRight[sample]!),
  });
}

/**
 * The probabilities that the same logits give at temperature 1: p₁ ∝ pᵀ.
 * @param probabilities (samples × classCount) at `temperature`
 */
export function withoutTemperature(
  probabilities: Float32Array,
  classCount: number,
  temperature: number,
): Float32Array {
  const plain = probabilities.map((value) => value ** temperature);
  for (let start = 0; start < plain.length; start += classCount) {
    const row = plain.subarray(start, start + classCount);
    const sum = row.reduce((total, value) => total + value, 0);
    for (let id = 0; id < classCount; id++) row[id]! /= sum;
  }
  return plain;
}
