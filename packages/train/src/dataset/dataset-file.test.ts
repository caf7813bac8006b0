import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../generator/random.ts";
import type { Dataset } from "./dataset.ts";
import { readDataset, recordPaths, writeDataset } from "./dataset-file.ts";
import { decodeExample } from "./example.ts";
import { FEATURES } from "./sample.ts";
import { selectSamples } from "./select.ts";
import { crc32c, frameRecord, readRecords } from "./tfrecord.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-dataset-"));
});
afterAll(() => rm(folder, { recursive: true }));

function randomDataset(count: number): Dataset {
  const random = new Random(5);
  return {
    classes: EXPRESSIONS,
    count,
    landmarks: Float32Array.from({ length: count * 136 }, () => random.uniform() * 640 - 20),
    labels: Int32Array.from({ length: count }, () => random.integer(6)),
    occluded: Uint8Array.from({ length: count * 68 }, () => random.integer(2)),
    names: Array.from({ length: count }, (_, index) => `${index % 7}_01_02_051_0${index}`),
  };
}

async function problemOf(bytes: Uint8Array): Promise<unknown> {
  const path = join(folder, "problem.tfrecords");
  await writeFile(path, bytes);
  return readDataset(path, EXPRESSIONS).catch((error) => error);
}

describe("data set files", () => {
  it("come back bit for bit, across many read blocks", async () => {
    const dataset = randomDataset(4100); // also more than a block in memory
    const { train } = recordPaths(folder, "multipie");
    await writeDataset(train, dataset);
    expect(
      train.endsWith(join("multipie", "Ground_Truth_DataFactory", "TfRecords_combined", "train.tfrecords")),
    ).toBe(true);
    const { landmarks, occluded, labels, ...rest } = await readDataset(train, EXPRESSIONS);
    expect(rest).toEqual({
      classes: dataset.classes,
      scheme: "ibug-68",
      count: dataset.count,
      names: dataset.names,
    });
    // Compared as bytes: element by element takes seconds.
    expect(Buffer.from(landmarks.buffer).equals(Buffer.from(dataset.landmarks.buffer))).toBe(true);
    expect(Buffer.from(occluded.buffer).equals(Buffer.from(dataset.occluded.buffer))).toBe(true);
    expect(labels).toEqual(dataset.labels);
    expect((await readdir(join(train, ".."))).sort()).toEqual(["train.tfrecords"]);
  });

  it("hold tf.train.Examples with the documented features", async () => {
    const path = join(folder, "one.tfrecords");
    const dataset = randomDataset(1);
    await writeDataset(path, dataset);
    const record = await readRecords(path).next();
    const features = decodeExample(record.value);
    expect([...features.keys()].sort()).toEqual(Object.values(FEATURES).sort());
    expect(features.get("train/num_keypoints")).toEqual({ kind: "int64", values: [68] });
    expect(features.get("train/landmarks")!.values).toHaveLength(136);
  });

  it("name the damaged record", async () => {
    const path = join(folder, "whole.tfrecords");
    await writeDataset(path, randomDataset(20));
    const whole = await readFile(path);
    const size = whole.length / 20;
    const flipped = Uint8Array.from(whole);
    flipped[Math.floor(size * 4.5)]! ^= 1;
    const cut = whole.subarray(0, whole.length - 5);
    expect(await problemOf(flipped)).toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(/record 5 /),
    });
    expect(await problemOf(cut)).toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(/record 20 .* ends/),
    });
    const badLength = Uint8Array.from(whole);
    badLength[3] = 7;
    expect(await problemOf(badLength)).toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(/record 1 /),
    });
    expect(await problemOf(frameRecord(new Uint8Array([0x0a, 0x50, 1])))).toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(/record 1 .*Example/),
    });
  });

  it("refuse a label outside the class list, an empty file, a missing file", async () => {
    const path = join(folder, "labels.tfrecords");
    const dataset = { ...randomDataset(3), labels: Int32Array.of(0, 5, 1) };
    await writeDataset(path, dataset);
    await expect(readDataset(path, ["neutral", "happy"])).rejects.toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(
        /record 2 .*class id 5.*class ids from 0 to 1. Give class_list every class/,
      ),
    });
    const landmarks = dataset.landmarks.slice();
    landmarks[2 * 136 + 7] = Number.POSITIVE_INFINITY;
    await writeDataset(path, { ...dataset, landmarks });
    await expect(readDataset(path, EXPRESSIONS)).rejects.toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(
        /record 3 .*no finite number; wanted finite numbers. Leave the face out/,
      ),
    });
    expect(await problemOf(new Uint8Array(0))).toMatchObject({ code: "dataset-empty" });
    await expect(readDataset(join(folder, "none"), EXPRESSIONS)).rejects.toMatchObject({
      code: "dataset-missing",
    });
  });

  it("tell how far they are read, and stop when asked to", async () => {
    const path = join(folder, "watched.tfrecords");
    await writeDataset(path, randomDataset(3000));
    const stop = new AbortController();
    const seen: number[] = [];
    await readDataset(path, EXPRESSIONS, "ibug-68", { onProgress: (done, total) => seen.push(done / total) });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBeGreaterThan(0.2);
    expect(seen[1]).toBeGreaterThan(seen[0]!);
    expect(seen[1]).toBeLessThan(1);
    const onProgress = () => stop.abort(new Error("enough"));
    const watched = readDataset(path, EXPRESSIONS, "ibug-68", { onProgress, signal: stop.signal });
    await expect(watched).rejects.toThrow("enough");
  });

  it("say when they cannot be written, and leave nothing behind", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    await expect(writeDataset(join(file, "x.tfrecords"), randomDataset(1))).rejects.toMatchObject({
      code: "file-unwritable",
    });
  });

  it("can be selected from", () => {
    const dataset = randomDataset(10);
    const part = selectSamples(dataset, [7, 2]);
    expect(part.names).toEqual([dataset.names[7], dataset.names[2]]);
    expect(part.landmarks.subarray(136)).toEqual(dataset.landmarks.subarray(2 * 136, 3 * 136));
    expect(part.labels).toEqual(Int32Array.of(dataset.labels[7]!, dataset.labels[2]!));
  });
});

describe("crc32c", () => {
  it("gives the check values of RFC 3720, B.4", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  });
});
