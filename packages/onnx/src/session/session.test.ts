import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { createSession } from "./session.ts";

/** y = relu(x · W + b) for W = [[1, -1], [2, 0]], b = [0.5, 1]. */
function denseRelu(): Uint8Array {
  const graph = new GraphBuilder("dense");
  const x = graph.input("x", "float32", ["N", 2]);
  const kernel = graph.constant("kernel", Float32Array.of(1, -1, 2, 0), [2, 2]);
  const bias = graph.constant("bias", Float32Array.of(0.5, 1), [2]);
  const dense = graph.node("Gemm", [x, kernel, bias], { alpha: { float: 1 }, transB: { int: 0 } });
  graph.output(graph.node("Relu", [dense], {}, "y"), "float32", ["N", 2]);
  return graph.toModel();
}

test("a dense layer gives the numbers worked out by hand", async () => {
  const session = await createSession(denseRelu());
  expect(session.inputNames).toEqual(["x"]);
  expect(session.outputNames).toEqual(["y"]);
  const { y } = await session.run({
    x: { type: "float32", dims: [2, 2], data: Float32Array.of(1, 2, 3, -4) },
  });
  expect(y!.dims).toEqual([2, 2]);
  expect([...(y!.data as Float32Array)]).toEqual([5.5, 0, 0, 0]);
  await session.release();
});

test("preallocated outputs are filled in turn and feed the next run without copies", async () => {
  const session = await createSession(denseRelu());
  const first = new Float32Array(2);
  const second = new Float32Array(2);
  const sets = [first, second].map((data) => ({ y: session.tensor("float32", [1, 2], data) }));
  let state = session.tensor("float32", [1, 2], Float32Array.of(1, 1));
  for (let step = 0; step < 2; step++) {
    const results = await session.run({ x: state }, sets[step % 2]!);
    state = results.y!;
    expect(state).toBe(sets[step % 2]!.y);
  }
  expect([...first]).toEqual([3.5, 0]);
  expect([...second]).toEqual([4, 0]);
});

test("log softmax agrees with the formula", async () => {
  const graph = new GraphBuilder("log-softmax");
  const logits = graph.input("logits", "float32", [1, 3]);
  graph.output(graph.node("LogSoftmax", [logits], { axis: { int: 1 } }, "result"), "float32", [1, 3]);
  const session = await createSession(graph.toModel());
  const values = [0.2, -1.5, 3];
  const { result } = await session.run({
    logits: { type: "float32", dims: [1, 3], data: Float32Array.from(values) },
  });
  const logSum = Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
  for (const [index, value] of values.entries()) {
    expect((result!.data as Float32Array)[index]).toBeCloseTo(value - logSum, 6);
  }
});

test("what does not fit is told in words", async () => {
  await expect(createSession(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: "onnx-graph" });
  await expect(createSession(denseRelu(), { threads: 0 })).rejects.toMatchObject({ code: "engine" });
  const session = await createSession(denseRelu());
  const wrong = { type: "float32", dims: [1, 3], data: new Float32Array(3) } as const;
  await expect(session.run({ x: wrong })).rejects.toMatchObject({ code: "onnx-graph" });
  await expect(session.run({ z: wrong })).rejects.toMatchObject({ code: "onnx-graph" });
  await session.release();
  await expect(session.run({ x: wrong })).rejects.toMatchObject({ code: "engine" });
});
