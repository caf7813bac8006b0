/** `emotionnet evaluate`: a model on the test set of its spec. */

import {
  evaluateFromSpec,
  evaluationJson,
  keyFrom,
  kpiTable,
  kpiTitle,
  type ModelEvaluation,
  openPredictor,
  writeReports,
} from "@emotionnet/train";
import type { EvaluateFlags } from "../commands/evaluate.ts";
import { EXIT, type Session } from "../session.ts";

export async function runEvaluate(session: Session, flags: EvaluateFlags): Promise<number> {
  const predictor = await openPredictor(flags.model, keyFrom(flags, process.env));
  const { evaluation, context, ...answers } = await evaluateFromSpec({
    predictor,
    specPath: flags.experiment_spec_file,
    log: session.notice,
  }).finally(() => predictor.release());
  if (flags.results_dir !== undefined) {
    const paths = await writeReports(flags.results_dir, evaluation, context, answers);
    session.notice(`Reports: ${Object.values(paths).join(", ")}`);
  }
  await session.print(
    flags.json
      ? `${JSON.stringify(evaluationJson(evaluation, context), null, 2)}\n`
      : kpiTable(evaluation, kpiTitle(context)) + summaryLine(evaluation),
  );
  return EXIT.ok;
}

function summaryLine({ accuracy, majorityBaseline, calibration }: ModelEvaluation): string {
  const figures = [
    `accuracy ${accuracy.toFixed(5)}`,
    `majority baseline ${majorityBaseline.toFixed(5)}`,
    `log-loss ${calibration.logLoss.toFixed(4)}`,
    `calibration error ${calibration.expectedCalibrationError.toFixed(4)}`,
  ];
  return `${figures.join(", ")}\n`;
}
