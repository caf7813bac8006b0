/** The files of a full report, beside those of `writeReports`. */

import { join } from "node:path";
import { EmotionNetError, type ModelMetadata } from "@emotionnet/core";
import { makeFolder, writeWhole } from "@emotionnet/files";
import type { MeasuredSet } from "../evaluate/evaluate-from-spec.ts";
import { simulatedMark } from "../evaluate/evaluation-json.ts";
import { type DataCardInput, joinedDataCard } from "./data-card.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { reliabilityFigure, riskCoverageFigure } from "./figures.ts";
import { modelCard } from "./model-card.ts";
import { reportHtml } from "./report-html.ts";
import { reportJson } from "./report-json.ts";
import { reportText } from "./report-text.ts";

/** Paths of what was written. */
export interface FullReportPaths {
  readonly page: string;
  readonly text: string;
  /** Takes the place of the `evaluation.json` of `writeReports`, and has all of its keys. */
  readonly json: string;
  readonly reliability: string;
  readonly riskCoverage: string;
  readonly dataCard: string;
  /** Only for trainable models. */
  readonly modelCard?: string;
}

export interface WriteReportOptions {
  readonly report: EvaluationReport;
  /** The sets that were measured on, one or more. */
  readonly sets: readonly MeasuredSet[];
  /** Of a trainable model. */
  readonly metadata?: ModelMetadata;
}

/**
 * Writes the page, the report as text and JSON, two figures and the cards of data and model into `directory`.
 * @throws EmotionNetError `file-unwritable`
 */
export async function writeFullReport(
  directory: string,
  { report, sets, metadata }: WriteReportOptions,
): Promise<FullReportPaths> {
  const { calibration, context } = report;
  const mark = simulatedMark(context);
  const paths: FullReportPaths = {
    page: join(directory, "report.html"),
    text: join(directory, "report.txt"),
    json: join(directory, "evaluation.json"),
    reliability: join(directory, "reliability.svg"),
    riskCoverage: join(directory, "risk_coverage.svg"),
    dataCard: join(directory, "data_card.md"),
    ...(metadata ? { modelCard: join(directory, "model_card.md") } : {}),
  };
  const files: [path: string, content: string][] = [
    [paths.page, reportHtml(report)],
    [paths.text, reportText(report)],
    [paths.json, `${JSON.stringify(reportJson(report), null, 2)}\n`],
    [
      paths.reliability,
      reliabilityFigure(calibration.before?.bins, calibration.after.bins, `Reliability${mark}`),
    ],
    [paths.riskCoverage, riskCoverageFigure(report.riskCoverage, `Risk and coverage${mark}`)],
    [paths.dataCard, joinedDataCard(context.dataset, sets.map(measuredPart))],
  ];
  if (metadata && paths.modelCard) files.push([paths.modelCard, cardOf(report, metadata)]);
  try {
    await makeFolder(directory);
    for (const [path, content] of files) await writeWhole(path, content);
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the folder ${JSON.stringify(directory)}, where the report cannot be written`,
        wanted: "a folder that may be written to, or a new one",
        mend: "Name another folder, or check its permissions and the space on the disk.",
      },
      { cause },
    );
  }
  return paths;
}

function measuredPart({ name, facts, dataset }: MeasuredSet): DataCardInput {
  return { name, facts, parts: [{ name: "measured", dataset }] };
}

function cardOf({ context, evaluation, intervals }: EvaluationReport, metadata: ModelMetadata): string {
  const { dataset: name, isSimulated } = context;
  return modelCard({
    metadata,
    measured: [{ name, isSimulated, evaluation, macroF1Interval: intervals.macro_f1! }],
    madeBy: "emotionnet evaluate",
  });
}
