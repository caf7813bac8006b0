/** How much better answers get when the least certain ones are held back. */

/** Answers kept when those of lower confidence are held back. */
export interface RiskPoint {
  /** Least confidence among the kept answers. */
  readonly threshold: number;
  /** Share of all faces that get an answer, 0..1. */
  readonly coverage: number;
  /** Share of wrong ones among those answers, 0..1. */
  readonly risk: number;
}

export interface RiskCoverage {
  /** One a distinct confidence, from the surest answers to all. */
  readonly points: readonly RiskPoint[];
  /**
   * Area under the risk-coverage curve, 0..1: the mean of the risk over k = 1..n kept answers, ties counted at their expected
   * place (Geifman, Uziel, El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", 2019).
   */
  readonly aurc: number;
  /** The same for an order that puts every wrong answer last: the least that any score could reach with these answers. */
  readonly bestAurc: number;
}

/** @param confidences (samples) any score, higher is surer @param isRight (samples) */
export function riskCoverage(confidences: ArrayLike<number>, isRight: ArrayLike<boolean>): RiskCoverage {
  const total = confidences.length;
  const order = Array.from({ length: total }, (_, sample) => sample).sort(
    (one, other) => confidences[other]! - confidences[one]!,
  );
  const points: RiskPoint[] = [];
  let area = 0;
  let wrong = 0;
  for (let start = 0; start < total; ) {
    const threshold = confidences[order[start]!]!;
    let end = start;
    let wrongHere = 0;
    while (end < total && confidences[order[end]!] === threshold) {
      if (!isRight[order[end]!]) wrongHere++;
      end++;
    }
    for (let kept = start + 1; kept <= end; kept++) {
      area += (wrong + (wrongHere * (kept - start)) / (end - start)) / kept;
    }
    wrong += wrongHere;
    points.push({ threshold, coverage: end / total, risk: wrong / end });
    start = end;
  }
  return { points, aurc: total === 0 ? 0 : area / total, bestAurc: bestArea(total, wrong) };
}

function bestArea(total: number, wrong: number): number {
  let area = 0;
  for (let kept = total - wrong + 1; kept <= total; kept++) area += (kept - (total - wrong)) / kept;
  return total === 0 ? 0 : area / total;
}

/** At most `count` points of a curve, evenly spread, the last one kept: enough for a figure. */
export function thinned(points: readonly RiskPoint[], count: number): RiskPoint[] {
  if (points.length <= count) return [...points];
  return Array.from(
    { length: count },
    (_, index) => points[Math.ceil(((index + 1) * points.length) / count) - 1]!,
  );
}
