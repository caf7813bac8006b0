/** A report as one HTML page that needs nothing else: no script, no other file; light and dark; made to be printed. */

import { type AbstentionCounts, neverAbstains } from "../evaluate/abstention.ts";
import { simulatedMark } from "../evaluate/evaluation-json.ts";
import type { Evaluation } from "../evaluate/metrics.ts";
import { kpiTitle } from "../evaluate/write-reports.ts";
import type { Interval } from "./bootstrap.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { escapeXml, intervalFigure, reliabilityFigure, riskCoverageFigure } from "./figures.ts";
import { HEADLINES } from "./headlines.ts";
import { pageStyle } from "./page-style.ts";
import { intervalHeading, intervalRows, NEVER_ABSTAINS, riskRows, thresholdText } from "./report-rows.ts";
import { ratesOf } from "./report-text.ts";
import { MISSING_STEPS, NOISE_STEPS } from "./robustness.ts";
import { LEAST_PERSONS, type SliceGroup } from "./slices.ts";

/** A complete HTML document. */
export function reportHtml(report: EvaluationReport): string {
  const { context, evaluation, slices, robustness, calibration, riskCoverage } = report;
  const title = kpiTitle(context);
  const mark = simulatedMark(context);
  const warnings = report.warnings.map((warning) => `<li>${escapeXml(warning)}</li>`).join("");
  const people = report.persons === 1 ? "1 person" : `${report.persons} persons`;
  const part = (heading: string, body: string | readonly string[]) => section(`${heading}${mark}`, body);
  const sections = [
    part("Classes", classTable(evaluation)),
    part("How sure the figures are", [
      figure(intervalFigure(barsOf(report), `${intervalHeading(report)}${mark}`)),
      intervalTable(report),
    ]),
    part("Against simple methods", baselineTable(report)),
    part("Confusion", [
      "<p>Rows: true expression; columns: answer. Share of the row in %, and the count below.</p>",
      confusionTable(report),
    ]),
    part("Calibration", [
      "<p>ECE: mean gap between confidence and accuracy, in 15 bins of equally many answers. Brier score from 0 to 2. The figure has a dot for each bin; on the broken line, confidence is honest.</p>",
      calibrationTable(report),
      figure(reliabilityFigure(calibration.before?.bins, calibration.after.bins, `Reliability${mark}`)),
    ]),
    part("Holding back unsure answers", [
      `<p>Area under the curve (AURC) ${riskCoverage.aurc.toFixed(4)}; the same answers in the best order ${riskCoverage.bestAurc.toFixed(4)}.</p>`,
      figure(riskCoverageFigure(riskCoverage, `Risk and coverage${mark}`)),
      riskTable(report),
    ]),
    ...(report.abstention ? [part("Abstaining", abstentionTable(report))] : []),
    ...(slices.length > 0 ? [part("Parts of the data", [fewNote(slices), ...slices.map(sliceTable)])] : []),
    ...(robustness ? [part("Noise and missing points", robustnessTable(report))] : []),
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
<p class="muted">${escapeXml(title)}; ${evaluation.total.toLocaleString("en")} ${evaluation.total === 1 ? "face" : "faces"} of ${people}</p>
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
      const range =
        low === undefined || high === undefined ? "" : `95 %: ${low.toFixed(3)} to ${high.toFixed(3)}`;
      const notes = [
        simulatedMark(context)
          .replace(/[ ()]+/g, " ")
          .trim(),
        range,
      ].filter(Boolean);
      return `<div><b>${value.toFixed(3)}</b><span>${name}</span>${notes.map((note) => `<small>${note}</small>`).join("")}</div>`;
    })
    .join("");
}

/** What can be drawn on one axis from 0 to 1, better to the right. */
function barsOf(report: EvaluationReport): (readonly [name: string, interval: Interval])[] {
  const others = HEADLINES.slice(3).map(([, name]): string => name);
  return intervalRows(report).flatMap(({ name, interval }) =>
    interval && !others.includes(name) ? [[name, interval] as const] : [],
  );
}

function section(heading: string, body: string | readonly string[]): string {
  return `<section><h2>${heading}</h2>${typeof body === "string" ? body : body.join("\n")}</section>`;
}

function figure(svg: string): string {
  return `<figure>${svg}</figure>`;
}

