/** A report as one HTML page that needs nothing else: no script, no other file; light and dark; made to be printed. */

import type { AbstentionCounts } from "../evaluate/abstention.ts";
import type { Evaluation } from "../evaluate/metrics.ts";
import { kpiTitle } from "../evaluate/write-reports.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { escapeXml, intervalFigure, reliabilityFigure, riskCoverageFigure } from "./figures.ts";
import { HEADLINES } from "./headlines.ts";
import { pageStyle } from "./page-style.ts";
import { ratesOf } from "./report-text.ts";
import { MISSING_STEPS, NOISE_STEPS, type Robustness } from "./robustness.ts";
import type { SliceGroup } from "./slices.ts";

/** A complete HTML document. */
export function reportHtml(report: EvaluationReport): string {
  const { context, evaluation, slices, robustness, calibration, riskCoverage } = report;
  const title = kpiTitle(context);
  const mark = context.isSimulated ? " (simulated)" : "";
  const warnings = report.warnings.map((warning) => `<li>${escapeXml(warning)}</li>`).join("");
  const intervals = [
    ...HEADLINES.filter(([key]) => key !== "brier" && key !== "log_loss" && key !== "ece"),
    ...evaluation.classes.map(({ name }) => [`f1_${name}`, `F1 ${name}`] as const),
  ].map(([key, name]) => [name, report.intervals[key]!] as const);
  const part = (heading: string, body: string | readonly string[]) => section(`${heading}${mark}`, body);
  const sections = [
    part("Classes", classTable(evaluation)),
    part("How sure the figures are", [
      figure(intervalFigure(intervals, `95 % intervals, ${report.persons} persons resampled${mark}`)),
    ]),
    part("Against simple methods", baselineTable(report)),
    part("Confusion", [
      "<p>Rows: true expression; columns: answer. Share of the row, and the count below.</p>",
      confusionTable(report),
    ]),
    part("Calibration", [
      calibrationTable(report),
      figure(reliabilityFigure(calibration.before?.bins, calibration.after.bins, `Reliability${mark}`)),
    ]),
    part("Holding back unsure answers", [
      `<p>Area under the curve (AURC) ${riskCoverage.aurc.toFixed(4)}; the same answers in the best order ${riskCoverage.bestAurc.toFixed(4)}.</p>`,
      figure(riskCoverageFigure(riskCoverage, `Risk and coverage${mark}`)),
    ]),
    ...(report.abstention ? [part("Abstaining", abstentionTable(report))] : []),
    ...(slices.length > 0 ? [part("Parts of the data", slices.map(sliceTable))] : []),
    ...(robustness ? [part("Noise and missing points", robustnessTable(robustness))] : []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapeXml(context.model)}</h1>
<p class="muted">${escapeXml(title)}; ${evaluation.total.toLocaleString("en")} faces of ${report.persons} persons</p>
<div class="headlines">${headlines(report)}</div>
${warnings === "" ? "" : `<ul class="warnings">${warnings}</ul>`}
</header>
<main>
${sections.join("\n")}
</main>
<footer class="muted">An expression is a visible face shape; it says nothing certain about what a person feels.</footer>
</body>
</html>
`;
}

function headlines({ intervals, context }: EvaluationReport): string {
  return HEADLINES.slice(0, 4)
    .map(([key, name]) => {
      const { value, low, high } = intervals[key]!;
      const mark = context.isSimulated ? "simulated, " : "";
      return `<div><b>${value.toFixed(3)}</b><span>${name}</span><small>${mark}${low.toFixed(3)} to ${high.toFixed(3)}</small></div>`;
    })
    .join("");
}

function section(heading: string, body: string | readonly string[]): string {
  return `<section><h2>${heading}</h2>${typeof body === "string" ? body : body.join("\n")}</section>`;
}

function figure(svg: string): string {
  return `<figure>${svg}</figure>`;
}

/** First column as row headings. @param rows HTML of cells */
function table(head: readonly string[], rows: readonly (readonly string[])[], caption = ""): string {
  const cells = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? `<th scope="row">${cell}</th>` : cell.startsWith("<td") ? cell : `<td>${cell}</td>`,
      )
      .join("");
  const headings = head.map((cell) => `<th scope="col">${cell}</th>`).join("");
  const title = caption === "" ? "" : `<caption>${caption}</caption>`;
  return `<div class="scroll"><table>${title}<thead><tr>${headings}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</tbody></table></div>`;
}

function classTable(evaluation: Evaluation): string {
  const row = (
    name: string,
    { precision, recall, f1 }: { precision: number; recall: number; f1: number },
    count: number,
  ) => [escapeXml(name), ...[precision, recall, f1].map((value) => value.toFixed(4)), String(count)];
  return table(
    ["", "precision", "recall", "F1", "faces"],
    [
      ...evaluation.classes.map((scores) => row(scores.name, scores, scores.support)),
      row("macro average", evaluation.average, evaluation.total),
      row("weighted average", evaluation.weightedAverage, evaluation.total),
    ],
  );
}

function baselineTable({ evaluation, baselines }: EvaluationReport): string {
  const row = (name: string, { accuracy, average, weightedAverage }: Evaluation) => [
    name,
    ...[accuracy, average.f1, weightedAverage.f1].map((value) => value.toFixed(4)),
  ];
  return table(
    ["", "accuracy", "macro F1", "weighted F1"],
    [
      row("this model", evaluation),
      ...(baselines.nearestCentroid
        ? [row("nearest centroid of the other persons", baselines.nearestCentroid)]
        : []),
      row("always the most frequent class", baselines.majority),
    ],
  );
}

/** A cell that is the darker the larger its share, 0..1. */
function heat(share: number, content: string): string {
  return `<td class="heat" style="--share:${Math.round(100 * share)}%">${content}</td>`;
}

function confusionTable({ evaluation: { confusion, classes } }: EvaluationReport): string {
  const rates = ratesOf(confusion, classes.length);
  const names = classes.map(({ name }) => escapeXml(name));
  return table(
    ["", ...names],
    names.map((name, row) => [
      name,
      ...names.map((_, column) => {
        const cell = row * classes.length + column;
        return heat(rates[cell]! / 100, `${rates[cell]!.toFixed(1)} %<small>${confusion[cell]}</small>`);
      }),
    ]),
  );
}

function calibrationTable({ calibration: { before, after, temperature } }: EvaluationReport): string {
  const row = (name: string, one: typeof after) => [
    name,
    ...[one.expectedCalibrationError, one.brier, one.logLoss].map((value) => value.toFixed(4)),
  ];
  return table(
    ["", "ECE", "Brier", "log-loss"],
    [
      ...(before ? [row("before scaling", before)] : []),
      row(temperature === undefined ? "as answered" : `after, temperature ${temperature.toFixed(3)}`, after),
    ],
  );
}

function abstentionTable({ abstention }: EvaluationReport): string {
  const { clean, frontal, disturbed, thresholds } = abstention!;
  const row = (name: string, { faces, abstained, byReason }: AbstentionCounts) => [
    escapeXml(name),
    String(faces),
    heat(abstained, percent(abstained)),
    `<td class="words">${Object.entries(byReason)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => `${reason} ${percent(count / faces)}`)
      .join(", ")}</td>`,
  ];
  const rules = Object.entries(thresholds).map(([name, value]) => `${name} ${value}`);
  return (
    `<p>Thresholds: ${rules.join(", ")}. Right among the answers given: ${percent(clean.accuracyOfAnswers)}.</p>` +
    table(
      ["points", "faces", "unknown", "reasons"],
      [
        row("as they are", clean),
        ...(frontal ? [row("frontal (within 20°), large enough", frontal)] : []),
        ...Object.entries(disturbed).map(([name, counts]) => row(name, counts)),
      ],
    )
  );
}

function sliceTable({ attribute, slices }: SliceGroup): string {
  return table(
    [escapeXml(attribute), "faces", "persons", "accuracy", "macro F1", "unknown"],
    slices.map((slice) => [
      escapeXml(slice.value),
      String(slice.faces),
      slice.hasFewPersons ? `<td class="few">${slice.persons} (few)</td>` : String(slice.persons),
      heat(slice.accuracy, slice.accuracy.toFixed(3)),
      heat(slice.macroF1, slice.macroF1.toFixed(3)),
      percent(slice.abstained),
    ]),
  );
}

function robustnessTable({ cells, faces }: Robustness): string {
  const rows = NOISE_STEPS.map((noise) => [
    `${noise} % noise`,
    ...MISSING_STEPS.map((missing) => {
      const cell = cells.find((one) => one.noisePercent === noise && one.missingPoints === missing)!;
      return heat(
        cell.macroF1,
        `${cell.macroF1.toFixed(3)}<small>${percent(cell.abstained)} unknown</small>`,
      );
    }),
  ]);
  return (
    `<p>Macro F1 of forced answers for ${faces} faces; noise in percent of the outer-eye distance on every coordinate; missing points are put where the mean face has them.</p>` +
    table(["", ...MISSING_STEPS.map((missing) => `${missing} points missing`)], rows)
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
