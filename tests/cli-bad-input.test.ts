/** Everything that can be wrong with what a user hands over: each its own code, nothing lost, no stack trace. */

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { generateFaces } from "@emotionnet/train";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { type CommandResult, drawFace, runCommand, temporaryFolder, trainTinyModel } from "./cli-support.ts";

const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const run = (...args: string[]) => runCommand(args, folder);
const analyze = (...args: string[]) =>
  run("analyze", "-m", "results/model.safetensors", "-f", "jsonl", ...args);

beforeAll(async () => {
  await trainTinyModel(folder);
  await drawFace(inFolder("face.jpg"));
});

/** One clear line with the code, and no stack trace. */
function expectError(result: CommandResult, code: string, status: number): void {
  expect(result.stderr).toMatch(new RegExp(`^error \\[${code}\\]: .{20,}$`, "m"));
  expect(result.stderr + result.stdout).not.toMatch(/\n\s+at /);
  expect(result.status).toBe(status);
}

function lines(result: CommandResult) {
  return result.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("a bad picture is a line with its error", () => {
  test.each<[what: string, name: string, code: string, make: () => Promise<void>]>([
    ["a missing file", "nowhere.jpg", "file-not-found", async () => {}],
    ["text", "text.jpg", "photo-format", () => writeFile(inFolder("text.jpg"), "not a picture")],
    ["nothing", "empty.png", "photo-empty", () => writeFile(inFolder("empty.png"), "")],
    [
      "a JPEG cut short",
      "short.jpg",
      "photo-damaged",
      async () => {
        const whole = await readFile(inFolder("face.jpg"));
        await writeFile(inFolder("short.jpg"), whole.subarray(0, whole.length / 2));
      },
    ],
    [
      "30,000 × 30,000 pixels",
      "huge.png",
      "photo-too-large",
      () => writeFile(inFolder("huge.png"), hugePng()),
    ],
    ["a folder without photos", "bare", "no-photos", async () => void (await mkdir(inFolder("bare")))],
  ])("%s", async (_, name, code, make) => {
    await make();
    const result = await analyze(name);
    expectError(result, code, 1);
    expect(lines(result)).toMatchObject([{ source: name, faces: [], error: { code } }]);
  });

  test("zero faces are an answer, not an error", async () => {
    await sharp({ create: { width: 300, height: 200, channels: 3, background: "#7799aa" } })
      .png()
      .toFile(inFolder("sky.png"));
    const result = await analyze("sky.png");
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect(lines(result)).toMatchObject([{ source: "sky.png", width: 300, height: 200, faces: [] }]);
  });

  test("good and bad ones in one call: every input has its line, in order", async () => {
    const result = await analyze("face.jpg", "nowhere.jpg", "face.jpg", "text.jpg");
    expect(result.status).toBe(0);
    expect(lines(result).map((line) => [line.faces.length, line.error?.code])).toEqual([
      [1, undefined],
      [0, "file-not-found"],
      [1, undefined],
      [0, "photo-format"],
    ]);
  });
});

describe("bad landmarks are a line with their error, and the other sets have answers", () => {
  const { landmarks } = generateFaces({ persons: 1, samplesPerPerson: 1, seed: 5 });
  const face = Array.from(landmarks);

  test.each([
    ["67 points", face.slice(0, 134), "landmarks-count"],
    ["a missing number", [null, ...face.slice(1)], "landmarks-not-finite"],
    ["all points in one place", face.map(() => 7), "landmarks-degenerate"],
  ])("%s", async (_, bad, code) => {
    await writeFile(inFolder("points.json"), JSON.stringify([face, bad, face]));
    const result = await analyze("points.json");
    expect(result.status).toBe(0);
    expect(result.stderr).toMatch(`error [${code}]: `);
    expect(lines(result).map((line) => [line.frame, line.faces.length, line.error?.code])).toEqual([
      [0, 1, undefined],
      [1, 0, code],
      [2, 1, undefined],
    ]);
  });
});

describe("a bad model ends the command before anything is done", () => {
  const metadataOf = (header: Header) => header.__metadata__;
  test.each<[what: string, code: string, damage: (bytes: Buffer) => Uint8Array]>([
    ["a file cut short", "model-damaged", (bytes) => bytes.subarray(0, bytes.length - 100)],
    ["half a header", "model-damaged", (bytes) => bytes.subarray(0, 40)],
    [
      "a layer of another shape than the spec says",
      "model-shape",
      changeHeader((header) => {
        const spec = JSON.parse(metadataOf(header).spec!);
        metadataOf(header).spec = JSON.stringify({ ...spec, hidden: [16, 9] });
      }),
    ],
    [
      "a tensor whose shape lies",
      "model-(shape|damaged)",
      changeHeader((header) => {
        header["dense_1/kernel"]!.shape = [16, 136];
      }),
    ],
    [
      "a class list that does not fit the network",
      "model-classes",
      changeHeader((header) => {
        const spec = JSON.parse(metadataOf(header).spec!);
        metadataOf(header).spec = JSON.stringify({ ...spec, classes: ["calm", "cross"] });
      }),
    ],
  ])("%s", async (_, code, damage) => {
    await writeFile(
      inFolder("bad.safetensors"),
      damage(await readFile(inFolder("results/model.safetensors"))),
    );
    expectError(await run("analyze", "-m", "bad.safetensors", "face.jpg"), code, 1);
    expectError(await run("inspect", "bad.safetensors"), code, 1);
    expectError(await run("export", "-m", "bad.safetensors", "-o", "bad.onnx"), code, 1);
    expect(existsSync(inFolder("bad.onnx"))).toBe(false);
  });

  test("a missing model", async () => {
    expectError(await run("analyze", "-m", "no.safetensors", "face.jpg"), "model-not-found", 1);
  });

  test("a file that is no model", async () => {
    for (const args of [
      ["inspect", "tiny.yaml"],
      ["evaluate", "-m", "tiny.yaml", "-e", "tiny.yaml"],
    ]) {
      const result = await run(...args);
      expectError(result, "model-damaged", 1);
      expect(result.stderr).toContain("holds text");
    }
  });

  test("a data set of other classes than the model's", async () => {
    const spec = await readFile(inFolder("tiny.yaml"), "utf8");
    await writeFile(inFolder("other.yaml"), spec.replace("neutral, happy", "happy, neutral"));
    const args = ["evaluate", "-m", "results/model.safetensors", "-e", "other.yaml"];
    expectError(await run(...args), "model-classes", 1);
    await writeFile(inFolder("five.yaml"), spec.replace(", scream", ""));
    expectError(
      await run("evaluate", "-m", "results/model.safetensors", "-e", "five.yaml"),
      "model-classes",
      1,
    );
  });
});

describe("output that cannot be written", () => {
  test.each([
    ["export", ["export", "-m", "results/model.safetensors", "-o", "face.jpg/model.onnx"]],
    ["analyze", ["analyze", "-m", "results/model.safetensors", "face.jpg", "--annotate", "tiny.yaml/marked"]],
    [
      "evaluate",
      ["evaluate", "-m", "results/model.safetensors", "-e", "tiny.yaml", "-r", "face.jpg/reports"],
    ],
    ["train", ["train", "-e", "tiny.yaml", "-r", "face.jpg/results"]],
    ["synth", ["synth", "-o", "face.jpg/data", "--persons", "10", "--samples", "6"]],
  ])("%s says so and leaves nothing behind", async (_, args) => {
    const before = await readdir(folder);
    expectError(await run(...args), "file-unwritable", 1);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe.skipIf(!existsSync("/proc/self"))("a file system that takes no folders", () => {
  test.each([
    ["evaluate", ["evaluate", "-m", "results/model.safetensors", "-e", "tiny.yaml", "-r", "/proc/reports"]],
    ["train", ["train", "-e", "tiny.yaml", "-r", "/proc/results"]],
    ["synth", ["synth", "-o", "/proc/data", "--persons", "10", "--samples", "6"]],
  ])("%s says so and ends", async (_, args) => {
    expectError(await run(...args), "file-unwritable", 1);
  });
});

describe("wrong usage has exit status 2 and names the nearest right word", () => {
  test.each([
    [["analyze", "--formt", "json", "face.jpg"], "--format"],
    [["analize", "face.jpg"], "analyze"],
    [["analyze", "face.jpg", "--format", "xml"], "jsonl"],
    [["analyze", "face.jpg", "--max-faces", "many"], "whole number"],
    [["train", "-e", "tiny.yaml"], "--results_dir"],
    [["analyze"], "source"],
    [["synth", "-o", "data", "--name", ".."], "one folder"],
    [["synth", "-o", "data", "--name", "a/b"], "one folder"],
    [["synth", "-o", "data", "--name", ""], "one folder"],
    [["synth", "-o", "data", "--persons", "10000000", "--samples", "1000000"], "at most"],
  ])("%j", async (args, hint) => {
    const result = await run(...args);
    expectError(result, "usage", 2);
    expect(result.stderr).toContain(hint);
    expect(result.stdout).toBe("");
  });
});

test("--debug shows where an error comes from", async () => {
  const result = await run("inspect", "nowhere.onnx", "--debug");
  expect(result.stderr).toMatch(/\n\s+at /);
});

interface Header {
  __metadata__: Record<string, string>;
  [tensor: string]: { shape?: number[] } & Record<string, unknown>;
}

/** Rewrites the header of a safetensors file and leaves the numbers alone. */
function changeHeader(change: (header: Header) => void): (bytes: Buffer) => Uint8Array {
  return (bytes) => {
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Header;
    change(header);
    const text = Buffer.from(JSON.stringify(header));
    // Numbers start at a multiple of eight, as the format asks.
    const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(padded.length));
    return Buffer.concat([size, padded, bytes.subarray(8 + length)]);
  };
}

/** A valid black picture of 30,000 × 30,000 pixels with one bit each. */
function hugePng(): Buffer {
  const side = 30_000;
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
