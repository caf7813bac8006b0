/** The files that an evaluation leaves in the results folder. */

import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { makeFolder, writeWhole } from "@emotionnet/files";
import type { Dataset } from "../dataset/dataset.ts";
import { classificationReport } from "./classification-report.ts";
import { confusionFigure } from "./confusion-figure.ts";
import { confusionText } from "./confusion-text.ts";
import type { ModelEvaluation } from "./evaluate-answers.ts";
import { type EvaluationContext, evaluationJson, simulatedMark } from "./evaluation-json.ts";
import { fullResults } from "./full-results.ts";
import { kpiTable } from "./kpi-table.ts";

/** Paths of what was written. */
export interface ReportPaths {
  /** The model card's table; the original's name for it. */
  readonly table: string;
  /** One line a sample; the original's name for it. Only where the answers were given. */
  readonly samples?: string;
  readonly report: string;
  readonly confusion: string;
  readonly figure: string;
  readonly json: string;
}

/**
 * Writes the table, every sample's answer when they are given, scikit-learn's report, the confusion matrix as text and figure, and all of it as JSON.
 * @throws EmotionNetError `file-unwritable`
 */
export async function writeReports(
  directory: string,
  evaluation: ModelEvaluation,
  context: EvaluationContext,
  answers?: { readonly dataset: Dataset; readonly probabilities: Float32Array },
): Promise<ReportPaths> {
  const names = evaluation.classes.map(({ name }) => name);
  const title = kpiTitle(context);
  const paths = {
    table: join(directory, "eval_results.txt"),
    ...(answers ? { samples: join(directory, "full_results.txt") } : {}),
    report: join(directory, "classification_report.txt"),
    confusion: join(directory, "confusion_matrix.txt"),
    figure: join(directory, "confusion_matrix.svg"),
    json: join(directory, "evaluation.json"),
  };
  const files: [path: string, content: string][] = [
    [paths.table, kpiTable(evaluation, title)],
    [paths.report, classificationReport(evaluation)],
    [paths.confusion, confusionText(evaluation.confusion, names)],
    [paths.figure, confusionFigure(evaluation.confusion, names, title)],
    [paths.json, `${JSON.stringify(evaluationJson(evaluation, context), null, 2)}\n`],
  ];
  if (answers && paths.samples) {
    files.push([paths.samples, fullResults(answers.dataset, answers.probabilities)]);
  }
  try {
    await makeFolder(directory);
    for (const [path, content] of files) await writeWhole(path, content);
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the results folder ${JSON.stringify(directory)}, where nothing can be written`,
        wanted: "a folder that may be written to, or a new one",
        mend: "Name another folder, or check its permissions and the space on the disk.",
      },
      { cause },
    );
  }
  return paths;
}

/** The line above the table: model, data set, and whether the faces were made by the generator. */
export function kpiTitle(context: EvaluationContext): string {
  return `${context.model} on ${context.dataset}${simulatedMark(context)}`;
}
