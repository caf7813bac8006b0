/** A report to read in a terminal, after the table of the model card. */

import { neverAbstains } from "../evaluate/abstention.ts";
import { confusionText } from "../evaluate/confusion-text.ts";
import { simulatedMark } from "../evaluate/evaluation-json.ts";
import type { Evaluation } from "../evaluate/metrics.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import {
  intervalHeading,
  intervalRows,
  NEVER_ABSTAINS,
  percent,
  riskRows,
  thresholdText,
} from "./report-rows.ts";
import { MISSING_STEPS, NOISE_STEPS, type Robustness, type RobustnessCell } from "./robustness.ts";
import { LEAST_PERSONS, type SliceGroup } from "./slices.ts";

/** Sections with a heading each, ending with a line break; headings of generated faces say that they are simulated. */
export function reportText(report: EvaluationReport): string {
  const { context, evaluation, slices, robustness } = report;
  const mark = simulatedMark(context);
  const names = evaluation.classes.map(({ name }) => name);
  const canAbstain = report.abstention && !neverAbstains(report.abstention.thresholds);
  const sections: [heading: string, body: string][] = [
    [intervalHeading(report), intervalText(report)],
    ["Baselines", baselineText(report)],
    ["Confusion, counts", confusionText(evaluation.confusion, names)],
    [
      "Confusion, share of each true expression in %",
      confusionText(ratesOf(evaluation.confusion, names.length), names, (rate) => rate.toFixed(1)),
    ],
    [calibrationHeading(report), calibrationText(report)],
    ["Holding back unsure answers", riskText(report)],
    ...(report.abstention ? [["Abstaining", abstentionText(report)] as [string, string]] : []),
    ...slices.map((group): [string, string] => [`By ${group.attribute}`, sliceText(group)]),
    ...(robustness
      ? [
          [
            `Macro F1${canAbstain ? " and share of unknown" : ""} with noise (rows, % of the outer-eye distance) and missing points, ${robustness.faces} faces`,
            robustnessText(robustness, canAbstain ? withUnknown : f1Only),
          ] as [string, string],
        ]
      : []),
  ];
  const warnings = report.warnings.map((warning) => `warning: ${warning}\n`).join("");
  return (
    sections.map(([heading, body]) => `\n${heading}${mark}\n${body}`).join("") + (warnings && `\n${warnings}`)
  );
}

/** Rows of cells → aligned text; the first column and those of words, which have no heading, to the left. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (text: string, column: number) =>
    rows[0]![column] === "" ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows.map((row) => `  ${row.map(pad).join("  ").trimEnd()}\n`).join("");
}

function intervalText(report: EvaluationReport): string {
  const cell = (value: number | undefined) => value?.toFixed(4) ?? "-";
  return columns([
    ["", "value", "from", "to"],
    ...intervalRows(report).map(({ name, interval }) => [
      name,
      cell(interval?.value),
      cell(interval?.low),
      cell(interval?.high),
    ]),
  ]);
}

function baselineText({ evaluation, baselines }: EvaluationReport): string {
  const row = (name: string, { accuracy, average, weightedAverage }: Evaluation) => [
    name,
    ...[accuracy, average.f1, weightedAverage.f1].map((value) => value.toFixed(4)),
  ];
  return columns([
    ["", "accuracy", "macro F1", "weighted F1"],
    row("this model", evaluation),
    ...(baselines.nearestCentroid ? [row("nearest centroid", baselines.nearestCentroid)] : []),
    row("always the most frequent", baselines.majority),
  ]);
}

/** Shares of each row in percent with one decimal. */
export function ratesOf(matrix: ArrayLike<number>, size: number): number[] {
  return Array.from(matrix, (count, cell) => {
    const start = Math.floor(cell / size) * size;
    const total = Array.from({ length: size }, (_, id) => matrix[start + id]!).reduce(
      (sum, value) => sum + value,
      0,
    );
    return total === 0 ? 0 : Math.round((1000 * count) / total) / 10;
  });
}

function calibrationHeading({ calibration: { temperature } }: EvaluationReport): string {
  return temperature === undefined ? "Calibration" : `Calibration, temperature ${temperature.toFixed(3)}`;
}

function calibrationText({ calibration: { before, after } }: EvaluationReport): string {
  const row = (name: string, one: typeof after) => [
    name,
    ...[one.expectedCalibrationError, one.brier, one.logLoss].map((value) => value.toFixed(4)),
  ];
  return columns([
    ["", "ECE", "Brier", "log-loss"],
    ...(before ? [row("before", before)] : []),
    row(before ? "after" : "as answered", after),
  ]);
}

function riskText(report: EvaluationReport): string {
  const { aurc, bestAurc } = report.riskCoverage;
  const table = columns([
    ["answered", "wrong of those", "least confidence"],
    ...riskRows(report).map(({ coverage, risk, threshold }) => [
      percent(coverage),
      percent(risk),
      threshold.toFixed(3),
    ]),
  ]);
  const mark = report.context.isSimulated ? "simulated " : "";
  return `${table}  ${mark}AURC ${aurc.toFixed(4)} (at best ${bestAurc.toFixed(4)})\n`;
}

function abstentionText({ abstention }: EvaluationReport): string {
  const { clean, frontal, disturbed, thresholds } = abstention!;
  if (neverAbstains(thresholds)) return `  ${NEVER_ABSTAINS}\n`;
  const row = (name: string, { faces, abstained, byReason }: typeof clean) => [
    name,
    String(faces),
    percent(abstained),
    Object.entries(byReason)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => `${reason} ${percent(count / faces)}`)
      .join(", "),
  ];
  const rows = [
    ["", "faces", "unknown", ""],
    row("as they are", clean),
    ...(frontal ? [row("frontal (within 20°), large enough", frontal)] : []),
    ...Object.entries(disturbed).map(([name, counts]) => row(name, counts)),
  ];
  return `${columns(rows)}  unknown: ${thresholdText(thresholds)}; right among the answers given: ${percent(clean.accuracyOfAnswers)}\n`;
}

function sliceText({ slices }: SliceGroup): string {
  const areJudged = slices.every(({ abstained }) => abstained !== undefined);
  const ifJudged = (cell: string) => (areJudged ? [cell] : []);
  return columns([
    ["", "faces", "persons", "accuracy", "macro F1", ...ifJudged("unknown"), ""],
    ...slices.map(({ value, faces, persons, accuracy, macroF1, abstained = 0, hasFewPersons }) => [
      value,
      String(faces),
      String(persons),
      accuracy.toFixed(3),
      macroF1.toFixed(3),
      ...ifJudged(percent(abstained)),
      hasFewPersons ? `fewer than ${LEAST_PERSONS} persons` : "",
    ]),
  ]);
}

function robustnessText({ cells }: Robustness, form: (cell: RobustnessCell) => string): string {
  const at = (noise: number, missing: number) =>
    cells.find((cell) => cell.noisePercent === noise && cell.missingPoints === missing)!;
  return columns([
    ["noise", ...MISSING_STEPS.map((missing) => `${missing} missing`)],
    ...NOISE_STEPS.map((noise) => [
      `${noise} %`,
      ...MISSING_STEPS.map((missing) => form(at(noise, missing))),
    ]),
  ]);
}

function f1Only({ macroF1 }: RobustnessCell): string {
  return macroF1.toFixed(3);
}

function withUnknown({ macroF1, abstained }: RobustnessCell): string {
  return `${macroF1.toFixed(3)} ${percent(abstained).padStart(7)}`;
}
