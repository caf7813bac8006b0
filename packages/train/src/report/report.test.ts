import { EmotionNet, type Model, networkSpec } from "@emotionnet/core";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { personOf } from "../dataset/dataset.ts";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { selectSamples } from "../dataset/select.ts";
import { judgeFaces } from "../evaluate/abstention.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { fitPlausibility } from "../trainer/fit-plausibility.ts";
import { fitShapeModel } from "../trainer/fit-shape-model.ts";
import { dataCardText, joinedDataCard } from "./data-card.ts";
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
      expect(low!).toBeLessThanOrEqual(value);
      expect(high!).toBeGreaterThanOrEqual(value);
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

/** The report of the faces that a choice takes. */
async function reportOf(isTaken: (face: number) => boolean, withModel = model): Promise<EvaluationReport> {
  const part = selectSamples(dataset, [...dataset.names.keys()].filter(isTaken));
  const rows = (await EmotionNet.load(withModel)).classifyBatch(part.landmarks, part.count);
  return buildReport({ dataset: part, probabilities: rows, context, model: withModel, seed: 1 });
}

describe("a report of less than everything", () => {
  test("one person has no intervals, and gates on them are not met", async () => {
    const first = personOf(dataset.names[0]!);
    const own = await reportOf((face) => personOf(dataset.names[face]!) === first);
    expect(own.persons).toBe(1);
    expect(own.intervals.accuracy).toEqual({ value: own.evaluation.accuracy });
    expect(Object.keys(gateFigures(own)).filter((name) => /_(low|high)$/.test(name))).toEqual([]);
    expect(own.warnings.join("\n")).toContain("Only 1 person: there are no intervals");
    const text = reportText(own);
    expect(text).toMatch(/^Figures of one person, without intervals/m);
    expect(text).toMatch(/^ {2}accuracy +0\.\d{4} +- +-$/m);
    expect(reportHtml(own)).toContain("of 1 person<");
    expect(reportHtml(own) + text).not.toMatch(/1 persons|undefined|NaN/);
  });

  test("a class that no face shows has no figure, and the others' macro F1 is told", async () => {
    const scream = dataset.classes.indexOf("scream");
    const part = await reportOf((face) => dataset.labels[face] !== scream);
    expect(part.intervals.f1_scream).toBeUndefined();
    expect(gateFigures(part)).not.toHaveProperty("f1_scream");
    expect(reportText(part)).toMatch(/^ {2}F1 scream +- +- +-$/m);
    const shown = part.evaluation.classes.filter(({ name }) => name !== "scream");
    const mean = shown.reduce((sum, { f1 }) => sum + f1, 0) / shown.length;
    expect(part.warnings.join("\n")).toContain(
      `No face shows scream: averages over the classes count such a class as 0. The macro F1 of the classes that are shown is ${mean.toFixed(4)} (simulated).`,
    );
  });

  test("few faces have few rows of risk, each once", async () => {
    const one = await reportOf((face) => face === 0);
    expect(reportText(one).match(/^ +100\.0 % /gm)).toHaveLength(1);
  });

  test("a model whose thresholds are off says so in place of noughts", async () => {
    const always = { confidence: 0, quality: 0, yaw: 90, size: 0 };
    const own = await reportOf(() => true, { ...model, metadata: { ...model.metadata, abstain: always } });
    for (const form of [reportText(own), reportHtml(own)]) {
      expect(form).toContain("All thresholds are off: this model always answers.");
      expect(form).not.toContain("scrambled");
    }
    expect(reportText(report)).toMatch(
      /^ {2}unknown: confidence below 0\.3, quality below 0\.3, yaw beyond 60°/m,
    );
    expect(reportText(report)).toContain("Macro F1 and share of unknown with noise");
  });

  test("without a shape model the slices that do not need it are there, without abstaining", async () => {
    const bare = await buildReport({ dataset, probabilities, context, seed: 1 });
    expect(bare.slices.map(({ attribute }) => attribute)).toEqual([
      "camera",
      "yaw",
      "pitch",
      "hidden points",
      "size (outer-eye distance)",
    ]);
    expect(bare.slices[0]!.slices.map(({ accuracy }) => accuracy)).toEqual(
      report.slices[0]!.slices.map(({ accuracy }) => accuracy),
    );
    expect(reportText(bare) + reportHtml(bare)).not.toContain("unknown");
  });

  test("other work runs while many faces are judged, and may end it", async () => {
    const many = selectSamples(
      dataset,
      Array.from({ length: 9000 }, (_, face) => face % dataset.count),
    );
    let turns = 0;
    setImmediate(() => turns++);
    const seen: number[] = [];
    const stop = (done: number) => {
      seen.push(done);
      throw new Error("enough");
    };
    await expect(judgeFaces(model, many, stop)).rejects.toThrow("enough");
    expect([seen, turns]).toEqual([[8192], 1]);
  });

  test("sets that are simulated in part say so", () => {
    const mixed = { ...report, context: { ...context, isPartlySimulated: true as const } };
    expect(reportText(mixed)).toContain("Baselines (partly simulated)");
    expect(reportHtml(mixed)).toContain("<h2>Confusion (partly simulated)</h2>");
    expect(reportJson(mixed)).toMatchObject({ simulated: true, partlySimulated: true });
  });
});

