import { EmotionNet, type Model, networkSpec } from "@emotionnet/core";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { fitPlausibility } from "../trainer/fit-plausibility.ts";
import { fitShapeModel } from "../trainer/fit-shape-model.ts";
import { dataCardText } from "./data-card.ts";
import { buildReport, type EvaluationReport, gateFigures, gateNames } from "./evaluation-report.ts";
import { licenceId } from "./licence-id.ts";
import { modelCard } from "./model-card.ts";
import { reportHtml } from "./report-html.ts";
import { reportJson } from "./report-json.ts";
import { reportText } from "./report-text.ts";

const dataset = generateFaces({ persons: 40, samplesPerPerson: 6, seed: 3, protocol: "multipie" });
const normalised = normalisedLandmarks(dataset);
const plain = fitShapeModel(normalised, 12);

/** A linear classifier whose class directions are the class means: no training needed, better than chance. */
function centroidModel(): Model {
  const spec = networkSpec([], { batchNorm: false });
  const kernel = new Float32Array(136 * 6);
  const bias = new Float32Array(6);
  for (let label = 0; label < 6; label++) {
    const members = [...dataset.labels.keys()].filter((face) => dataset.labels[face] === label);
    for (let index = 0; index < 136; index++) {
      const mean = members.reduce((sum, face) => sum + normalised[face * 136 + index]!, 0) / members.length;
      kernel[index * 6 + label] = 2 * mean;
      bias[label]! -= mean ** 2;
    }
  }
  return {
    metadata: {
      format: "emotionnet-1",
      name: "centroids <&>",
      spec,
      scheme: "ibug-68",
      normalisation: "inner-similarity-1",
      temperature: 0.5,
      abstain: { confidence: 0.3, quality: 0.3, yaw: 60, size: 10 },
      licence: "CC-BY-4.0",
      dataSources: ["faces of this test"],
      metrics: { "simulated.validation.accuracy": 0.5 },
      hashes: { spec: "abc" },
    },
    layers: [{ inputs: 136, outputs: 6, kernel, bias }],
    shape: { ...plain, plausibility: fitPlausibility(plain, normalised) },
  };
}

const model = centroidModel();
const context = { model: model.metadata.name, dataset: "set/test.tfrecords", isSimulated: true };
let report: EvaluationReport;
let probabilities: Float32Array;

beforeAll(async () => {
  probabilities = (await EmotionNet.load(model)).classifyBatch(dataset.landmarks, dataset.count);
  report = await buildReport({ dataset, probabilities, context, model, seed: 1 });
});

