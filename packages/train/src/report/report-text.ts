/** A report to read in a terminal, after the table of the model card. */

import { confusionText } from "../evaluate/confusion-text.ts";
import type { Evaluation } from "../evaluate/metrics.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { HEADLINES } from "./headlines.ts";
import { MISSING_STEPS, NOISE_STEPS, type Robustness } from "./robustness.ts";
import type { SliceGroup } from "./slices.ts";

/** Sections with a heading each, ending with a line break; headings of generated faces say that they are simulated. */
export function reportText(report: EvaluationReport): string {
  const { context, evaluation, slices, robustness } = report;
  const mark = context.isSimulated ? " (simulated)" : "";
  const names = evaluation.classes.map(({ name }) => name);
  const sections: [heading: string, body: string][] = [
    [`95 % intervals, ${report.persons} persons resampled`, intervalText(report)],
    ["Baselines", baselineText(report)],
    ["Confusion, counts", confusionText(evaluation.confusion, names)],
    [
      "Confusion, share of each true expression in %",
      confusionText(ratesOf(evaluation.confusion, names.length), names),
    ],
    [calibrationHeading(report), calibrationText(report)],
    ["Holding back unsure answers", riskText(report)],
    ...(report.abstention ? [["Abstaining", abstentionText(report)] as [string, string]] : []),
    ...slices.map((group): [string, string] => [`By ${group.attribute}`, sliceText(group)]),
    ...(robustness
      ? [
          [
            `Macro F1 with noise (rows, % of the outer-eye distance) and missing points, ${robustness.faces} faces`,
            robustnessText(robustness),
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

function intervalText({ intervals, evaluation }: EvaluationReport): string {
  const perClass = evaluation.classes.map(({ name }) => [`f1_${name}`, `F1 ${name}`] as const);
  return columns([
    ["", "value", "from", "to"],
    ...[...HEADLINES, ...perClass].map(([key, name]) => {
      const { value, low, high } = intervals[key]!;
      return [name, value, low, high].map((cell) => (typeof cell === "number" ? cell.toFixed(4) : cell));
    }),
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

/** Shares of faces that get an answer, in the table of risks. */
const COVERAGES = [1, 0.95, 0.9, 0.8, 0.7, 0.5];

function riskText({ riskCoverage: { points, aurc, bestAurc }, context }: EvaluationReport): string {
  const rows = COVERAGES.map((share) => points.findLast(({ coverage }) => coverage <= share) ?? points[0]!);
  const table = columns([
    ["answered", "wrong of those", "least confidence"],
    ...rows.map(({ coverage, risk, threshold }) => [percent(coverage), percent(risk), threshold.toFixed(3)]),
  ]);
  return `${table}  ${context.isSimulated ? "simulated " : ""}AURC ${aurc.toFixed(4)} (at best ${bestAurc.toFixed(4)})\n`;
}

function abstentionText({ abstention }: EvaluationReport): string {
  const { clean, frontal, disturbed, thresholds } = abstention!;
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
  const rules = Object.entries(thresholds).map(([name, value]) => `${name} ${value}`);
  return `${columns(rows)}  thresholds: ${rules.join(", ")}; right among the answers given: ${percent(clean.accuracyOfAnswers)}\n`;
}

function sliceText({ slices }: SliceGroup): string {
  return columns([
    ["", "faces", "persons", "accuracy", "macro F1", "unknown", ""],
    ...slices.map((slice) => [
      slice.value,
      String(slice.faces),
      String(slice.persons),
      slice.accuracy.toFixed(3),
      slice.macroF1.toFixed(3),
      percent(slice.abstained),
      slice.hasFewPersons ? "fewer than 30 persons" : "",
    ]),
  ]);
}

function robustnessText({ cells }: Robustness): string {
  const at = (noise: number, missing: number) =>
    cells.find((cell) => cell.noisePercent === noise && cell.missingPoints === missing)!;
  return columns([
    ["noise", ...MISSING_STEPS.map((missing) => `${missing} missing`)],
    ...NOISE_STEPS.map((noise) => [
      `${noise} %`,
      ...MISSING_STEPS.map((missing) => at(noise, missing).macroF1.toFixed(3)),
    ]),
  ]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
