import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS, networkSpec } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deepstreamFiles } from "./deepstream.ts";
import { tritonFiles } from "./triton.ts";
import { type FolderFile, writeFolder } from "./write-folder.ts";

const onnx = Uint8Array.of(8, 8, 1, 2, 3);
const batch = { largest: 32, preferred: 8 };

function textOf(files: readonly FolderFile[], path: string): string {
  return files.find((file) => file.path === path)!.content as string;
}

/** The part of protobuf's text form that configs use: `key: value`, `key [ {…} ]` and `key {…}`. */
function parsePbtxt(text: string): Record<string, unknown> {
  const tokens = text.match(/"[^"]*"|[[\]{}:,]|[^\s[\]{}:,]+/g)!;
  let place = 0;
  const readValue = (): unknown => {
    const token = tokens[place++]!;
    if (token === "{") return readFields("}");
    if (token === "[") {
      const list: unknown[] = [];
      while (tokens[place] !== "]") {
        list.push(readValue());
        if (tokens[place] === ",") place++;
      }
      place++;
      return list;
    }
    if (token.startsWith('"')) return token.slice(1, -1);
    return /^-?\d+$/.test(token) ? Number(token) : token;
  };
  const readFields = (end: string | undefined): Record<string, unknown> => {
    const fields: Record<string, unknown> = {};
    while (tokens[place] !== end) {
      const key = tokens[place++]!;
      if (tokens[place] === ":") place++;
      fields[key] = readValue();
    }
    place++;
    return fields;
  };
  return readFields(undefined);
}

const spec = networkSpec([8]);

describe("tritonFiles", () => {
  const files = tritonFiles(onnx, spec, batch);

  it("is a model repository whose config parses back", () => {
    expect(files.map(({ path }) => path)).toEqual([
      "emotionnet/1/model.onnx",
      "emotionnet/config.pbtxt",
      "emotionnet/labels.txt",
    ]);
    expect(parsePbtxt(textOf(files, "emotionnet/config.pbtxt"))).toEqual({
      name: "emotionnet",
      platform: "onnxruntime_onnx",
      max_batch_size: 32,
      input: [{ name: "input_landmarks:0", data_type: "TYPE_FP32", dims: [1, 136, 1] }],
      output: [
        { name: "softmax/Softmax:0", data_type: "TYPE_FP32", dims: [6], label_filename: "labels.txt" },
      ],
      dynamic_batching: { preferred_batch_size: [8], max_queue_delay_microseconds: 500 },
    });
    expect(textOf(files, "emotionnet/labels.txt").trimEnd().split("\n")).toEqual([...EXPRESSIONS]);
  });

  it("is the same each time", () => {
    expect(tritonFiles(onnx, spec, batch)).toEqual(files);
  });
});

describe("deepstreamFiles", () => {
  const files = deepstreamFiles(onnx, spec, "fp16", batch);
  const expected = {
    enginePath: "./emotionnet.onnx_b32_gpu0_fp16.engine",
    etltPath: "",
    etltKey: "",
    networkMode: "fp16",
    batchSize: "32",
    inputWidth: "136",
    inputHeight: "1",
    inputType: "",
  };
  const labels = ["0,neutral", "1,happy", "2,surprise", "3,squint", "4,disgust", "5,scream"];

  it("says the same in key=value lines and in YAML", () => {
    const lines = textOf(files, "emotion_model_config.txt").trimEnd().split("\n");
    const pairs = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
    expect(Object.fromEntries(pairs.filter(([key]) => key !== "label"))).toEqual(expected);
    expect(pairs.filter(([key]) => key === "label").map(([, value]) => value)).toEqual(labels);

    const { label, ...settings } = parse(textOf(files, "emotion_model_config.yml")) as Record<
      string,
      unknown
    >;
    const texts = Object.entries(settings).map(([key, value]) => [key, String(value ?? "")]);
    expect(Object.fromEntries(texts)).toEqual(expected);
    expect(label).toEqual(labels);
  });

  it.each([
    ["fp32", "--onnx=emotionnet.onnx --saveEngine=emotionnet.onnx_b32_gpu0_fp32.engine"],
    ["fp16", "--onnx=emotionnet.onnx --fp16 --saveEngine"],
    ["int8", "--onnx=emotionnet.onnx --int8 --fp16 --saveEngine"],
  ] as const)("its note builds the engine that the config names: %s", (dataType, command) => {
    const note = textOf(deepstreamFiles(onnx, spec, dataType, batch), "README.md");
    expect(note).toContain(command);
    expect(note).toContain("--maxShapes='input_landmarks:0':32x1x136x1");
  });
});

describe("writeFolder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "emotionnet-deploy-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("writes every file, bytes as they are, and again over itself", async () => {
    const files = tritonFiles(onnx, spec, batch);
    await writeFolder(join(folder, "new/repository"), files);
    const paths = await writeFolder(join(folder, "new/repository"), files);
    expect(paths).toHaveLength(3);
    expect(new Uint8Array(await readFile(paths[0]!))).toEqual(onnx);
    expect(await readFile(paths[1]!, "utf8")).toBe(files[1]!.content);
  });

  it("says so when it cannot", async () => {
    await writeFile(join(folder, "file"), "");
    const written = writeFolder(join(folder, "file"), [{ path: "a", content: "" }]);
    await expect(written).rejects.toMatchObject({ code: "file-unwritable" });
  });
});