describe("the report", () => {
  test("agrees with itself: intervals hold their values, slices add up, the unmoved cell is the whole", () => {
    const { evaluation, intervals, slices, robustness } = report;
    expect(intervals.accuracy!.value).toBeCloseTo(evaluation.accuracy, 12);
    expect(intervals.macro_f1!.value).toBeCloseTo(evaluation.average.f1, 12);
    expect(intervals.weighted_f1!.value).toBeCloseTo(evaluation.weightedAverage.f1, 12);
    expect(intervals.ece!.value).toBeCloseTo(evaluation.calibration.expectedCalibrationError, 6);
    expect(intervals.brier!.value).toBeCloseTo(evaluation.calibration.brier, 6);
    expect(intervals.log_loss!.value).toBeCloseTo(evaluation.calibration.logLoss, 6);
    for (const { low, value, high } of Object.values(intervals)) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    for (const group of slices) {
      expect(group.slices.reduce((sum, { faces }) => sum + faces, 0)).toBe(dataset.count);
    }
    expect(robustness!.cells[0]).toMatchObject({ noisePercent: 0, missingPoints: 0 });
    expect(robustness!.cells[0]!.accuracy).toBe(evaluation.accuracy);
    expect(robustness!.cells.at(-1)!.accuracy).toBeLessThan(evaluation.accuracy);
  });

  test("is the same when it is made again, and has every figure that a gate may name", async () => {
    const again = await buildReport({ dataset, probabilities, context, model, seed: 1 });
    expect(reportJson(again)).toEqual(reportJson(report));
    expect(Object.keys(gateFigures(report)).sort()).toEqual(gateNames(dataset.classes).sort());
    expect(Object.values(gateFigures(report)).every(Number.isFinite)).toBe(true);
  });

  test("goes without abstaining where there is no shape model", async () => {
    const bare = await buildReport({ dataset, probabilities, context, seed: 1 });
    expect(bare.abstention).toBeUndefined();
    expect(bare.calibration.before).toBeUndefined();
    expect(reportText(bare)).not.toContain("Abstaining");
    expect(reportHtml(bare)).not.toContain("before scaling");
  });

  test("stops when it is told to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(buildReport({ dataset, probabilities, context, model, seed: 1, signal })).rejects.toThrow(
      "enough",
    );
  });

  test("says simulated in every heading, and warns of it", () => {
    const headings = reportText(report)
      .split("\n\n")
      .map((section) => section.trim().split("\n")[0]!)
      .filter((line) => !line.startsWith("warning"));
    expect(headings.length).toBeGreaterThan(8);
    for (const heading of headings) expect(heading).toMatch(/simulated/);
    expect(reportText(report)).toContain("warning: All figures are simulated");
    const real = { ...report, context: { ...context, isSimulated: false }, warnings: [] };
    expect(reportText(real) + reportHtml(real)).not.toContain("simulated");
  });

  test("is a page that needs nothing else and keeps names as text", () => {
    const page = reportHtml(report);
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(/i);
    expect(page).toContain("centroids &lt;&amp;&gt;");
    expect(page).not.toContain("<&>");
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page).toContain("prefers-color-scheme:dark");
    for (const tag of ["table", "section", "svg", "figure", "div"]) {
      expect(page.match(new RegExp(`<${tag}[ >]`, "g"))?.length).toBe(
        page.match(new RegExp(`</${tag}>`, "g"))?.length,
      );
    }
  });
});

describe("cards", () => {
  const front = (card: string) => parse(card.split("---\n")[1]!) as Record<string, never>;

  test("a model card has front matter that hubs read, and simulated figures say so on their line", () => {
    const card = modelCard({
      metadata: model.metadata,
      measured: [
        { name: "test", isSimulated: true, evaluation: report.evaluation, macroF1Interval: [0.1, 0.9] },
      ],
      madeBy: "this test",
    });
    expect(front(card)).toMatchObject({
      license: "cc-by-4.0",
      "model-index": [
        {
          name: "centroids <&>",
          results: [{ dataset: { name: "test (simulated)" }, metrics: expect.any(Array) }],
        },
      ],
    });
    for (const line of card.split("\n").filter((text) => text.startsWith("| ") && /\d\.\d/.test(text))) {
      expect(line).toContain("simulated");
    }
    for (const word of [
      "posed",
      "Profiles",
      "Occlusion",
      "Culture",
      "Facial palsy",
      "Out of scope",
      "faces of this test",
    ]) {
      expect(card).toContain(word);
    }
    expect(modelCard({ metadata: model.metadata, measured: [], madeBy: "x" })).toContain(
      "| simulated.validation.accuracy | 0.5 |",
    );
  });

  test("a data card counts what was read, or what the set says of itself", () => {
    const card = dataCardText({
      name: "set",
      facts: { simulated: true },
      parts: [{ name: "test", dataset }],
    });
    expect(front(card)).toMatchObject({ license: "apache-2.0", pretty_name: "set (simulated)" });
    expect(card).toContain("| simulated: test | 40 | 240 | 40 | 40 | 40 | 40 | 40 | 40 |");
    const stored = dataCardText({
      name: "mine",
      facts: {
        licence: "my own",
        importedFrom: "csv",
        personsKnown: false,
        persons: 3,
        facesByExpression: { happy: 3 },
      },
    });
    expect(front(stored)).toMatchObject({ license: "other", license_name: "my own" });
    expect(stored).toContain("| all | 3 | 3 | 3 |");
    expect(stored).toContain("Persons are not known");
    expect(stored).not.toContain("imulated");
  });

  test.each([
    ["apache-2.0", { license: "apache-2.0" }],
    ["", { license: "other", license_name: "unknown" }],
  ])("the licence %j is %o", (licence, expected) => expect(licenceId(licence)).toEqual(expected));
});