/** First column as row headings. @param label what the table is, for who cannot see it @param rows HTML of cells */
function table(label: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? `<th scope="row">${cell}</th>` : cell.startsWith("<td") ? cell : `<td>${cell}</td>`,
      )
      .join("");
  const headings = head
    .map((cell) => {
      if (cell.startsWith("<th")) return cell;
      return cell === "" ? "<td></td>" : `<th scope="col">${cell}</th>`;
    })
    .join("");
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join("");
  // A table that is wider than the screen is scrolled by keys as well.
  return `<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table><thead><tr>${headings}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function classTable(evaluation: Evaluation): string {
  const row = (
    name: string,
    { precision, recall, f1 }: { precision: number; recall: number; f1: number },
    count: number,
  ) => [escapeXml(name), ...[precision, recall, f1].map((value) => value.toFixed(4)), String(count)];
  return table(
    "Scores of the classes",
    ["", "precision", "recall", "F1", "faces"],
    [
      ...evaluation.classes.map((scores) => row(scores.name, scores, scores.support)),
      row("macro average", evaluation.average, evaluation.total),
      row("weighted average", evaluation.weightedAverage, evaluation.total),
    ],
  );
}

function intervalTable(report: EvaluationReport): string {
  const cell = (value: number | undefined) => value?.toFixed(4) ?? "–";
  return table(
    "Figures and their intervals",
    ["", "value", "from", "to"],
    intervalRows(report).map(({ name, interval }) => [
      escapeXml(name),
      cell(interval?.value),
      cell(interval?.low),
      cell(interval?.high),
    ]),
  );
}

function riskTable(report: EvaluationReport): string {
  return table(
    "Risk and coverage",
    ["answered", "wrong of those", "least confidence"],
    riskRows(report).map(({ coverage, risk, threshold }) => [
      percent(coverage),
      percent(risk),
      threshold.toFixed(3),
    ]),
  );
}

function baselineTable({ evaluation, baselines }: EvaluationReport): string {
  const row = (name: string, { accuracy, average, weightedAverage }: Evaluation) => [
    name,
    ...[accuracy, average.f1, weightedAverage.f1].map((value) => value.toFixed(4)),
  ];
  return table(
    "The model and simple methods",
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
    "Confusion matrix",
    ["", ...names],
    names.map((name, row) => [
      name,
      ...names.map((_, column) => {
        const cell = row * classes.length + column;
        return heat(rates[cell]! / 100, `${rates[cell]!.toFixed(1)}<small>${confusion[cell]}</small>`);
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
    "Calibration before and after scaling",
    ["", "ECE", "Brier", "log-loss"],
    [
      ...(before ? [row("before scaling", before)] : []),
      row(temperature === undefined ? "as answered" : `after, temperature ${temperature.toFixed(3)}`, after),
    ],
  );
}

function abstentionTable({ abstention }: EvaluationReport): string {
  const { clean, frontal, disturbed, thresholds } = abstention!;
  if (neverAbstains(thresholds)) return `<p>${NEVER_ABSTAINS}</p>`;
  const row = (name: string, { faces, abstained, byReason }: AbstentionCounts) => [
    escapeXml(name),
    String(faces),
    heat(abstained, percent(abstained)),
    `<td class="words">${Object.entries(byReason)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => `${reason} ${percent(count / faces)}`)
      .join(", ")}</td>`,
  ];
  return (
    `<p>Unknown: ${thresholdText(thresholds)}. Right among the answers given: ${percent(clean.accuracyOfAnswers)}.</p>` +
    table(
      "Answers held back",
      ["points", "faces", "unknown", '<th scope="col" class="words">reasons</th>'],
      [
        row("as they are", clean),
        ...(frontal ? [row("frontal (within 20°), large enough", frontal)] : []),
        ...Object.entries(disturbed).map(([name, counts]) => row(name, counts)),
      ],
    )
  );
}

function fewNote(groups: readonly SliceGroup[]): string {
  const hasFew = groups.some(({ slices }) => slices.some(({ hasFewPersons }) => hasFewPersons));
  const few = `<p class="few">few: fewer than ${LEAST_PERSONS} persons; such figures say more about these persons than about the model.</p>`;
  return `<p>Macro F1 over the classes that occur in the part.</p>${hasFew ? few : ""}`;
}

function sliceTable({ attribute, slices }: SliceGroup): string {
  const areJudged = slices.every(({ abstained }) => abstained !== undefined);
  const ifJudged = (cell: string) => (areJudged ? [cell] : []);
  const name = `By ${escapeXml(attribute)}`;
  return `<h3>${name}</h3>${table(
    name,
    ["", "faces", "persons", "accuracy", "macro F1", ...ifJudged("unknown")],
    slices.map(({ value, faces, persons, accuracy, macroF1, abstained = 0, hasFewPersons }) => [
      escapeXml(value),
      String(faces),
      hasFewPersons ? `<td class="few">${persons} (few)</td>` : String(persons),
      heat(accuracy, accuracy.toFixed(3)),
      heat(macroF1, macroF1.toFixed(3)),
      ...ifJudged(percent(abstained)),
    ]),
  )}`;
}

function robustnessTable({ robustness, abstention }: EvaluationReport): string {
  const { cells, faces } = robustness!;
  const canAbstain = abstention && !neverAbstains(abstention.thresholds);
  const rows = NOISE_STEPS.map((noise) => [
    `${noise} %`,
    ...MISSING_STEPS.map((missing) => {
      const cell = cells.find((one) => one.noisePercent === noise && one.missingPoints === missing)!;
      const unknown = canAbstain ? `<small>${percent(cell.abstained)}</small>` : "";
      return heat(cell.macroF1, `${cell.macroF1.toFixed(3)}${unknown}`);
    }),
  ]);
  const note = canAbstain ? " Below it, the share of faces that the model would not answer." : "";
  return (
    `<p>Macro F1 of forced answers for ${faces} faces; rows: noise in percent of the outer-eye distance on every coordinate; columns: missing points, put where the mean face has them.${note}</p>` +
    table(
      "Noise and missing points",
      ["noise", ...MISSING_STEPS.map((missing) => `${missing} missing`)],
      rows,
    )
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}
