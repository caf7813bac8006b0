import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import { MEAN_SHAPE, readModel } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../dataset/dataset.ts";
import { recordPaths, writeDataset } from "../dataset/dataset-file.ts";
import { readRecords } from "../dataset/tfrecord.ts";
import { Random } from "../generator/random.ts";
import { isSealed, openModel } from "../key/seal.ts";
import { parseTrainingSpec } from "../spec/read-spec.ts";
import { predictDataset } from "./predict.ts";
import { trainFromSpec } from "./train-from-spec.ts";
import { type TrainOptions, trainModel } from "./train-model.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-train-"));
});
afterAll(() => rm(folder, { recursive: true }));

const CLASSES = ["neutral", "happy", "surprise"];

/** Noisy mean faces whose mouth corners go up (happy) or whose jaw drops (surprise). */
function facesOf(count: number, seed: number): Dataset {
  const random = new Random(seed);
  const labels = Int32Array.from({ length: count }, () => random.integer(CLASSES.length));
  const landmarks = new Float32Array(count * 136);
  labels.forEach((label, face) => {
    for (let point = 0; point < 68; point++) {
      const isCorner = point === 48 || point === 54;
      const isLower = (point >= 55 && point <= 59) || (point >= 4 && point <= 12);
      const lift = label === 1 && isCorner ? -0.25 : label === 2 && isLower ? 0.3 : 0;
      const at = face * 136 + 2 * point;
      landmarks[at] = 300 + 90 * (MEAN_SHAPE[2 * point]! + 0.06 * random.normal());
      landmarks[at + 1] = 200 + 90 * (MEAN_SHAPE[2 * point + 1]! + lift + 0.06 * random.normal());
    }
  });
  return {
    classes: CLASSES,
    count,
    landmarks,
    labels,
    occluded: new Uint8Array(count * 68),
    names: Array.from({ length: count }, (_, face) => `${face}_01_01_051_00`),
  };
}

const SPEC = `
num_epoch: 6
class_list: [${CLASSES.join(", ")}]
augmentation: {flip: True, point_noise: 0.02}
dataloader: {batch_size: 32}
model: {model_parameters: {hidden_layers: [48, 24], dropout_rate: 0.1, regularization_factor: 0.0001}}
loss: {label_smoothing: 0.05, class_weights_dict: {happy: 1.5}}
optimizer: {learning_rate_schedule: {base_learning_rate: 0.03, min_learning_rate: 0.001}}
model_card: {name: tiny, licence: CC0-1.0, data_sources: [test faces]}
`;

function optionsOf(name: string, more: Partial<TrainOptions> = {}, spec = SPEC): TrainOptions {
  return {
    train: facesOf(333, 1),
    validation: facesOf(200, 2),
    spec: parseTrainingSpec(spec),
    resultsDirectory: join(folder, name),
    ...more,
  };
}

