/** `emotionnet evaluate`: a model on the test set of its spec. */

import { EXPRESSIONS } from "@emotionnet/core";
import {
  buildReport,
  evaluateFromSpec,
  gateFigures,
  gateNames,
  gateText,
  judgeGate,
  keyFrom,
  kpiTable,
  kpiTitle,
  openPredictor,
  parseGate,
  readAttributes,
  reportJson,
  reportText,
  writeFullReport,
  writeReports,
} from "@emotionnet/train";
import type { EvaluateFlags } from "../commands/evaluate.ts";
import { EXIT, type Session } from "../session.ts";

/** Of the resampling, the noise and the disturbed points: the same command prints the same figures. */
const REPORT_SEED = 1;

export async function runEvaluate(session: Session, flags: EvaluateFlags): Promise<number> {
  const predictor = await openPredictor(flags.model, keyFrom(flags, process.env));
  const { model } = predictor;
  const gate =
    flags.gate === undefined ? [] : parseGate(flags.gate, gateNames(predictor.classes ?? EXPRESSIONS));
  const { evaluation, context, sets, warnings, ...answers } = await evaluateFromSpec({
    predictor,
    specPath: flags.experiment_spec_file,
    log: session.notice,
    onProgress: session.progress.show,
    signal: session.signal,
  }).finally(() => predictor.release());
  const attributes =
    flags.attributes === undefined
      ? []
      : await readAttributes(flags.attributes, answers.dataset.names, session.notice);
  const report = await buildReport({
    ...answers,
    context,
    attributes,
    warnings,
    seed: REPORT_SEED,
    signal: session.signal,
    onProgress: session.progress.show,
    ...(model ? { model } : {}),
  });
  session.progress.clear();
  const results = judgeGate(gate, gateFigures(report));
  const status = results.every(({ isMet }) => isMet) ? EXIT.ok : EXIT.nothingWorked;
  // Also when nobody reads the report to its end: a gate that was missed stays missed.
  process.exitCode = status;
  if (flags.results_dir !== undefined) {
    const tables = await writeReports(flags.results_dir, evaluation, context, answers);
    const pages = await writeFullReport(flags.results_dir, {
      report,
      sets,
      ...(model ? { metadata: model.metadata } : {}),
    });
    session.notice(`Reports: ${Object.values({ ...tables, ...pages }).join(", ")}`);
  }
  await session.print(
    flags.json
      ? `${JSON.stringify({ ...reportJson(report), ...(gate.length > 0 ? { gate: results } : {}) }, null, 2)}\n`
      : kpiTable(evaluation, kpiTitle(context)) + reportText(report),
  );
  if (gate.length > 0) session.notice(gateText(results).trimEnd());
  return status;
}
