import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModel, readSafetensors } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { joinDatasets } from "../dataset/select.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { parseTrainingSpec } from "../spec/read-spec.ts";
import { trainFromSpec } from "./train-from-spec.ts";
import { trainModel } from "./train-model.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-drawn-"));
});
afterAll(() => rm(folder, { recursive: true }));

const SETS = `
      - { persons: 20, samples_per_person: 18, seed: 4, validation_persons: 6 }
      - { persons: 10, samples_per_person: 30, seed: 5, protocol: multipie, validation_persons: 4 }`;

const specOf = (epochs: number, batchSize: number | "auto" = 60) =>
  parseTrainingSpec(`
num_epoch: ${epochs}
augmentation: { flip: True, point_noise: 0.01 }
dataloader:
  batch_size: ${batchSize}
  dataset_info:
    synthetic:${SETS}
model: { model_parameters: { hidden_layers: [24], dropout_rate: 0.1, regularization_factor: 0.00001 } }
optimizer: { learning_rate_schedule: { base_learning_rate: 0.01, min_learning_rate: 0.001 } }
`);

const bytesOf = (name: string) => readFile(join(folder, name, "model.safetensors"));

describe("training on faces that are drawn meanwhile", () => {
  it("starts with the very faces that a stored set would hold, and says that they are simulated", async () => {
    const wild = { samplesPerPerson: 18, seed: 4, protocol: "wild" } as const;
    const studio = { samplesPerPerson: 30, seed: 5, protocol: "multipie" } as const;
    const [train, validation] = [
      [generateFaces({ persons: 20, ...wild }), generateFaces({ persons: 10, ...studio })],
      [
        generateFaces({ persons: 6, firstPerson: 20, ...wild }),
        generateFaces({ persons: 4, firstPerson: 10, ...studio }),
      ],
    ].map(joinDatasets) as [ReturnType<typeof generateFaces>, ReturnType<typeof generateFaces>];
    const log: string[] = [];
    const drawn = await trainFromSpec({
      spec: specOf(1),
      resultsDirectory: join(folder, "drawn"),
      log: (line) => log.push(line),
    });
    const stored = await trainModel({
      train,
      validation,
      spec: specOf(1),
      resultsDirectory: join(folder, "stored"),
    });
    expect(drawn.model.layers).toEqual(stored.model.layers);
    expect(drawn.model.shape).toEqual(stored.model.shape);
    expect(drawn.validation).toEqual(stored.validation);
    expect(log).toContain("Phase: training, num_samples: 660");
    expect(drawn.model.metadata.metrics).toHaveProperty(["simulated.validation.loss"]);
    const card = await readFile(join(folder, "drawn", "data_card.md"), "utf8");
    expect(card).toMatch(/simulated: train, each epoch \|\s+\| 660 \| 110 /);
  });

  it("goes on after an interruption bit for bit, with faces of its own in every epoch", async () => {
    const straight = await trainFromSpec({ spec: specOf(3), resultsDirectory: join(folder, "straight") });
    const controller = new AbortController();
    const resumed = { spec: specOf(3), resultsDirectory: join(folder, "resumed") };
    const stopped = trainFromSpec({
      ...resumed,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 15) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "interrupted" });
    await trainFromSpec({ ...resumed, resume: true });
    expect((await bytesOf("resumed")).equals(await bytesOf("straight"))).toBe(true);
    expect(straight.epochs.every(({ waitingShare }) => waitingShare >= 0 && waitingShare <= 1)).toBe(true);
    const other = {
      ...resumed,
      spec: parseTrainingSpec("dataloader: {dataset_info: {synthetic: {seed: 9}}}"),
    };
    await expect(trainFromSpec({ ...other, resume: true })).rejects.toMatchObject({
      code: "checkpoint-invalid",
    });
  });

  it("keeps the probe's choice in the checkpoint and goes on with it", async () => {
    const resultsDirectory = join(folder, "probed");
    const log: string[] = [];
    const options = { resultsDirectory, log: (line: string) => log.push(line) };
    const controller = new AbortController();
    const stopped = trainFromSpec({
      ...options,
      spec: specOf(2, "auto"),
      threads: "auto",
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "interrupted" });
    expect(log.filter((line) => line.startsWith("Probe"))).toHaveLength(2);
    const file = readSafetensors(await readFile(join(resultsDirectory, "checkpoint.safetensors")));
    expect(JSON.parse(file.metadata.speed!)).toEqual({ threads: expect.any(Number), batchSize: 64 });
    log.length = 0;
    await trainFromSpec({ ...options, spec: specOf(2, "auto"), resume: true });
    expect(log.some((line) => line.startsWith("Probe"))).toBe(false);
    expect(log).toContain("steps_per_epoch: 10");
    expect(readModel(await bytesOf("probed")).layers).toHaveLength(2);
  });
});