const linesOf = async (name: string) =>
  (await readFile(join(folder, name, "metrics.jsonl"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("trainModel", () => {
  it("learns, keeps the best epoch and writes model, metrics and events", async () => {
    const progress: number[] = [];
    const outcome = await trainModel(
      optionsOf("plain", { onProgress: ({ done, total }) => progress.push(done / total) }),
    );
    expect(outcome.validation.accuracy).toBeGreaterThan(0.95);
    expect(progress).toHaveLength(6 * 10);
    expect(progress.at(-1)).toBe(1);
    const lines = await linesOf("plain");
    expect(lines).toEqual(outcome.epochs);
    expect(lines.map(({ epoch, step }) => [epoch, step])).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, 10 * n]));
    const losses = lines.map(({ validationLoss }) => validationLoss);
    expect(outcome.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);

    const model = readModel(await readFile(outcome.modelPath));
    expect(model).toEqual(outcome.model);
    expect(model.metadata).toMatchObject({ name: "tiny", licence: "CC0-1.0", dataSources: ["test faces"] });
    expect(model.metadata.temperature).not.toBe(1);
    expect(model.shape.componentCount).toBe(24);
    expect(outcome.validation.loss).toBeLessThanOrEqual(Math.min(...losses));
    const kept = [...new Set([10 * outcome.bestEpoch, 20, 30, 40, 50, 60])].sort();
    expect((await readdir(join(folder, "plain"))).sort()).toEqual([
      "checkpoint.safetensors",
      "events",
      "metrics.jsonl",
      "model.safetensors",
      ...kept.map((step) => `model.step-${step}.safetensors`),
      "validation.log",
    ]);
    const best = readModel(
      await readFile(join(folder, "plain", `model.step-${10 * outcome.bestEpoch}.safetensors`)),
    );
    expect(best.layers).toEqual(model.layers);
    const log = (await readFile(join(folder, "plain", "validation.log"), "utf8")).trimEnd().split("\n");
    expect(log).toEqual([
      `best_model@global_step ${10 * outcome.bestEpoch} : ${Math.min(...losses)}`,
      ...losses.map((loss, index) => `validation@global_step ${10 * (index + 1)} : ${loss}`),
    ]);
  });

  it("writes scalars that TensorBoard's format gives back", async () => {
    const events = join(folder, "plain", "events");
    const [name] = await readdir(events);
    expect(name).toContain("tfevents");
    const records: Uint8Array[] = [];
    for await (const record of readRecords(join(events, name!))) records.push(record);
    expect(records).toHaveLength(7);
    const last = scalarsOf(records.at(-1)!);
    const [line] = (await linesOf("plain")).slice(-1);
    expect(last.step).toBe(60);
    expect(last.values.loss).toBeCloseTo(line.loss, 6);
    expect(last.values.validationAccuracy).toBeCloseTo(line.validationAccuracy, 6);
  });

  it("gives equal bytes for equal seeds and others for other seeds", async () => {
    const first = await readFile(join(folder, "plain", "model.safetensors"));
    await trainModel(optionsOf("again"));
    expect((await readFile(join(folder, "again", "model.safetensors"))).equals(first)).toBe(true);
    await trainModel(optionsOf("other", { seed: 7 }));
    expect((await readFile(join(folder, "other", "model.safetensors"))).equals(first)).toBe(false);
  });

  it("goes on after an interruption in the middle of an epoch, bit for bit", async () => {
    const stop = new AbortController();
    const options = optionsOf("resumed", {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 27) stop.abort();
      },
    });
    await expect(trainModel(options)).rejects.toMatchObject({ code: "interrupted" });
    expect(await linesOf("resumed")).toHaveLength(2);
    expect((await readdir(join(folder, "resumed"))).sort()).toEqual([
      "checkpoint.safetensors",
      "events",
      "metrics.jsonl",
      "model.step-10.safetensors",
      "model.step-20.safetensors",
      "validation.log",
    ]);
    await trainModel(optionsOf("resumed", { resume: true }));
    const [resumed, plain] = await Promise.all(
      ["resumed", "plain"].map((name) => readFile(join(folder, name, "model.safetensors"))),
    );
    expect(resumed!.equals(plain!)).toBe(true);
    const withoutSpeed = async (name: string) =>
      (await linesOf(name)).map(({ samplesPerSecond: _, waitingShare: __, ...rest }) => rest);
    expect(await withoutSpeed("resumed")).toEqual(await withoutSpeed("plain"));
  });

  it("goes on from the last checkpoint after a kill that left a later metrics line, bit for bit", async () => {
    const stop = new AbortController();
    const spec = SPEC.replace("num_epoch: 6", "num_epoch: 6\ncheckpoint_n_epoch: 2");
    const crash = new Error("killed");
    const dying = optionsOf(
      "killed",
      {
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done === 35) throw crash;
        },
      },
      spec,
    );
    await expect(trainModel(dying)).rejects.toBe(crash);
    expect(await linesOf("killed")).toHaveLength(3);
    await writeFile(join(folder, "killed", "metrics.jsonl"), '{"epoch":4,"lo', { flag: "a" });
    await trainModel(optionsOf("killed", { resume: true }, spec));
    await trainModel(optionsOf("unkilled", {}, spec));
    const [killed, unkilled] = await Promise.all(
      ["killed", "unkilled"].map((name) => readFile(join(folder, name, "model.safetensors"))),
    );
    expect(killed!.equals(unkilled!)).toBe(true);
    expect((await linesOf("killed")).map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("refuses a damaged checkpoint and one of another run", async () => {
    const path = join(folder, "plain", "checkpoint.safetensors");
    const other = optionsOf("plain", { resume: true, seed: 8 });
    await expect(trainModel(other)).rejects.toMatchObject({ code: "checkpoint-invalid" });
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 10));
    const damaged = optionsOf("plain", { resume: true });
    await expect(trainModel(damaged)).rejects.toMatchObject({ code: "checkpoint-invalid" });
  });

  it("seals everything that holds weights when there is a key, and goes on from it only with that key", async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const begin = optionsOf("sealed", {
      key: "s3cret key",
      log: (line) => lines.push(line),
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 27) stop.abort();
      },
    });
    const interruption = await trainModel(begin).catch((error) => error);
    expect(interruption).toMatchObject({ code: "interrupted" });
    const resume = (key?: string) =>
      trainModel(optionsOf("sealed", { resume: true, ...(key ? { key } : {}) })).catch((error) => error);
    const errors = [await resume(), await resume("another")];
    expect(errors.map(({ code }) => code)).toEqual(["key-missing", "key-wrong"]);
    const outcome = await resume("s3cret key");
    expect(outcome.modelPath).toBe(join(folder, "sealed", "model.tlt"));
    const names = await readdir(join(folder, "sealed"));
    expect(names.filter((name) => name.endsWith(".safetensors"))).toEqual([]);
    for (const name of names.filter((each) => each.endsWith(".tlt"))) {
      expect(isSealed(await readFile(join(folder, "sealed", name))), name).toBe(true);
    }
    const opened = await openModel(await readFile(outcome.modelPath), "s3cret key");
    const plain = await readFile(join(folder, "plain", "model.safetensors"));
    expect(Buffer.compare(opened, plain)).toBe(0);
    const said = [...lines, ...errors.map(({ message }) => message), interruption.message].join("\n");
    expect(said).not.toContain("s3cret");
  });

  it("goes on with a key from a run without one, and leaves no open copy of the checkpoint", async () => {
    const stop = new AbortController();
    const begin = optionsOf("later-sealed", {
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 15) stop.abort();
      },
    });
    await expect(trainModel(begin)).rejects.toMatchObject({ code: "interrupted" });
    await writeFile(join(folder, "later-sealed", "checkpoint.safetensors.123"), "half");
    const outcome = await trainModel(optionsOf("later-sealed", { resume: true, key: "k" }));
    const names = await readdir(join(folder, "later-sealed"));
    expect(names.filter((name) => name.startsWith("checkpoint"))).toEqual(["checkpoint.tlt"]);
    const plain = readModel(await readFile(join(folder, "plain", "model.safetensors")));
    expect(outcome.model).toEqual(plain);
  });

  it("freezes the kernels of the leading layers and lets their batch norm learn, as the original's 2 did", async () => {
    const deep = SPEC.replace("[48, 24]", "[24, 24, 16]").replace("num_epoch: 6", "num_epoch: 1");
    const { model: pretrained } = await trainModel(optionsOf("deep", {}, deep));
    const frozen = deep.replace("hidden_layers", "frozen_blocks: 2, hidden_layers");
    const { model } = await trainModel(optionsOf("deep-tuned", { pretrained }, frozen));
    const isSame = model.layers.map(
      ({ kernel }, layer) => kernel.join() === pretrained.layers[layer]!.kernel.join(),
    );
    expect(isSame).toEqual([true, true, false, false]);
    expect(model.layers[0]!.batchNorm!.gamma).not.toEqual(pretrained.layers[0]!.batchNorm!.gamma);
  });

  it("logs in the original's words", async () => {
    const lines: string[] = [];
    const spec = SPEC.replace("num_epoch: 6", "num_epoch: 1\nlog_every_n_secs: 0");
    await trainModel(optionsOf("logged", { log: (line) => lines.push(line) }, spec));
    expect(lines.slice(0, 4)).toEqual([
      "steps_per_epoch: 10",
      "last_step: 10",
      "Build trainer finished. Starting training...",
      expect.stringMatching(/^epoch = 0\.0, loss = \d+\.\d{5}, step = 0$/),
    ]);
    expect(lines.filter((line) => line.startsWith("epoch = 0.0, loss"))).toHaveLength(10);
    expect(lines).toContain("Saving checkpoints for step-10.");
  });

  it("stops early when validation gets no better", async () => {
    const spec = SPEC.replace("num_epoch: 6", "num_epoch: 60\nearly_stop_epochs: 2");
    const outcome = await trainModel(optionsOf("early", {}, spec));
    expect(outcome.stopped).toBe("early");
    expect(outcome.epochs.length).toBe(outcome.bestEpoch + 2);
  });

  it("starts from a pretrained model and keeps its frozen layer", async () => {
    const pretrained = readModel(await readFile(join(folder, "again", "model.safetensors")));
    const spec = SPEC.replace("hidden_layers", "frozen_blocks: 1, hidden_layers").replace(
      "num_epoch: 6",
      "num_epoch: 1",
    );
    const { model } = await trainModel(optionsOf("tuned", { pretrained }, spec));
    expect(model.layers[0]!.kernel).toEqual(pretrained.layers[0]!.kernel);
    expect(model.layers[1]!.kernel).not.toEqual(pretrained.layers[1]!.kernel);
    const wide = SPEC.replace("[48, 24]", "[48, 25]");
    await expect(trainModel(optionsOf("wide", { pretrained }, wide))).rejects.toMatchObject({
      code: "spec-invalid",
      message: expect.stringMatching(/48-24.*48-25/),
    });
  });

  it("refuses data that do not fit the spec", async () => {
    await expect(trainModel(optionsOf("few", { train: facesOf(31, 1) }))).rejects.toMatchObject({
      code: "spec-invalid",
      message: expect.stringMatching(/31 training samples/),
    });
    await expect(trainModel(optionsOf("none", { validation: facesOf(0, 1) }))).rejects.toMatchObject({
      code: "dataset-empty",
    });
    const flat = facesOf(40, 1);
    flat.landmarks.fill(5, 136 * 3, 136 * 4);
    await expect(trainModel(optionsOf("flat", { train: flat }))).rejects.toMatchObject({
      code: "landmarks-degenerate",
      message: expect.stringMatching(/sample 4 /),
    });
    await writeFile(join(folder, "a-file"), "");
    await expect(trainModel(optionsOf("a-file/x"))).rejects.toMatchObject({ code: "file-unwritable" });
  });
});

