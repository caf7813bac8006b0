import { expect, test } from "vitest";
import { GraphBuilder } from "./builder.ts";
import { readOnnx, readOnnxMetadata } from "./read.ts";

function sample(): Uint8Array {
  const graph = new GraphBuilder("sample");
  const x = graph.input("x", "float32", ["N", 3]);
  const kernel = graph.constant("kernel", Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  const shape = graph.integers("shape", [-1, 2, 1]);
  const product = graph.node("MatMul", [x, kernel]);
  const relu = graph.node("Relu", [product]);
  graph.output(graph.node("Reshape", [graph.node("Relu", [relu]), shape], {}, "y"), "float32", ["N", 2, 1]);
  return graph.toModel({ opset: 16, metadata: { classes: '["glad","glum"]', größe: "groß" } });
}

test("what was written is read back", () => {
  const model = readOnnx(Buffer.from(sample()));
  expect(model).toMatchObject({
    producer: "emotionnet",
    opset: 16,
    name: "sample",
    metadata: { classes: '["glad","glum"]', größe: "groß" },
    inputs: [{ name: "x", type: "float32", dims: ["N", 3] }],
    outputs: [{ name: "y", type: "float32", dims: ["N", 2, 1] }],
    operators: { MatMul: 1, Relu: 2, Reshape: 1 },
    nodeCount: 4,
  });
  expect(model.initialisers).toEqual([
    { name: "kernel", type: "float32", dims: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: "shape", type: "int64", dims: [3], data: BigInt64Array.of(-1n, 2n, 1n) },
  ]);
});

test("operator calls are read back with every kind of attribute", () => {
  const graph = new GraphBuilder("nodes");
  const x = graph.input("x", "float32", ["N", 3]);
  const attributes = {
    zero: { int: 0 },
    minus: { int: -1 },
    half: { float: 0.5 },
    word: { string: "SAME_UPPER" },
    whole: { ints: [0, -3, 2] },
    parts: { floats: [0.25, -1] },
    constant: { tensor: { type: "int8", dims: [2], data: Int8Array.of(-128, 127) } },
  } as const;
  graph.output(graph.node("Anything", [x, "", x], attributes, "y"), "float32", ["N"]);
  const [node] = readOnnx(graph.toModel()).nodes;
  expect(node).toMatchObject({ opType: "Anything", inputs: ["x", "", "x"], outputs: ["y"], attributes });
});

test.each([
  [10, 5],
  [13, 7],
  [17, 8],
])("operator set %i is written in file version %i", (opset, version) => {
  const graph = new GraphBuilder("old");
  graph.output(graph.node("Relu", [graph.input("x", "float32", [1])]), "float32", [1]);
  const bytes = graph.toModel({ opset });
  expect([bytes[0], bytes[1]]).toEqual([0x08, version]);
});

test("equal graphs are equal bytes", () => {
  expect(sample()).toEqual(sample());
});

test("a model cut short anywhere is refused, never misread", () => {
  const whole = sample();
  const { metadata } = readOnnx(whole);
  let refused = 0;
  for (let length = 0; length < whole.length; length++) {
    try {
      // Cut between two metadata entries the rest is still a valid model, with fewer of them.
      expect(Object.entries(metadata)).toEqual(
        expect.arrayContaining(Object.entries(readOnnxMetadata(whole.subarray(0, length)))),
      );
    } catch (error) {
      expect(error).toMatchObject({ code: "onnx-graph" });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(whole.length - 4);
});

test("bytes of something else are refused", () => {
  const text = new TextEncoder().encode("<!doctype html><title>Not found</title>");
  expect(() => readOnnx(text)).toThrow(expect.objectContaining({ code: "onnx-graph" }));
});
