import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS, type Model, networkSpec } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordPaths, writeDataset } from "../dataset/dataset-file.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { evaluateFromSpec } from "./evaluate-from-spec.ts";
import { fullResults } from "./full-results.ts";
import { modelPredictor } from "./predictor.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-kpi-"));
  const faces = (persons: number) => generateFaces({ persons, samplesPerPerson: 6, seed: persons });
  await writeDataset(recordPaths(folder, "own").test, faces(2));
  await writeDataset(recordPaths(folder, "kpi").test, faces(3));
});
afterAll(() => rm(folder, { recursive: true }));

const model = randomModel(2, networkSpec([8]));

async function evaluate(specText: string, measured: Model = model) {
  const specPath = join(folder, "spec.yaml");
  await writeFile(specPath, specText);
  const predictor = await modelPredictor(measured);
  const lines: string[] = [];
  return { ...(await evaluateFromSpec({ predictor, specPath, log: (line) => lines.push(line) })), lines };
}

const own = (path: string) =>
  `dataloader:\n  dataset_info: {tfrecords_directory_path: ["${path}"], tfrecords_set_id: [own]}\n`;

it("measures on the kpiset, and on the test records when there is none", async () => {
  const kpi = `  kpiset_info: {kpi_tfrecords_directory_path: ["${folder}"], tfrecords_set_id_kpi: [kpi]}\n`;
  const measured = await evaluate(own(folder) + kpi);
  expect(measured.context.dataset).toBe("kpi/test.tfrecords");
  expect(measured.evaluation.total).toBe(18);
  expect(measured.lines).toEqual(["evaluator num_samples: 18"]);
  const evaluator = `evaluator:\n  ${own("/elsewhere").replaceAll("\n", "\n  ")}`;
  expect((await evaluate(own(folder) + evaluator.trimEnd())).lines).toContain(
    "The evaluator block names other test records than dataloader: those of dataloader are used.",
  );
  const without = await evaluate(own(folder));
  expect(without.context.dataset).toBe("own/test.tfrecords");
  expect(without.evaluation.total).toBe(12);
  expect(without.lines[0]).toMatch(/^kpiset_info names no records/);
});

it("lists every sample with an answer that agrees with the confusion matrix", async () => {
  const { dataset, probabilities, evaluation } = await evaluate(own(folder));
  const [header, ...lines] = fullResults(dataset, probabilities).trimEnd().split("\n");
  expect(header).toBe(`frame\texpression\tanswer\tconfidence\t${EXPRESSIONS.join("\t")}`);
  const cells = lines.map((line) => line.split("\t"));
  expect(cells.map(([frame]) => frame)).toEqual(dataset.names);
  const count = (row: number, column: number) =>
    cells.filter(([, label, answer]) => label === EXPRESSIONS[row] && answer === EXPRESSIONS[column]).length;
  const counted = Array.from({ length: 36 }, (_, cell) => count(Math.floor(cell / 6), cell % 6));
  expect(counted).toEqual(Array.from(evaluation.confusion));
});

it("keeps apart what several sets say of themselves, and tells of shared persons", async () => {
  const card = join(folder, "kpi", "data-card.json");
  await writeFile(card, JSON.stringify({ simulated: true }));
  try {
    const both = `dataloader:\n  kpiset_info: {kpi_tfrecords_directory_path: ["${folder}"], tfrecords_set_id_kpi: [own, kpi]}\n`;
    const { context, sets, warnings } = await evaluate(both);
    expect(context).toMatchObject({ isSimulated: true, isPartlySimulated: true });
    expect(sets.map(({ name, facts, dataset }) => [name, facts.simulated, dataset.count])).toEqual([
      ["own/test.tfrecords", undefined, 12],
      ["kpi/test.tfrecords", true, 18],
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^2 persons have the same number in several sets/)]);
    const one = await evaluate(own(folder));
    expect(one.context).not.toHaveProperty("isPartlySimulated");
    expect(one.warnings).toEqual([]);
  } finally {
    await rm(card);
  }
});

it("warns when the model was made with the very file", async () => {
  const bytes = await readFile(recordPaths(folder, "own").test);
  const hashes = { "train.tfrecords": createHash("sha256").update(bytes).digest("hex") };
  const { warnings } = await evaluate(own(folder), { ...model, metadata: { ...model.metadata, hashes } });
  expect(warnings).toEqual([
    expect.stringMatching(/^The model was made with .*test\.tfrecords \(its hash of train\.tfrecords\)/),
  ]);
});

it("finds fault with the classes before it reads a record", async () => {
  const spec = `class_list: [neutral, happy]\n${own("/nowhere")}`;
  await expect(evaluate(spec)).rejects.toMatchObject({ code: "model-classes" });
});

it("names the face whose points coincide, also far into the set", async () => {
  const faces = generateFaces({ persons: 2, samplesPerPerson: 4500, seed: 1 });
  faces.landmarks.fill(5, 136 * 8500, 136 * 8501);
  await writeDataset(recordPaths(folder, "flat").test, faces);
  await expect(evaluate(own(folder).replace("[own]", "[flat]"))).rejects.toMatchObject({
    code: "landmarks-degenerate",
    message: expect.stringContaining(`sample 8501 (${faces.names[8500]})`),
  });
});

it("answers in parts as it answers at once, tells how far it is, and stops when asked to", async () => {
  const faces = generateFaces({ persons: 2, samplesPerPerson: 4500, seed: 1 });
  const predictor = await modelPredictor(model);
  const seen: number[] = [];
  const whole = await predictor.predict(faces.landmarks, faces.count, (done) => seen.push(done));
  expect(seen).toEqual([8192, 9000]);
  const last = await predictor.predict(faces.landmarks.subarray(136 * 8990), 10);
  expect(whole.subarray(6 * 8990)).toEqual(last);

  await writeDataset(recordPaths(folder, "many").test, faces);
  const specPath = join(folder, "many.yaml");
  await writeFile(specPath, own(folder).replace("[own]", "[many]"));
  const labels = new Set<string>();
  const stop = new AbortController();
  const work = evaluateFromSpec({
    predictor,
    specPath,
    signal: stop.signal,
    onProgress: ({ label }) => {
      labels.add(label);
      if (label === "Classifying") stop.abort(new Error("enough"));
    },
  });
  await expect(work).rejects.toThrow("enough");
  expect([...labels]).toEqual(["Reading many/test.tfrecords", "Classifying"]);
});
