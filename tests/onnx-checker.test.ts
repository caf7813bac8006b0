/** Models that this project writes, judged by the ONNX project's own checker and by its reading of them. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GraphBuilder } from "@emotionnet/onnx";
import { afterAll, describe, expect, test } from "vitest";
import { debianPython, hasPythonModules } from "./debian-python.ts";

/** Checks the model, infers all shapes, and prints what the independent reader sees in it. */
const program = `
import json, sys, onnx
from onnx import numpy_helper
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
print(json.dumps({
  "opset": model.opset_import[0].version,
  "metadata": {entry.key: entry.value for entry in model.metadata_props},
  "operators": [node.op_type for node in model.graph.node],
  "attributes": {a.name: onnx.helper.get_attribute_value(a) for node in model.graph.node for a in node.attribute
                 if a.type in (onnx.AttributeProto.INT, onnx.AttributeProto.FLOAT, onnx.AttributeProto.INTS)},
  "initialisers": {t.name: numpy_helper.to_array(t).tolist() for t in model.graph.initializer},
  "inputs": {v.name: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim] for v in model.graph.input},
}))
`;

const missing = !hasPythonModules("onnx");

describe.skipIf(missing)(`ONNX checker${missing ? " (skipped: python3-onnx is not installed)" : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-onnx-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function check(model: Uint8Array): Record<string, unknown> {
    const path = join(folder, "model.onnx");
    writeFileSync(path, model);
    return JSON.parse(
      execFileSync(debianPython, ["-c", program, path], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }

  test("a small classifier is accepted and read as it was meant", () => {
    const graph = new GraphBuilder("classifier");
    const x = graph.input("x", "float32", ["N", 2]);
    const kernel = graph.constant("kernel", Float32Array.of(1, -1, 0.5, 2), [2, 2]);
    const bias = graph.constant("bias", Float32Array.of(0.25, -3), [2]);
    const dense = graph.node("Gemm", [x, kernel, bias], { alpha: { float: 0.5 }, transB: { int: 1 } });
    const relu = graph.node("Relu", [dense]);
    graph.output(graph.node("LogSoftmax", [relu], { axis: { int: -1 } }, "y"), "float32", ["N", 2]);
    expect(check(graph.toModel({ metadata: { licence: "Apache-2.0" } }))).toEqual({
      opset: 17,
      metadata: { licence: "Apache-2.0" },
      operators: ["Gemm", "Relu", "LogSoftmax"],
      attributes: { alpha: 0.5, transB: 1, axis: -1 },
      initialisers: {
        kernel: [
          [1, -1],
          [0.5, 2],
        ],
        bias: [0.25, -3],
      },
      inputs: { x: ["N", 2] },
    });
  });

  test("every kind of attribute and element type is accepted", () => {
    const graph = new GraphBuilder("kinds");
    const pixels = graph.input("pixels", "uint8", ["N", 4, 4, 1]);
    const cast = graph.node("Cast", [pixels], { to: { int: 1 } });
    const moved = graph.node("Transpose", [cast], { perm: { ints: [0, 3, 1, 2] } });
    const pooled = graph.node("MaxPool", [moved], {
      kernel_shape: { ints: [2, 2] },
      strides: { ints: [2, 2] },
      auto_pad: { string: "SAME_UPPER" },
    });
    const filled = graph.node("ConstantOfShape", [graph.node("Shape", [pooled])], {
      value: { tensor: { type: "float32", dims: [1], data: Float32Array.of(2) } },
    });
    const keep = graph.constant("keep", Uint8Array.of(1), [1], "bool");
    const half = graph.constant("half", Uint16Array.of(0x3800), [1], "float16");
    const chosen = graph.node("Where", [keep, pooled, filled]);
    const scaled = graph.node("Mul", [chosen, graph.node("Cast", [half], { to: { int: 1 } })]);
    graph.output(graph.node("Flatten", [scaled], {}, "y"), "float32", ["N", "M"]);
    expect(check(graph.toModel())).toMatchObject({ initialisers: { keep: [true], half: [0.5] } });
  });

  test("the checker does refuse: an operator that does not exist", () => {
    const graph = new GraphBuilder("wrong");
    graph.output(graph.node("Relux", [graph.input("x", "float32", [1])]), "float32", [1]);
    expect(() => check(graph.toModel())).toThrow(/Relux/);
  });
});
