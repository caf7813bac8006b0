/** What text and page of a report show alike, before it gets its form. */

import type { AbstainThresholds } from "@emotionnet/core";
import type { RiskPoint } from "../evaluate/risk-coverage.ts";
import type { Interval } from "./bootstrap.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { HEADLINES } from "./headlines.ts";

/** The headlines, then the F1 of each class; no interval for a class that no face shows. */
export function intervalRows({
  intervals,
  evaluation,
}: EvaluationReport): { readonly name: string; readonly interval: Interval | undefined }[] {
  const classes = evaluation.classes.map(({ name }) => [`f1_${name}`, `F1 ${name}`] as const);
  return [...HEADLINES, ...classes].map(([key, name]) => ({ name, interval: intervals[key] }));
}

/** Percent with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** What stands above the intervals. */
export function intervalHeading({ persons }: EvaluationReport): string {
  return persons === 1
    ? "Figures of one person, without intervals"
    : `95 % intervals, ${persons} persons resampled`;
}

/** Shares of faces that get an answer, in the table of risks. */
const COVERAGES = [1, 0.95, 0.9, 0.8, 0.7, 0.5];

/** The points of the curve next to a few round shares of answers, each once: few faces have few points. */
export function riskRows({ riskCoverage: { points } }: EvaluationReport): RiskPoint[] {
  const nearest = COVERAGES.map(
    (share) => points.findLast(({ coverage }) => coverage <= share) ?? points[0]!,
  );
  return [...new Set(nearest)];
}

/** The thresholds in words. */
export function thresholdText({ confidence, quality, yaw = 90, size = 0 }: AbstainThresholds): string {
  const rules = [
    confidence > 0 ? `confidence below ${confidence}` : "",
    quality > 0 ? `quality below ${quality}` : "",
    yaw < 90 ? `yaw beyond ${yaw}°` : "",
    size > 0 ? `outer-eye distance below ${size} px` : "",
  ];
  return rules.filter(Boolean).join(", ");
}

/** Said in place of a table of noughts. */
export const NEVER_ABSTAINS = "All thresholds are off: this model always answers.";
