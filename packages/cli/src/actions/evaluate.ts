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
  const { evaluation, context, facts, ...answers } = await evaluateFromSpec({
    predictor,
    specPath: flags.experiment_spec_file,
    log: session.notice,
  }).finally(() => predictor.release());
  const attributes =
    flags.attributes === undefined ? [] : await readAttributes(flags.attributes, answers.dataset.names);
  const report = await buildReport({
    ...answers,
    context,
    attributes,
    seed: REPORT_SEED,
    signal: session.signal,
    onProgress: session.progress.show,
    ...(model ? { model } : {}),
  });
  session.progress.clear();
  if (flags.results_dir !== undefined) {
    const tables = await writeReports(flags.results_dir, evaluation, context, answers);
    const { dataset } = answers;
    const pages = await writeFullReport(flags.results_dir, {
      report,
      dataset,
      facts,
      ...(model ? { metadata: model.metadata } : {}),
    });
    session.notice(`Reports: ${Object.values({ ...tables, ...pages }).join(", ")}`);
  }
  const results = judgeGate(gate, gateFigures(report));
  await session.print(
    flags.json
      ? `${JSON.stringify({ ...reportJson(report), ...(gate.length > 0 ? { gate: results } : {}) }, null, 2)}\n`
      : kpiTable(evaluation, kpiTitle(context)) + reportText(report),
  );
  if (gate.length > 0) session.notice(gateText(results).trimEnd());
  return results.every(({ isMet }) => isMet) ? EXIT.ok : EXIT.nothingWorked;
}