describe("what can be read of the page", () => {
  test("figures have words beside their picture, and their numbers stand in tables", () => {
    const page = reportHtml(report);
    const words = [...page.matchAll(/role="img" aria-label="([^"]+)"/g)].map(([, label]) => label!);
    expect(words).toHaveLength(3);
    expect(words[0]).toMatch(/^95 % intervals.*accuracy 0\.\d{3}, .*F1 scream 0\.\d{3}\.$/);
    expect(words[1]).toMatch(/^Reliability \(simulated\)\. .* the largest gap is 0\.\d{3}/);
    expect(words[2]).toMatch(/^Risk and coverage.* Of all answers \d+\.\d % are wrong/);
    for (const name of ["accuracy", "brier", "f1_happy"]) {
      const { low, high } = report.intervals[name]!;
      expect(page).toContain(`<td>${low!.toFixed(4)}</td><td>${high!.toFixed(4)}</td>`);
    }
    expect(page).toContain("few: fewer than 30 persons");
  });
});

describe("cards", () => {
  const front = (card: string) => parse(card.split("---\n")[1]!) as Record<string, never>;

  test("a model card has front matter that hubs read, and simulated figures say so on their line", () => {
    const card = modelCard({
      metadata: model.metadata,
      measured: [
        {
          name: "test",
          isSimulated: true,
          evaluation: report.evaluation,
          macroF1Interval: { value: 0.5, low: 0.1, high: 0.9 },
        },
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

  test("a model card says of other classes and of no calibration only what holds for them", () => {
    const card = (classes: readonly string[], temperature: number) =>
      modelCard({
        metadata: { ...model.metadata, spec: { ...model.metadata.spec, classes }, temperature },
        measured: [],
        madeBy: "x",
      });
    const own = card(["calm", "cross"], 1);
    expect(own).toContain("posed");
    expect(own).not.toMatch(/Multi-PIE|squint|disgust|fitted on persons/);
    expect(own).toContain("**Calibration**: none");
    expect(card(model.metadata.spec.classes, 0.9)).toMatch(/as in Multi-PIE[\s\S]*disgust or squint/);
    expect(card(model.metadata.spec.classes, 0.9)).toContain(
      "logits are divided by 0.900, fitted on persons",
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

  test("sets that were used together keep their own facts and licences", () => {
    const mine = { name: "mine", facts: { licence: "my own" }, parts: [{ name: "measured", dataset }] };
    const made = { name: "made", facts: { simulated: true }, parts: [{ name: "measured", dataset }] };
    for (const sets of [
      [mine, made],
      [made, mine],
    ]) {
      const card = joinedDataCard("both", sets);
      expect(front(card)).toMatchObject({ license: "other", pretty_name: "both (partly simulated)" });
      expect(String(front(card).license_name).split("; ").sort()).toEqual([
        "Apache-2.0 (made)",
        "my own (mine)",
      ]);
      expect(card).toContain("## made (simulated)");
      expect(card).toContain("| simulated: made, measured | 40 | 240 |");
      expect(card).toContain("| mine, measured | 40 | 240 |");
      expect(card).toContain("Labels say which expression was posed");
      expect(card).toContain("no person's picture stands behind any row");
    }
  });

  test("a data card names its sources, what it is for, and the persons of its parts", () => {
    const card = dataCardText({
      name: "made",
      facts: {
        simulated: true,
        protocol: "multipie",
        seed: 7,
        classShares: "balanced",
        sources: { mesh: 0.5, annotator: 0.5 },
        generator: { version: "3" },
        counts: { train: { happy: 8 }, test: { happy: 2 } },
        personsByPart: { train: 4, test: 1 },
      },
    });
    expect(card).toContain(
      "multipie, seed 7; classes balanced; points like those of: mesh 50 %, annotator 50 %; generator version 3.",
    );
    expect(card).toMatch(/Sources\*\* \(simulated\).*ICT-FaceKit \(MIT\)/);
    expect(card).toContain("| simulated: train | 4 | 8 | 8 |");
    expect(card).toContain("| simulated: test | 1 | 2 | 2 |");
    for (const words of ["## Intended use", "Out of scope", "facial palsy", "young adults"])
      expect(card).toContain(words);
  });

  test.each([
    ["apache-2.0", { license: "apache-2.0" }],
    ["", { license: "other", license_name: "unknown" }],
  ])("the licence %j is %o", (licence, expected) => expect(licenceId(licence)).toEqual(expected));
});
