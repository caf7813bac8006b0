/** Exported files of every data type: judged by the ONNX project's checker, and by the answers of the default model. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNet } from "@emotionnet/core";
import { readOnnx } from "@emotionnet/onnx";
import {
  DATA_TYPES,
  type DataType,
  generateFaces,
  isSealed,
  openModel,
  openPredictor,
  recordPaths,
  writeDataset,
} from "@emotionnet/train";
import * as ort from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { repository, runCommand, temporaryFolder } from "./cli-support.ts";
import { debianPython, hasPythonModules } from "./debian-python.ts";

const folder = temporaryFolder();
const model = join(repository, "models/default/emotionnet.safetensors");
const isPresent = existsSync(model);
const key = "nvidia_tlt";
const run = (...args: string[]) => runCommand(args, folder);

/** Persons of seeds that no training set uses. */
const faces = {
  calibration: generateFaces({ persons: 20, samplesPerPerson: 45, seed: 901 }),
  test: generateFaces({ persons: 60, samplesPerPerson: 45, seed: 902 }),
};
const spec = `
class_list: [neutral, happy, surprise, squint, disgust, scream]
dataloader:
  dataset_info: { tfrecords_directory_path: [data], tfrecords_set_id: [faces] }
  kpiset_info: { kpi_tfrecords_directory_path: [data], tfrecords_set_id_kpi: [faces] }
`;