describe("trainFromSpec", () => {
  it("trains from record files named by a spec file", async () => {
    const paths = recordPaths(join(folder, "data"), "tiny");
    await writeDataset(paths.train, facesOf(333, 1));
    await writeDataset(paths.validate, facesOf(200, 2));
    const specPath = join(folder, "spec.yaml");
    const places = `{tfrecords_directory_path: ["${join(folder, "data")}"], tfrecords_set_id: [tiny]}`;
    await writeFile(specPath, SPEC.replace("batch_size: 32", `batch_size: 32, dataset_info: ${places}`));
    const outcome = await trainFromSpec({ specPath, resultsDirectory: join(folder, "from-spec") });
    const plain = readModel(await readFile(join(folder, "again", "model.safetensors")));
    expect(outcome.model.layers).toEqual(plain.layers);
    expect(Object.keys(outcome.model.metadata.hashes)).toEqual([
      "spec",
      "train.tfrecords",
      "validate.tfrecords",
    ]);
    expect(await readdir(join(folder, "from-spec"))).toContain("experiment_spec.yaml");
    const test = facesOf(100, 3);
    const probabilities = await predictDataset(outcome.model, test);
    const right = [...test.labels].filter((label, face) => {
      const row = probabilities.subarray(face * 3, face * 3 + 3);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length).toBeGreaterThan(90);
  });

  it("says what is missing", async () => {
    const spec = parseTrainingSpec(SPEC);
    await expect(trainFromSpec({ spec })).rejects.toMatchObject({ code: "usage" });
    const resultsDirectory = join(folder, "nothing");
    await expect(trainFromSpec({ spec, resultsDirectory })).rejects.toMatchObject({ code: "spec-invalid" });
    const places = "dataset_info: {tfrecords_directory_path: [/nowhere], tfrecords_set_id: [a]}";
    const away = parseTrainingSpec(SPEC.replace("batch_size: 32", `batch_size: 32, ${places}`));
    await expect(trainFromSpec({ spec: away, resultsDirectory })).rejects.toMatchObject({
      code: "dataset-missing",
    });
  });
});

/** The step and scalars of an Event message. */
function scalarsOf(bytes: Uint8Array): { step: number; values: Record<string, number> } {
  const values: Record<string, number> = {};
  let step = 0;
  const walk = (message: Uint8Array, visit: (field: number, reader: BinaryReader) => boolean) => {
    const reader = new BinaryReader(message);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (!visit(field, reader)) reader.skip(wireType as WireType);
    }
  };
  walk(bytes, (field, event) => {
    if (field === 2) step = Number(event.int64());
    else if (field === 5) {
      walk(event.bytes(), (_, summary) => {
        let [tag, value] = ["", Number.NaN];
        walk(summary.bytes(), (part, reader) => {
          if (part === 1) tag = reader.string();
          else value = reader.float();
          return true;
        });
        values[tag] = value;
        return true;
      });
    } else return false;
    return true;
  });
  return { step, values };
}
