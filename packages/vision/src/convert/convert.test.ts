import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOnnx } from "@emotionnet/onnx";
import { afterAll, describe, expect, test } from "vitest";
import { MODEL_FILES, MODEL_HASHES, type ModelFileName } from "../models/names.ts";
import { CONVERSIONS, prepareModels } from "./prepare-models.ts";
import { readSource, SOURCES } from "./sources.ts";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "emotionnet-vision-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe.each(Object.keys(CONVERSIONS) as ModelFileName[])("conversion of the %s", (name) => {
  const model = CONVERSIONS[name](packageFolder);

  test("gives the bytes whose hash is committed", () => {
    expect(createHash("sha256").update(model).digest("hex")).toBe(MODEL_HASHES[name]);
  });

  test("leaves no operator of TensorFlow in it", () => {
    const known =
      /^(Add|Cast|Concat|Conv|Div|Gather|GridSample|MatMul|MaxPool|Mul|PRelu|Pad|Reduce(Max|Mean|Min|Sum)|Relu|Reshape|Sigmoid|Slice|Sqrt|Sub|Transpose)$/;
    for (const operator of Object.keys(readOnnx(model).operators)) expect(operator).toMatch(known);
  });
});

test("files that are current are left alone; a damaged one is made again", () => {
  const folder = join(scratch, "package");
  for (const source of Object.values(SOURCES)) place(folder, source);
  expect(prepareModels(folder).sort()).toEqual(Object.values(MODEL_FILES).sort());
  expect(prepareModels(folder)).toEqual([]);
  writeFileSync(join(folder, "models", MODEL_FILES.detector), "half a fi");
  expect(prepareModels(folder)).toEqual([MODEL_FILES.detector]);
  expect(readdirSync(join(folder, "models")).sort()).toEqual(
    [...Object.values(MODEL_FILES), "manifest.json"].sort(),
  );
});

test("a source that is not installed, or another version of it, is named", () => {
  const folder = join(scratch, "changed");
  place(folder, SOURCES.mesh, (bytes) => bytes.fill(0, 1000, 1001));
  expect(() => readSource(SOURCES.mesh, folder)).toThrow(
    expect.objectContaining({
      code: "vision-models-changed",
      message: expect.stringContaining("0.4.1633559619"),
    }),
  );
  expect(() => readSource(SOURCES.detectorGraph, folder)).toThrow(
    expect.objectContaining({
      code: "vision-models-missing",
      message: expect.stringContaining("npm install"),
    }),
  );
});

/** Copies an installed source file under another folder's node_modules, changed on the way. */
function place(
  folder: string,
  source: (typeof SOURCES)[keyof typeof SOURCES],
  change = (bytes: Buffer) => bytes,
) {
  const target = join(folder, "node_modules", source.package, source.path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    change(readFileSync(join(packageFolder, "../../node_modules", source.package, source.path))),
  );
}
