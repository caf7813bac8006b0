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

/** Answers by ascending confidence. */
export interface BinInput {
  readonly confidence: Float64Array;
  /** 1 where the answer is right. */
  readonly isRight: Uint8Array;
  /** Default 1 each. */
  readonly weights?: Float64Array;
}

/** At most 15 bins of equal weight, by ascending confidence; a sample goes to the bin that its middle falls in. */
export function confidenceBins({
  confidence,
  isRight,
  weights = new Float64Array(confidence.length).fill(1),
}: BinInput): ConfidenceBin[] {
  const count = confidence.length;
  let total = 0;
  for (let rank = 0; rank < count; rank++) total += weights[rank]!;
  // A bootstrap comes here for every resample: numbers in arrays of numbers.
  const binWeights = new Float64Array(BIN_COUNT);
  const confidences = new Float64Array(BIN_COUNT);
  const right = new Float64Array(BIN_COUNT);
  let before = 0;
  for (let rank = 0; rank < count; rank++) {
    const weight = weights[rank]!;
    if (weight === 0) continue;
    const bin = Math.min(Math.floor(((before + weight / 2) * BIN_COUNT) / total), BIN_COUNT - 1);
    binWeights[bin]! += weight;
    confidences[bin]! += weight * confidence[rank]!;
    right[bin]! += weight * isRight[rank]!;
    before += weight;
  }
  return Array.from(binWeights, (weight, bin) => ({
    weight,
    confidence: confidences[bin]! / weight,
    accuracy: right[bin]! / weight,
  })).filter(({ weight }) => weight > 0);
}

/** Ranks of samples by ascending confidence; equal ones stay in their order. */
export function byConfidence(confidence: Float64Array): Int32Array {
  return Int32Array.from(confidence.keys()).sort((one, other) => confidence[one]! - confidence[other]!);
}
