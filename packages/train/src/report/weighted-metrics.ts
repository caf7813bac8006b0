/** The figures of an evaluation with a weight for every sample, as a bootstrap needs them. */

import { confidenceBins } from "../evaluate/confidence-bins.ts";
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

/** Returns a function from weights to figures; what does not depend on the weights is computed once. */
export function weightedFigures({
  probabilities,
  labels,
  classes,
}: Answers): (weights: Float64Array) => Record<string, number> {
  const width = classes.length;
  const count = labels.length;
  const answer = new Int32Array(count);
  const confidence = new Float64Array(count);
  const brier = new Float64Array(count);
  const logLoss = new Float64Array(count);
  for (let sample = 0; sample < count; sample++) {
    const row = probabilities.subarray(sample * width, (sample + 1) * width);
    const label = labels[sample]!;
    const best = row.reduce((top, value, id) => (value > row[top]! ? id : top), 0);
    answer[sample] = best;
    confidence[sample] = row[best]!;
    brier[sample] = row.reduce((sum, value, id) => sum + (value - (id === label ? 1 : 0)) ** 2, 0);
    logLoss[sample] = -Math.log(Math.max(row[label]!, LEAST_PROBABILITY));
  }
  const isRight = Uint8Array.from(answer, (id, sample) => (id === labels[sample] ? 1 : 0));
  const order = Int32Array.from(answer.keys()).sort((a, b) => confidence[a]! - confidence[b]!);
  const matrix = new Float64Array(width * width);
  return (weights) => {
    matrix.fill(0);
    let total = 0;
    let [brierSum, logLossSum] = [0, 0];
    for (let sample = 0; sample < count; sample++) {
      const weight = weights[sample]!;
      matrix[labels[sample]! * width + answer[sample]!]! += weight;
      brierSum += weight * brier[sample]!;
      logLossSum += weight * logLoss[sample]!;
      total += weight;
    }
    const scores = scoreConfusion(matrix, classes);
    const bins = confidenceBins({ order, confidence, isRight, weights });
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

/** As in `temperature.ts`: below the smallest float32. */
const LEAST_PROBABILITY = 1e-38;
