import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { networkSpec } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { selectSamples } from "../dataset/select.ts";
import { classifierGraph } from "../export/classifier-graph.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { seal } from "../key/seal.ts";
import { parseTrainingSpec } from "../spec/read-spec.ts";
import { predictLandmarks } from "./predict.ts";
import { pretrainedModel } from "./pretrained-model.ts";
import { trainModel } from "./train-model.ts";

const faces = generateFaces({ persons: 4, samplesPerPerson: 40, seed: 2 });
const model = randomModel(8, networkSpec([24, 12]));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-pretrained-"));
  const onnx = classifierGraph(model);
  await writeFile(join(folder, "plain.onnx"), onnx);
  await writeFile(join(folder, "sealed.etlt"), await seal(onnx, "nvidia_tlt"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function specFor(path: string) {
  return parseTrainingSpec(`
num_epoch: 1
class_list: [neutral, happy, surprise, squint, disgust, scream]
dataloader: { batch_size: 40, dataset_info: { tfrecords_directory_path: [x], tfrecords_set_id: [y] } }
model: { model_parameters: { hidden_layers: [24, 12], dropout_rate: 0.0, pretrained_model_path: ${path} } }
optimizer: { learning_rate_schedule: { base_learning_rate: 1.0e-12, min_learning_rate: 1.0e-13 } }
`);
}

it.each(["plain.onnx", "sealed.etlt"])("training starts from the function of %s", async (name) => {
  const spec = specFor(join(folder, name));
  const log: string[] = [];
  const pretrained = await pretrainedModel(
    spec,
    "nvidia_tlt",
    () => faces.landmarks,
    (line) => log.push(line),
  );
  expect(log[0]).toBe("Pretrained weights from ONNX: 3 layers match.");
  expect(log).toHaveLength(4);
  const expected = await predictLandmarks(model, faces.landmarks, 1);
  const answers = await predictLandmarks(pretrained!, faces.landmarks, 1);
  answers.forEach((value, index) => {
    expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-5);
  });
});

it("an epoch of no learning leaves the answers nearly as they were", async () => {
  const spec = specFor(join(folder, "plain.onnx"));
  const pretrained = await pretrainedModel(
    spec,
    undefined,
    () => faces.landmarks,
    () => {},
  );
  const all = selectSamples(faces, [...faces.names.keys()]);
  const { model: trained } = await trainModel({
    spec,
    train: all,
    validation: all,
    pretrained: pretrained!,
    resultsDirectory: join(folder, "results"),
    threads: 1,
  });
  const uncalibrated = { ...trained, metadata: { ...trained.metadata, temperature: 1 } };
  const [expected, answers] = [
    await predictLandmarks(model, faces.landmarks, 1),
    await predictLandmarks(uncalibrated, faces.landmarks, 1),
  ];
  const mean =
    answers.reduce((sum, value, index) => sum + Math.abs(value - expected[index]!), 0) / answers.length;
  expect(mean).toBeLessThan(0.01);
});
