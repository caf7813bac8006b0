/** The text layout of scikit-learn's `classification_report`, for people and tools that know it. */

import { formatFixed } from "./format-number.ts";
import type { Evaluation, Scores } from "./metrics.ts";

const header = ["precision", "recall", "f1-score", "support"];
const averageName = "weighted avg";

/** Classes in their order, then accuracy and both averages; ends with a line break. */
export function classificationReport(evaluation: Evaluation, digits = 2): string {
  const names = evaluation.classes.map(({ name }) => name);
  const width = Math.max(averageName.length, digits, ...names.map((name) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    `${name.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join("")}\n`;
  const scoreLine = (name: string, { precision, recall, f1 }: Scores, count: number) =>
    line(name, [...[precision, recall, f1].map((score) => formatFixed(score, digits)), String(count)]);
  const { total } = evaluation;
  return [
    line("", header),
    "\n",
    ...evaluation.classes.map((scores) => scoreLine(scores.name, scores, scores.support)),
    "\n",
    line("accuracy", ["", "", formatFixed(evaluation.accuracy, digits), String(total)]),
    scoreLine("macro avg", evaluation.average, total),
    scoreLine(averageName, evaluation.weightedAverage, total),
  ].join("");
}
