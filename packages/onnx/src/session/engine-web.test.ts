import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { ElementType } from "../graph/element-type.ts";
import { loadEngine } from "./engine-web.ts";

/** y = ½ · x through a 1×1 convolution, then what `append` adds. */
function halved(
  append: (graph: GraphBuilder, value: string) => string,
  type: ElementType = "float32",
): Uint8Array {
  const graph = new GraphBuilder("halved");
  const x = graph.input("x", type, ["N", 1, 1, 2]);
  const kernel = graph.constant("kernel", Float32Array.of(0.5), [1, 1, 1, 1]);
  const float = type === "float32" ? x : graph.node("Cast", [x], { to: { int: 1 } });
  graph.output(append(graph, graph.node("Conv", [float, kernel])), "float32", ["N", 1, 1, 2]);
  return graph.toModel();
}

async function run(model: Uint8Array) {
  const engine = await loadEngine(model);
  const session = await engine.createSession(model, 1);
  const results = await session.run({
    x: new engine.Tensor("float32", Float32Array.of(1, -3), [1, 1, 1, 2]),
  });
  return { engine: engine.name, values: [...(Object.values(results)[0]!.data as Float32Array)] };
}

test("a graph of convolutions runs on the own engine", async () => {
  const model = halved((graph, value) => graph.node("Relu", [value]));
  expect(await run(model)).toEqual({ engine: "emotionnet-simd", values: [0.5, 0] });
});

test("a graph with an operator that the own engine lacks runs on ONNX Runtime", async () => {
  const model = halved((graph, value) => graph.node("Abs", [value]));
  expect(await run(model)).toEqual({ engine: "onnxruntime-web", values: [0.5, 1.5] });
});

test.each<[string, Uint8Array]>([
  [
    "attributes",
    halved((graph, value) =>
      graph.node("MaxPool", [value], { kernel_shape: { ints: [1, 2] }, pads: { ints: [0, 1, 0, 1] } }),
    ),
  ],
  ["types", halved((_, value) => value, "int32")],
  ["operator sets", halvedWith({ opset: 11 })],
])("so does one with %s that it lacks", async (_, model) => {
  expect((await loadEngine(model)).name).toBe("onnxruntime-web");
});

test("what is no model is left to ONNX Runtime to refuse", async () => {
  const engine = await loadEngine(Uint8Array.of(1, 2, 3));
  expect(engine.name).toBe("onnxruntime-web");
  await expect(engine.createSession(Uint8Array.of(1, 2, 3), 1)).rejects.toThrow();
});

function halvedWith(header: { opset: number }): Uint8Array {
  const graph = new GraphBuilder("relu");
  graph.output(graph.node("Relu", [graph.input("x", "float32", ["N", 2])]), "float32", ["N", 2]);
  return graph.toModel(header);
}