const title = isPresent ? "" : " (skipped: models/default has no weights)";
describe.skipIf(!isPresent)(`the default model exported${title}`, () => {
  let coreMacroF1: number;

  beforeAll(async () => {
    const paths = recordPaths(join(folder, "data"), "faces");
    await writeDataset(paths.test, faces.test);
    await writeDataset(join(folder, "calibration.tfrecords"), faces.calibration);
    await writeFile(join(folder, "spec.yaml"), spec);
    coreMacroF1 = await macroF1(model);
    for (const dataType of DATA_TYPES) {
      const calibration = dataType === "int8" ? ["--cal_data_file", "calibration.tfrecords"] : [];
      const result = await run(
        "export",
        "-m",
        model,
        "-o",
        `${dataType}.onnx`,
        "--data_type",
        dataType,
        ...calibration,
      );
      expect(result).toMatchObject({ status: 0, stdout: `${dataType}.onnx\n` });
    }
  });

  const checker = hasPythonModules("onnx") ? "" : " (skipped: python3-onnx is not installed)";
  test.skipIf(checker)(`the checker accepts fp32, fp16 and int8${checker}`, () => {
    const program = `
import sys, onnx
for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    value = lambda v: (v.name, [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim], v.type.tensor_type.elem_type)
    print([value(v) for v in list(model.graph.input) + list(model.graph.output)])
`;
    const files = DATA_TYPES.map((dataType) => join(folder, `${dataType}.onnx`));
    const output = execFileSync(debianPython, ["-c", program, ...files], { encoding: "utf8" });
    const doors = "[('input_landmarks:0', ['N', 1, 136, 1], 1), ('softmax/Softmax:0', ['N', 6], 1)]\n";
    expect(output).toBe(doors.repeat(DATA_TYPES.length));
  });

  async function macroF1(file: string): Promise<number> {
    const result = await run("evaluate", "-m", file, "-e", "spec.yaml", "--json");
    expect(result).toMatchObject({ status: 0 });
    return JSON.parse(result.stdout).average.f1;
  }

  const limits: Record<DataType, { difference: number; macroF1: number }> = {
    fp32: { difference: 1e-5, macroF1: 1e-9 },
    fp16: { difference: 2e-3, macroF1: 0.002 },
    int8: { difference: 0.25, macroF1: 0.005 },
  };

  test.each(DATA_TYPES)("%s answers as core does, shown by evaluate", async (dataType) => {
    const net = await EmotionNet.load(model);
    const expected = net.classifyBatch(faces.test.landmarks, faces.test.count);
    const predictor = await openPredictor(join(folder, `${dataType}.onnx`), undefined);
    const answers = await predictor.predict(faces.test.landmarks, faces.test.count);
    await predictor.release();
    const worst = answers.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - expected[index]!)),
      0,
    );
    expect(worst).toBeLessThan(limits[dataType].difference);
    const drop = coreMacroF1 - (await macroF1(`${dataType}.onnx`));
    expect(drop).toBeLessThan(limits[dataType].macroF1);
  });

  test("ONNX Runtime multiplies the int8 layers in whole numbers and dequantises no weights as it runs", async () => {
    const path = join(folder, "int8-as-run.onnx");
    const session = await ort.InferenceSession.create(join(folder, "int8.onnx"), {
      graphOptimizationLevel: "extended",
      optimizedModelFilePath: path,
    });
    await session.release();
    const { operators } = readOnnx(await readFile(path));
    expect(operators).toMatchObject({ MatMulIntegerToFloat: 3, QuantizeLinear: 3 });
    expect(operators.DequantizeLinear).toBeUndefined();
  });

  test("without --cal_data_file int8 is calibrated with simulated faces, and says so", async () => {
    const result = await run(
      "export",
      "-m",
      model,
      "-o",
      "simulated.onnx",
      "--data_type",
      "int8",
      "--batches",
      "2",
    );
    expect(result.stderr).toMatch(/^Calibrating with 128 faces of the generator \(simulated/);
    expect(readOnnx(await readFile(join(folder, "simulated.onnx"))).operators).toMatchObject({
      QuantizeLinear: 3,
    });
  });

  test("an .etlt is the same ONNX under the key, and an exported file can be exported again", async () => {
    const sealed = await run("export", "-m", model, "-o", "new/folder/e.etlt", "-t", "tfonnx", "-k", key);
    expect(sealed).toMatchObject({ status: 0, stderr: "" });
    const stored = await readFile(join(folder, "new/folder/e.etlt"));
    expect(isSealed(stored)).toBe(true);
    expect(await openModel(stored, key)).toEqual(new Uint8Array(await readFile(join(folder, "fp32.onnx"))));

    const again = await run("export", "-m", "new/folder/e.etlt", "-o", "again.onnx", "-k", key);
    expect(again).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("again.onnx is written plain"),
    });
    const [first, second] = await Promise.all(
      ["fp32.onnx", "again.onnx"].map(async (file) => readOnnx(await readFile(join(folder, file)))),
    );
    expect(second!.metadata).toEqual(first!.metadata);
    const weights = (graph: typeof first) => graph!.initialisers.map(({ data }) => data);
    weights(second).forEach((data, index) => {
      data.forEach((value: number | bigint, place: number) => {
        const wanted = Number(weights(first)[index]![place]);
        expect(Math.abs(Number(value) - wanted)).toBeLessThanOrEqual(1e-6 * Math.abs(wanted));
      });
    });
  });

  test("--triton and --deepstream write folders, beside -o or alone", async () => {
    const sizes = ["--max_batch_size", "16", "--opt_batch_size", "4"];
    const result = await run("export", "-m", model, "--triton", "t", "--deepstream", "d", ...sizes);
    expect(result).toMatchObject({ status: 0, stderr: "" });
    const onnx = await readFile(join(folder, "fp32.onnx"));
    expect(await readFile(join(folder, "t/emotionnet/1/model.onnx"))).toEqual(onnx);
    expect(await readFile(join(folder, "d/emotionnet.onnx"))).toEqual(onnx);
    const config = await readFile(join(folder, "t/emotionnet/config.pbtxt"), "utf8");
    expect(config).toContain("max_batch_size: 16\n");
    expect(config).toContain("preferred_batch_size: [ 4 ]\n");
    expect(await readFile(join(folder, "d/emotion_model_config.txt"), "utf8")).toContain("batchSize=16\n");
  });

  test("every flag of the original's exporters is taken, with a note where it has no effect", async () => {
    const flags =
      "--cal_image_dir x --cal_cache_file ./cal.bin --max_workspace_size 1073741824 --static_batch_size -1";
    const more = "--engine_file e -s -d 1,136,1 -b tfonnx --batches 10 --opt_batch_size 1 -ll INFO --gpus 1";
    const result = await run("export", "-m", model, "-o", "f.onnx", ...`${flags} ${more}`.split(" "));
    expect(result.status).toBe(0);
    const notes = result.stderr.trimEnd().split("\n");
    expect(notes).toHaveLength(12);
    for (const note of notes) expect(note).toMatch(/^note: --?\w+.*\.$/);
  });

  test.each([
    [["-o", "x.engine"], "usage", "x.engine"],
    [["-o", "x.tlt", "-k", key], "usage", ".etlt for one that is sealed"],
    [["-o", "x.etlt"], "key-missing", "seal x.etlt"],
    [[], "usage", "--triton FOLDER"],
    [["-o", "x.onnx", "--opset", "18"], "usage", "from 10 to 17"],
    [["-o", "x.onnx", "--data_type", "int8", "--opset", "12"], "usage", "from 13 to 17"],
    [["-o", "x.onnx", "--data_type", "int8", "--cal_data_file", "none"], "dataset-missing", "none"],
    [["-o", "x.onnx", "--data_type", "int4"], "usage", "fp32, fp16, int8"],
    [
      ["-o", "x.onnx", "--opt_batch_size", "9", "--max_batch_size", "8"],
      "usage",
      "9 above --max_batch_size 8",
    ],
  ])("refused: %j", async (flags, code, part) => {
    const result = await run("export", "-m", model, ...flags);
    expect(result.status).toBe(code === "usage" ? 2 : 1);
    expect(result.stderr).toContain(`error [${code}]`);
    expect(result.stderr).toContain(part);
    for (const name of ["x.onnx", "x.etlt", "x.engine", "x.tlt"])
      expect(existsSync(join(folder, name))).toBe(false);
  });

  test("int8 weights cannot be exported again", async () => {
    const result = await run("export", "-m", "int8.onnx", "-o", "x.onnx");
    expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining("error [model-shape]") });
  });
});
