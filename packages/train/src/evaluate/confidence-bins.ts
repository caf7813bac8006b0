/** Answers grouped by confidence, for the calibration error and the reliability figure. */

/** Equal-mass bins; Nixon et al., "Measuring Calibration in Deep Learning", 2019. */
export const BIN_COUNT = 15;

export interface ConfidenceBin {
  /** Samples in it; with weights their sum. */
  readonly weight: number;
  /** Mean confidence, 0..1. */
  readonly confidence: number;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
}

export interface BinInput {
  /** Samples by ascending confidence. */
  readonly order: ArrayLike<number>;
  readonly confidence: ArrayLike<number>;
  /** 1 where the answer is right. */
  readonly isRight: ArrayLike<number>;
  /** Default 1 each. */
  readonly weights?: ArrayLike<number>;
}

/** At most 15 bins of equal weight, by ascending confidence; a sample goes to the bin that its middle falls in. */
export function confidenceBins({ order, confidence, isRight, weights }: BinInput): ConfidenceBin[] {
  const weightOf = (sample: number) => weights?.[sample] ?? 1;
  let total = 0;
  for (let rank = 0; rank < order.length; rank++) total += weightOf(order[rank]!);
  const sums = Array.from({ length: BIN_COUNT }, () => ({ weight: 0, confidence: 0, right: 0 }));
  let before = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const sample = order[rank]!;
    const weight = weightOf(sample);
    if (weight === 0) continue;
    const bin = sums[Math.min(Math.floor(((before + weight / 2) * BIN_COUNT) / total), BIN_COUNT - 1)]!;
    bin.weight += weight;
    bin.confidence += weight * confidence[sample]!;
    bin.right += weight * isRight[sample]!;
    before += weight;
  }
  return sums
    .filter(({ weight }) => weight > 0)
    .map(({ weight, confidence: sum, right }) => ({
      weight,
      confidence: sum / weight,
      accuracy: right / weight,
    }));
}
