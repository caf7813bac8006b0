/** The figures of an evaluation with a weight for every sample, as a bootstrap needs them. */

import { byConfidence, confidenceBins } from "../evaluate/confidence-bins.ts";
import { scoreConfusion } from "../evaluate/metrics.ts";

/** Names of the figures that do not depend on the classes; each class has its `f1_<name>` besides. */
export const FIGURE_NAMES = [
  "accuracy",
  "macro_precision",
  "macro_recall",
  "macro_f1",
  "weighted_precision",
  "weighted_recall",
  "weighted_f1",
  "ece",
  "brier",
  "log_loss",
] as const;

export interface Answers {
  /** (samples × classes) */
  readonly probabilities: Float32Array;
  readonly labels: ArrayLike<number>;
  readonly classes: readonly string[];
}

/**
 * Returns a function from the weights of the samples to figures; what does not depend on the weights is computed once, and laid out by
 * ascending confidence, so that a resample is one walk along arrays.
 */
export function weightedFigures({
  probabilities,
  labels,
  classes,
}: Answers): (weights: Float64Array) => Record<string, number> {
  const width = classes.length;
  const rows = answerRows(probabilities, labels, width);
  const { order, cell, brier, logLoss } = rows;
  const count = order.length;
  const matrix = new Float64Array(width * width);
  const ranked = new Float64Array(count);
  return (weights) => {
    matrix.fill(0);
    let total = 0;
    let [brierSum, logLossSum] = [0, 0];
    for (let rank = 0; rank < count; rank++) {
      const weight = weights[order[rank]!]!;
      ranked[rank] = weight;
      matrix[cell[rank]!]! += weight;
      brierSum += weight * brier[rank]!;
      logLossSum += weight * logLoss[rank]!;
      total += weight;
    }
    const scores = scoreConfusion(matrix, classes);
    const bins = confidenceBins({ ...rows, weights: ranked });
    const gap = bins.reduce((sum, bin) => sum + bin.weight * Math.abs(bin.confidence - bin.accuracy), 0);
    const share = (sum: number) => (total === 0 ? 0 : sum / total);
    return {
      accuracy: scores.accuracy,
      macro_precision: scores.average.precision,
      macro_recall: scores.average.recall,
      macro_f1: scores.average.f1,
      weighted_precision: scores.weightedAverage.precision,
      weighted_recall: scores.weightedAverage.recall,
      weighted_f1: scores.weightedAverage.f1,
      ...Object.fromEntries(scores.classes.map(({ name, f1 }) => [`f1_${name}`, f1])),
      ece: share(gap),
      brier: share(brierSum),
      log_loss: share(logLossSum),
    };
  };
}

/** One value a sample in each array, by ascending confidence. */
interface AnswerRows {
  /** Which sample it is. */
  readonly order: Int32Array;
  readonly confidence: Float64Array;
  /** 1 where the answer is right. */
  readonly isRight: Uint8Array;
  /** Place in the confusion matrix. */
  readonly cell: Int32Array;
  readonly brier: Float64Array;
  readonly logLoss: Float64Array;
}

function answerRows(probabilities: Float32Array, labels: ArrayLike<number>, width: number): AnswerRows {
  const count = labels.length;
  const best = new Int32Array(count);
  const confidence = new Float64Array(count);
  for (let sample = 0; sample < count; sample++) {
    const row = probabilities.subarray(sample * width, (sample + 1) * width);
    best[sample] = row.reduce((top, value, id) => (value > row[top]! ? id : top), 0);
    confidence[sample] = row[best[sample]!]!;
  }
  const order = byConfidence(confidence);
  const at = (sample: number, id: number) => probabilities[sample * width + id]!;
  return {
    order,
    confidence: Float64Array.from(order, (sample) => confidence[sample]!),
    isRight: Uint8Array.from(order, (sample) => (best[sample] === labels[sample] ? 1 : 0)),
    cell: Int32Array.from(order, (sample) => labels[sample]! * width + best[sample]!),
    brier: Float64Array.from(order, (sample) => {
      let sum = 0;
      for (let id = 0; id < width; id++) sum += (at(sample, id) - (id === labels[sample] ? 1 : 0)) ** 2;
      return sum;
    }),
    logLoss: Float64Array.from(
      order,
      (sample) => -Math.log(Math.max(at(sample, labels[sample]!), LEAST_PROBABILITY)),
    ),
  };
}

/** As in `temperature.ts`: below the smallest float32. */
const LEAST_PROBABILITY = 1e-38;
