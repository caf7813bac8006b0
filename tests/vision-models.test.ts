/** The converted networks, judged by programs that had no part in making them. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createSession } from "@emotionnet/onnx";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";

const python = "/usr/bin/python3";
const models = [
  { file: "face-detector.onnx", size: 256, shapes: { logits: ["N", 896, 1], candidates: ["N", 896, 16] } },
  ...["attention-mesh.onnx", "attention-mesh-web.onnx"].map((file) => ({
    file,
    size: 192,
    shapes: { points: ["N", 478, 3], face: ["N", 1] },
  })),
];

/** Infers the shape of every value from the operators alone and prints those of the outputs. */
const program = `
import json, sys, onnx
model = onnx.load(sys.argv[1])
declared = {v.name: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim] for v in model.graph.output}
onnx.checker.check_model(model, full_check=True)
del model.graph.output[:]
inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
found = {v.name: len(v.type.tensor_type.shape.dim) for v in inferred.graph.value_info if v.name in declared}
print(json.dumps({"declared": declared, "ranks": found}))
`;

const missing = pythonOnnxMissing();

describe.each(models)("$file", ({ file, size, shapes }) => {
  const path = fileURLToPath(new URL(`../packages/vision/models/${file}`, import.meta.url));

  test.skipIf(missing)(
    `the ONNX checker accepts it${missing ? " (skipped: python3-onnx is not installed)" : ""}`,
    () => {
      const { declared, ranks } = JSON.parse(
        execFileSync(python, ["-c", program, path], { encoding: "utf8" }),
      );
      expect(declared).toEqual(shapes);
      for (const [name, dims] of Object.entries(shapes)) expect(ranks[name]).toBe(dims.length);
    },
  );

  test("the native and the WebAssembly engine compute the same, alone or in a batch", async () => {
    const bytes = readFileSync(path);
    const one = size * size * 3;
    const pixels = Float32Array.from(
      { length: 2 * one },
      (_, at) => 128 + 90 * Math.sin(at / 37) * Math.cos(at / 9311),
    );
    const session = await createSession(bytes);
    const both = await session.run({ pixels: session.tensor("float32", [2, size, size, 3], pixels) });
    const second = pixels.slice(one);
    const webSession = await web.InferenceSession.create(new Uint8Array(bytes), {
      executionProviders: ["wasm"],
    });
    const alone = await webSession.run({ pixels: new web.Tensor("float32", second, [1, size, size, 3]) });
    for (const name of Object.keys(shapes)) {
      const expected = (both[name]!.data as Float32Array).subarray(both[name]!.data.length / 2);
      const found = alone[name]!.data as Float32Array;
      // A probability near 0 has hardly any digits: differences count against 1 at least.
      const scale = Math.max(1, ...expected.map(Math.abs));
      const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0);
      expect(worst / scale).toBeLessThan(1e-4);
    }
  });
});

test("the mesh written for the native engine and the one for the web place the same points", async () => {
  const pixels = Float32Array.from({ length: 192 * 192 * 3 }, (_, at) => 128 + 90 * Math.sin(at / 37));
  const [native, browser] = await Promise.all(
    ["attention-mesh.onnx", "attention-mesh-web.onnx"].map(async (file) => {
      const session = await createSession(
        readFileSync(fileURLToPath(new URL(`../packages/vision/models/${file}`, import.meta.url))),
      );
      const { points } = await session.run({ pixels: session.tensor("float32", [1, 192, 192, 3], pixels) });
      await session.release();
      return points!.data as Float32Array;
    }),
  );
  for (const [index, value] of native!.entries())
    expect(Math.abs(value - browser![index]!)).toBeLessThan(0.01);
});

function pythonOnnxMissing(): boolean {
  try {
    execFileSync(python, ["-c", "import onnx"], { stdio: "ignore" });
    return false;
  } catch {
    return true;
  }
}
