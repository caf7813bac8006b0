import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS, networkSpec } from "@emotionnet/core";
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

async function evaluate(specText: string) {
  const specPath = join(folder, "spec.yaml");
  await writeFile(specPath, specText);
  const predictor = await modelPredictor(randomModel(2, networkSpec([8])));
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
