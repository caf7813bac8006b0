/** A report as plain JSON. */

import { evaluationJson } from "../evaluate/evaluation-json.ts";
import { thinned } from "../evaluate/risk-coverage.ts";
import { type EvaluationReport, gateFigures } from "./evaluation-report.ts";

/** Enough for a figure of the curve. */
const CURVE_POINTS = 200;

/** Ready for `JSON.stringify`: the keys of `evaluationJson`, and those of the report; `figures` has what gates can name. */
export function reportJson(report: EvaluationReport): object {
  const { context, evaluation, riskCoverage, calibration, baselines, ...parts } = report;
  const baseline = ({ accuracy, average, weightedAverage }: typeof baselines.majority) => ({
    accuracy,
    macroF1: average.f1,
    weightedF1: weightedAverage.f1,
  });
  return {
    ...evaluationJson(evaluation, context),
    // `calibration` keeps the keys it always had, those after scaling.
    calibration: { ...calibration.after, temperature: calibration.temperature, before: calibration.before },
    figures: gateFigures(report),
    baselines: {
      majority: baseline(baselines.majority),
      ...(baselines.nearestCentroid ? { nearestCentroid: baseline(baselines.nearestCentroid) } : {}),
    },
    riskCoverage: {
      aurc: riskCoverage.aurc,
      bestAurc: riskCoverage.bestAurc,
      points: thinned(riskCoverage.points, CURVE_POINTS),
    },
    ...parts,
  };
}
