/** What the default model's card says beyond every model's. */

import type { Model } from "@emotionnet/core";
import { kpiTable } from "../evaluate/kpi-table.ts";
import { MULTI_PIE_CAMERAS } from "../generator/camera.ts";
import type { EvaluationReport } from "../report/evaluation-report.ts";
import { modelCard } from "../report/model-card.ts";
import { type DrawnProtocol, PROTOCOL_DRAWS } from "./protocol-draws.ts";

/** The data set that stands beside the original's card. */
export const CARD_SET = "multipie-protocol-detector";
/** The same with points as placed by hand, as the original was measured. */
const MANUAL_SET = "multipie-protocol-manual";

const WHAT_IT_IS: Readonly<Record<string, string>> = {
  multipie: "studio pictures of Multi-PIE's fifteen cameras, balanced classes",
  "multipie-shares": "the same with Multi-PIE's class shares, as in the original's card",
  "multipie-protocol-detector":
    "Multi-PIE's protocol (its sessions, cameras, test persons), points like our detector's",
  "multipie-protocol-manual": "Multi-PIE's protocol, points like those placed by hand",
  wild: "free pictures, points of mixed origin",
  "wild-mesh": "free pictures, points like those of the face mesh",
  "wild-annotator": "free pictures, points like those of human annotators",
  "wild-detector": "free pictures, points like those of other detectors",
};

/** @param reports by the name of the simulated data set @param draws the protocol with other persons, by who placed the points */
export function defaultModelCard(
  model: Model,
  bestEpoch: number,
  reports: Readonly<Record<string, EvaluationReport>>,
  draws: Readonly<Record<"detector" | "manual", DrawnProtocol>>,
): string {
  const report = reports[CARD_SET];
  return modelCard({
    metadata: model.metadata,
    madeBy: "npm run model",
    measured: Object.entries(reports).map(([name, { evaluation, intervals }]) => ({
      name,
      description: WHAT_IT_IS[name] ?? name,
      isSimulated: true,
      evaluation,
      macroF1Interval: intervals.macro_f1!,
    })),
    facts: [
      `**Training**: best of its epochs ${bestEpoch}; thresholds of abstaining by the rule in \`docs/reference/abstention.md\`.`,
      "**Files**: `emotionnet.safetensors` (trainable), `emotionnet.onnx` (deployable), `golden.json` (landmarks with the answers every runtime must give), `metrics-*.json`, `protocol-draws.json`, `report.html`, `spec.yaml`.",
    ],
    sections: report
      ? [
          tableSection(report),
          drawsSection(draws),
          cameraSection(reports),
          abstainingSection(reports),
          calibrationSection(reports),
        ]
      : [],
  });
}

function tableSection({ evaluation }: EvaluationReport): string {
  return `\`\`\`\n${kpiTable(evaluation, "Multi-PIE's protocol (simulated)")}\`\`\``;
}

function drawsSection({ detector, manual }: Readonly<Record<"detector" | "manual", DrawnProtocol>>): string {
  const row = (name: string, { weightedF1, macroF1, weightedF1OfAll }: DrawnProtocol) =>
    `| simulated: ${name} | ${[weightedF1, macroF1, weightedF1OfAll].map(meanAndRange).join(" | ")} |`;
  return `## Other persons

The figures above are of one draw of 33 test persons. ${PROTOCOL_DRAWS} further draws of the whole protocol (simulated), answers forced, in %: mean (lowest to highest).

| data | weighted F1, 33 test persons | macro F1 | weighted F1, all 337 |
|---|---|---|---|
${row("points like our detector's", detector)}
${row("points like those placed by hand", manual)}`;
}

function meanAndRange(shares: readonly number[]): string {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return `${percent(mean)} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))})`;
}

/** Multi-PIE's name of each camera and where it stands, in the order of a walk around the head. */
function cameraSection(reports: Readonly<Record<string, EvaluationReport>>): string {
  const columns = [CARD_SET, MANUAL_SET].map(
    (name) => reports[name]!.slices.find(({ attribute }) => attribute === "camera")!.slices,
  );
  const rows = MULTI_PIE_CAMERAS.map(({ name, yaw, pitch }) => {
    const slices = columns.map((cameras) => cameras.find(({ value }) => value === name)!);
    const figures = slices.flatMap(({ accuracy, macroF1 }) => [percent(accuracy), percent(macroF1)]);
    return `| ${[`simulated: ${name}`, `${yaw}°${pitch === 0 ? "" : ", from above"}`, slices[0]!.faces, ...figures].join(" | ")} |`;
  });
  return `## By camera

Multi-PIE's protocol (simulated), answers forced, in %.

| camera | yaw | faces | accuracy, detector's points | macro F1 | accuracy, points by hand | macro F1 |
|---|---|---|---|---|---|---|
${rows.join("\n")}`;
}

function abstainingSection(reports: Readonly<Record<string, EvaluationReport>>): string {
  const rows = Object.entries(reports).map(([name, { abstention, riskCoverage }]) => {
    const { clean, frontal, disturbed } = abstention!;
    const shares = [
      clean,
      frontal,
      disturbed.scrambled,
      disturbed["non-face"],
      disturbed["ten points shifted"],
      disturbed["lower face guessed"],
    ];
    return `| ${[
      `simulated: ${WHAT_IT_IS[name] ?? name}`,
      ...shares.map((counts) => (counts ? percent(counts.abstained) : "")),
      percent(clean.accuracyOfAnswers),
      riskCoverage.aurc.toFixed(4),
    ].join(" | ")} |`;
  });
  return `## Abstaining

Share of answers that are \`unknown\`, in %: as the points are, for frontal faces (within 20°, large enough), and with points scrambled, of no face,
ten of them shifted, or the lower face guessed; then how many of the answers given are right, in %.

| data | clean | frontal | scrambled | no face | ten shifted | guessed | right of answers | AURC |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}`;
}

function calibrationSection(reports: Readonly<Record<string, EvaluationReport>>): string {
  const rows = Object.entries(reports).map(
    ([
      name,
      {
        calibration: { before, after },
      },
    ]) => {
      const cells = [before!, after].flatMap((one) => [
        one.expectedCalibrationError.toFixed(4),
        one.brier.toFixed(4),
        one.logLoss.toFixed(4),
      ]);
      return `| simulated: ${WHAT_IT_IS[name] ?? name} | ${cells.join(" | ")} |`;
    },
  );
  return `## Calibration

Before and after the temperature, which was fitted on other simulated persons.

| data | ECE before | Brier before | log-loss before | ECE | Brier | log-loss |
|---|---|---|---|---|---|---|
${rows.join("\n")}`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
