/** Models of 80 and 104 points: the same five commands, and every refusal where points are missing. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNet, EXPRESSIONS } from "@emotionnet/core";
import { readOnnx } from "@emotionnet/onnx";
import { openPredictor, readDataset } from "@emotionnet/train";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { drawFace, runCommand, temporaryFolder } from "./cli-support.ts";
import { referenceSpec, writeLabelSet } from "./tao-support.ts";

// A dozen commands a test, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const run = (...args: string[]) => runCommand(args, folder);
const worked = async (...args: string[]) => {
  const result = await run(...args);
  expect(result, result.stderr).toMatchObject({ status: 0 });
  return result;
};
const expectError = async (code: string, part: string, ...args: string[]) => {
  const { status, stderr, stdout } = await run(...args);
  expect(stderr + stdout).toContain(code);
  expect(stderr + stdout).toContain(part);
  expect(status).not.toBe(0);
};

const recordsOf = (set: string) =>
  join(folder, "postData", set, "Ground_Truth_DataFactory/TfRecords_combined/test.tfrecords");
const labelsOf = (set: string) => join(folder, "orgData", set, "data_factory/fiducial");

/** The reference spec with a small network and a learning rate for few steps. */
async function specOf(set: string, points: number): Promise<string> {
  return (await referenceSpec(folder, set, 4))
    .replace("num_keypoints: 68", `num_keypoints: ${points}`)
    .replace("use_batch_norm: True", "use_batch_norm: True\n    hidden_layers: [48, 24]")
    .replace("base_learning_rate: 0.0002", "base_learning_rate: 0.02")
    .replace("pretrained_model_path", "# pretrained_model_path")
    .concat("augmentation: {flip: True, point_noise: 0.01}\n");
}

beforeAll(async () => {
  for (const points of [68, 80, 104]) {
    const set = `set${points}`;
    await writeLabelSet(folder, set, { classes: EXPRESSIONS, points });
    await writeFile(inFolder(`${set}.yaml`), await specOf(set, points));
    await worked("dataset_convert", "-c", `dataio_config_${set}.json`);
  }
  await worked("train", "-e", "set68.yaml", "-r", "run68", "--threads", "1");
});

describe.each([
  [80, "points-80"],
  [104, "points-104"],
] as const)("%i points", (points, scheme) => {
  const set = `set${points}`;
  const spec = `${set}.yaml`;
  const model = `run${points}/model.safetensors`;

  test("train, evaluate, infer, inspect and export with all of them", async () => {
    await worked("train", "-e", spec, "-r", `run${points}`, "--threads", "1");
    const inspected = JSON.parse((await worked("inspect", model, "--json")).stdout);
    expect(inspected).toMatchObject({ scheme, spec: { inputs: 2 * points, hidden: [48, 24] } });
    expect(await readFile(inFolder(`run${points}/model_card.md`), "utf8")).toContain(
      `${points} facial landmarks`,
    );

    const calibration = ["--cal_data_file", recordsOf(set).replace("test.", "train.")];
    await worked("export", "-m", model, "-o", `fp32-${points}.onnx`);
    await worked("export", "-m", model, "-o", `fp16-${points}.onnx`, "--data_type", "fp16");
    await worked("export", "-m", model, "-o", `int8-${points}.onnx`, "--data_type", "int8", ...calibration);
    const { inputs } = readOnnx(await readFile(inFolder(`fp32-${points}.onnx`)));
    expect(inputs).toMatchObject([{ name: "input_landmarks:0", dims: ["N", 1, 2 * points, 1] }]);

    const faces = await readDataset(recordsOf(set), EXPRESSIONS, scheme);
    expect(faces.landmarks).toHaveLength(2 * points * faces.count);
    const net = await EmotionNet.load(inFolder(model));
    const expected = net.classifyBatch(faces.landmarks, faces.count);
    for (const [type, limit] of [
      ["fp32", 1e-5],
      ["fp16", 2e-3],
      ["int8", 0.25],
    ] as const) {
      const predictor = await openPredictor(inFolder(`${type}-${points}.onnx`), undefined);
      const answers = await predictor.predict(faces.landmarks, faces.count);
      await predictor.release();
      const worst = answers.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
      expect(worst, type).toBeLessThan(limit);
    }

    const own = await worked("evaluate", "-m", model, "-e", spec, "-r", `eval${points}`);
    const exported = await worked("evaluate", "-m", `fp32-${points}.onnx`, "-e", spec, "-r", `onnx${points}`);
    expect(own.stdout).toContain("Weighted_average");
    expect(exported.stdout).toContain("Weighted_average");
    const table = (name: string) => readFile(inFolder(`${name}/eval_results.txt`), "utf8");
    expect(await table(`onnx${points}`)).toBe(await table(`eval${points}`));
    const trained = ["-e", spec, "-i", labelsOf(set)];
    const first = await worked("inference", ...trained, "-m", model, "-o", `out${points}`);
    const second = await worked("inference", ...trained, "-m", `fp32-${points}.onnx`, "-o", `onnx${points}`);
    expect(first.stdout.trimEnd().split("\n")).toHaveLength(240);
    expect(second.stdout).toBe(first.stdout);
  });
});

