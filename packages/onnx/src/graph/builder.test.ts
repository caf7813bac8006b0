import { expect, test } from "vitest";
import { GraphBuilder } from "./builder.ts";

const refusal = expect.objectContaining({ code: "onnx-graph" });

test("made-up names never meet, whatever names were taken before", () => {
  const graph = new GraphBuilder("names");
  const x = graph.input("Relu_1", "float32", ["N"]);
  const names = [
    graph.node("Relu", [x]),
    graph.node("Relu", [x]),
    graph.scalar("half", 0.5),
    graph.scalar("half", 0.5),
  ];
  expect(new Set([x, ...names]).size).toBe(5);
});

test("several outputs come back in order, by number or by name", () => {
  const graph = new GraphBuilder("outputs");
  const x = graph.input("x", "float32", [4]);
  const [values, indices] = graph.node("TopK", [x, graph.integers("k", [2])], {}, 2);
  expect(values).not.toBe(indices);
  expect(graph.node("Split", [x], {}, ["left", "right"])).toEqual(["left", "right"]);
  expect(graph.node("Split", [x], {}, ["only"])).toEqual(["only"]);
});

test("mistakes are named where they are made", () => {
  const graph = new GraphBuilder("mistakes");
  const x = graph.input("x", "float32", ["N"]);
  expect(() => graph.node("Relu", ["nobody"])).toThrow(refusal);
  expect(() => graph.node("Relu", [x], {}, "x")).toThrow(refusal);
  expect(() => graph.input("x", "float32", [])).toThrow(refusal);
  expect(() => graph.constant("kernel", new Float32Array(5), [2, 3])).toThrow(refusal);
  expect(() => graph.output("nobody", "float32", [])).toThrow(refusal);
  expect(() => graph.toModel()).toThrow(refusal);
});
