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