describe("a model of 80 points", () => {
  const [points, scheme, set] = [80, "points-80", "set80"] as const;
  const spec = "set80.yaml";
  const model = "run80/model.safetensors";

  test("folders for servers have the wide input", async () => {
    await worked("export", "-m", model, "--triton", `t${points}`, "--deepstream", `d${points}`);
    const config = await readFile(inFolder(`t${points}/emotionnet/config.pbtxt`), "utf8");
    expect(config).toContain(`dims: [ 1, ${2 * points}, 1 ]`);
    const text = await readFile(inFolder(`d${points}/emotion_model_config.txt`), "utf8");
    expect(text).toContain(`inputWidth=${2 * points}\n`);
    expect(await readFile(inFolder(`d${points}/README.md`), "utf8")).toContain("the first 68 only");
  });

  test("training goes on from such a model, its ONNX file too, and not from one of 68", async () => {
    for (const [start, name] of [
      [model, "again"],
      [`fp32-${points}.onnx`, "from-onnx"],
    ] as const) {
      const text = `${(await specOf(set, points)).replace("# pretrained_model_path: null", `pretrained_model_path: ${inFolder(start)}`)}`;
      await writeFile(inFolder("tune.yaml"), text.replace("num_epoch: 4", "num_epoch: 1"));
      await worked("train", "-e", "tune.yaml", "-r", `${name}${points}`, "--threads", "1");
    }
    const text = (await specOf(set, points)).replace(
      "# pretrained_model_path: null",
      `pretrained_model_path: ${inFolder("run68/model.safetensors")}`,
    );
    await writeFile(inFolder("tune.yaml"), text);
    await expectError("spec-invalid", `${2 * points}-48-24`, "train", "-e", "tune.yaml", "-r", "never");
  });

  test("analyze takes such points from a file, and refuses pictures and faces of 68", async () => {
    const faces = await readDataset(recordsOf(set), EXPRESSIONS, scheme);
    const face = Array.from(faces.landmarks.subarray(0, 2 * points));
    await writeFile(inFolder("points.json"), JSON.stringify([face, face.slice(0, 136)]));
    const { stdout } = await worked("analyze", "-m", model, "points.json", "-f", "jsonl");
    const [good, bad] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(good.faces[0].landmarks).toHaveLength(points);
    const net = await EmotionNet.load(inFolder(model));
    const { confidence } = net.classify(face);
    expect(good.faces[0].confidence).toBeCloseTo(confidence, 3);
    expect(bad.error).toMatchObject({
      code: "landmarks-count",
      message: expect.stringContaining(`68 points for a model of ${points}`),
    });
    await drawFace(inFolder("face.jpg"));
    await expectError("landmarks-count", `for a model of ${points}`, "analyze", "-m", model, "face.jpg");
    await expectError("usage", scheme, "benchmark", "-m", model);
  });

  test("fewer points than the model's are refused, more than a model of 68 wants are not", async () => {
    const labels = labelsOf(set);
    const few = ["-e", "set68.yaml", "-m", model];
    await expectError("spec-invalid", "num_keypoints 68", "evaluate", ...few);
    await expectError("spec-invalid", "num_keypoints 68", "inference", ...few, "-i", labels, "-o", "never");
    await writeFile(inFolder("few.yaml"), await specOf("set68", points));
    await expectError(
      "dataset-damaged",
      `136 of ${2 * points} values`,
      "train",
      "-e",
      "few.yaml",
      "-r",
      "never",
    );
    const wrong = ["-e", spec, "-m", model, "-i", labelsOf("set68"), "-o", "never"];
    await expectError("dataset-empty", "no P69", "inference", ...wrong);
    await expectError(
      "usage",
      "--cal_data_file",
      "export",
      "-m",
      model,
      "-o",
      "x.onnx",
      "--data_type",
      "int8",
    );
    expect(await readdir(folder)).not.toContain("never");

    const small = ["-m", "run68/model.safetensors", "-i", labels];
    const wide = await worked("inference", ...small, "-e", spec, "-o", "wide");
    const narrow = await worked("inference", ...small, "-e", "set68.yaml", "-o", "narrow");
    expect(wide.stdout).toBe(narrow.stdout);
    await worked("evaluate", "-m", "run68/model.safetensors", "-e", spec);
  });
});
