/**
 * Makes the default model from nothing but its seed: draws faces, trains by `spec.yaml`, measures on other simulated
 * persons and writes the model in both formats, its card, its metrics and its golden vectors beside the spec.
 *
 *     npm run model                                        (into models/default; minutes on one core)
 *     node packages/train/dist/release/make-default-model.js FOLDER [--threads 1]
 */

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EmotionNetError, type Model, writeModel } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { type JudgedFace, judgeFaces } from "../evaluate/abstention.ts";
import { evaluatePredictor } from "../evaluate/evaluate-model.ts";
import { kpiTable } from "../evaluate/kpi-table.ts";
import { modelPredictor } from "../evaluate/predictor.ts";
import { classifierGraph } from "../export/classifier-graph.ts";
import { faceParameters } from "../generator/face-parameters.ts";
import { GENERATOR_VERSION } from "../generator/synthesise.ts";
import { buildReport, type EvaluationReport } from "../report/evaluation-report.ts";
import { reportHtml } from "../report/report-html.ts";
import { reportJson } from "../report/report-json.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { trainModel } from "../trainer/train-model.ts";
import { chooseThresholds } from "./choose-thresholds.ts";
import { CARD_SET, defaultModelCard } from "./default-model-card.ts";
import { makeGoldenVectors } from "./golden.ts";
import { drawProtocol } from "./protocol-draws.ts";
import { DEFAULT_SIZES, testSets, trainingSet, validationSet } from "./simulated-sets.ts";

const GOLDEN_SEED = 7;
/** Draws of the protocol take the seeds from this times the spec's. */
const FIRST_DRAW = 10_000;

async function makeDefaultModel(folder: string, threads: number): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const specPath = join(folder, "spec.yaml");
  const spec = await readTrainingSpec(specPath);
  const seed = spec.random_seed;
  say("Drawing faces …");
  const train = trainingSet(seed, DEFAULT_SIZES);
  const validation = validationSet(seed, DEFAULT_SIZES);
  say(`Training on ${train.count} faces, ${validation.count} for validation.`);
  const resultsDirectory = await mkdtemp(join(tmpdir(), "emotionnet-model-"));
  const hashes = {
    spec: sha256(await readFile(specPath)),
    "generator.parameters": faceParameters().hash,
    "generator.version": GENERATOR_VERSION,
  };
  const outcome = await trainModel({ train, validation, spec, resultsDirectory, threads, hashes, log: say });
  await rm(resultsDirectory, { recursive: true });

  const model = withThresholds(outcome.model, await judgeFaces(outcome.model, validation));
  const reports: Record<string, EvaluationReport> = {};
  for (const [name, dataset] of Object.entries(testSets(seed, DEFAULT_SIZES))) {
    const { evaluation, probabilities } = await evaluatePredictor(await modelPredictor(model), dataset);
    const context = { model: model.metadata.name, dataset: name, isSimulated: true };
    const report = await buildReport({ dataset, probabilities, context, model, seed });
    reports[name] = report;
    say(`\n${kpiTable(evaluation, `${name} (simulated)`)}`);
    await write(folder, `metrics-${name}.json`, `${JSON.stringify(reportJson(report), null, 2)}\n`);
  }
  say("Drawing the protocol's persons again and again …");
  const draws = {
    detector: await drawProtocol(model, FIRST_DRAW * seed, "mesh"),
    manual: await drawProtocol(model, FIRST_DRAW * seed, "annotator"),
  };
  const file = writeModel(model);
  const golden = await makeGoldenVectors(model, sha256(file), GOLDEN_SEED);
  await write(folder, "emotionnet.safetensors", file);
  await write(folder, "emotionnet.onnx", classifierGraph(model));
  await write(folder, "golden.json", `${JSON.stringify(golden)}\n`);
  await write(folder, "report.html", reportHtml(reports[CARD_SET]!));
  await write(folder, "protocol-draws.json", `${JSON.stringify({ simulated: true, ...draws }, null, 2)}\n`);
  await write(folder, "README.md", defaultModelCard(model, outcome.bestEpoch, reports, draws));
  say(`Written to ${folder}.`);
}

/** The thresholds that the rule chooses, where the spec leaves them off. */
function withThresholds(model: Model, faces: readonly JudgedFace[]): Model {
  const { metadata } = model;
  const { confidence, quality } = metadata.abstain;
  if (confidence > 0 || quality > 0) return model;
  return { ...model, metadata: { ...metadata, abstain: chooseThresholds(faces) } };
}

async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? content : Buffer.from(content);
  await writeWhole(join(folder, name), bytes);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: "string", default: "1" } },
});
try {
  await makeDefaultModel(positionals[0] ?? "models/default", Number(values.threads));
} catch (error) {
  if (!(error instanceof EmotionNetError)) throw error;
  process.stderr.write(`error [${error.code}]: ${error.message}\n`);
  process.exitCode = 1;
}
