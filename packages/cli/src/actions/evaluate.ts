/** `emotionnet evaluate`: a model on the test set of its spec. */

import { EmotionNet } from "@emotionnet/core";
import {
  evaluateFromSpec,
  evaluationJson,
  kpiTable,
  kpiTitle,
  type ModelEvaluation,
  writeReports,
} from "@emotionnet/train";
import type { EvaluateFlags } from "../commands/evaluate.ts";
import { EXIT, type Session } from "../session.ts";
import { noteKey } from "./note-key.ts";

export async function runEvaluate(session: Session, flags: EvaluateFlags): Promise<number> {
  noteKey(session, flags.key);
  const { model } = await EmotionNet.load(flags.model);
  const { evaluation, context } = await evaluateFromSpec({ model, specPath: flags.experiment_spec_file });
  if (flags.results_dir !== undefined) {
    const paths = await writeReports(flags.results_dir, evaluation, context);
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
