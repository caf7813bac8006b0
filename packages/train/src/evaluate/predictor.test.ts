import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS, LANDMARK_VALUES, networkSpec, writeModel } from "@emotionnet/core";
import { randomModel, randomSource } from "@emotionnet/core/testing";
import { GraphBuilder } from "@emotionnet/onnx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classifierGraph } from "../export/classifier-graph.ts";
import { seal } from "../key/seal.ts";
import { agreedClasses, openPredictor } from "./predictor.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-predictor-"));
});
afterAll(() => rm(folder, { recursive: true }));

const COUNT = 11;
const random = randomSource(4);
const landmarks = Float32Array.from({ length: COUNT * LANDMARK_VALUES }, () => 300 * random());
const model = randomModel(5, networkSpec([12, 9]));

async function predictorOf(name: string, bytes: Uint8Array, key?: string) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return openPredictor(path, key);
}

interface GraphOptions {
  readonly batch?: number | "N";
  readonly inputs?: number;
  readonly hasSoftmax?: boolean;
}

/** A linear classifier of three classes as another tool might write it: no metadata, raw landmarks. */
function foreignGraph({ batch = "N", inputs = LANDMARK_VALUES, hasSoftmax = true }: GraphOptions = {}) {
  const graph = new GraphBuilder("foreign");
  const flat = graph.node("Flatten", [graph.input("in", "float32", [batch, inputs])], { axis: { int: 1 } });
  const weights = randomSource(6);
  const kernel = Float32Array.from({ length: inputs * 3 }, () => 0.01 * (weights() - 0.5));
  const logits = graph.node("MatMul", [flat, graph.constant("kernel", kernel, [inputs, 3])]);
  const output = hasSoftmax ? graph.node("Softmax", [logits], { axis: { int: 1 } }) : logits;
  graph.output(output, "float32", [batch, 3]);
  return graph.toModel();
}

describe("openPredictor", () => {
  it("gives the same probabilities for a model in every kind of file", async () => {
    const trained = writeModel(model);
    const onnx = classifierGraph(model);
    const predictors = [
      await predictorOf("m.safetensors", trained),
      await predictorOf("m.tlt", await seal(trained, "k"), "k"),
      await predictorOf("m.onnx", onnx),
      await predictorOf("m.etlt", await seal(onnx, "k"), "k"),
    ];
    const [first, ...others] = await Promise.all(
      predictors.map(async (predictor) => {
        expect(predictor.name).toBe(model.metadata.name);
        expect(predictor.classes).toEqual(EXPRESSIONS);
        return predictor.predict(landmarks, COUNT);
      }),
    );
    expect(first).toHaveLength(COUNT * EXPRESSIONS.length);
    for (const other of others) {
      expect(Math.max(...other.map((value, index) => Math.abs(value - first![index]!)))).toBeLessThan(1e-5);
    }
    await Promise.all(predictors.map((predictor) => predictor.release()));
  });

  it("takes classes of the spec for a graph that names none, and fills up a batch of fixed size", async () => {
    const open = await predictorOf("open.onnx", foreignGraph());
    const fixed = await predictorOf("fixed.onnx", foreignGraph({ batch: 4 }));
    expect(open).toMatchObject({ name: "open.onnx", classes: undefined, classCount: 3 });
    expect(agreedClasses(open, ["a", "b", "c"])).toEqual(["a", "b", "c"]);
    expect(() => agreedClasses(open, ["a", "b"])).toThrow(/3 classes without names.* a, b/);
    expect(await fixed.predict(landmarks, COUNT)).toEqual(await open.predict(landmarks, COUNT));
    expect(await fixed.predict(landmarks.subarray(0, 136), 1)).toHaveLength(3);
  });

  it("refuses graphs of other inputs, and answers that are no probabilities", async () => {
    await expect(predictorOf("small.onnx", foreignGraph({ inputs: 98 }))).rejects.toMatchObject({
      code: "onnx-graph",
      message: expect.stringMatching(/in float32\[N, 98\].*N x 1 x 136 x 1/),
    });
    const logits = await predictorOf("logits.onnx", foreignGraph({ hasSoftmax: false }));
    await expect(logits.predict(landmarks, COUNT)).rejects.toMatchObject({
      code: "onnx-graph",
      message: expect.stringMatching(/for face 1;.*softmax/),
    });
    const flat = landmarks.slice();
    flat.fill(7, LANDMARK_VALUES * 2, LANDMARK_VALUES * 3);
    const exported = await predictorOf("m.onnx", classifierGraph(model));
    await expect(exported.predict(flat, COUNT)).rejects.toMatchObject({
      code: "onnx-graph",
      message: expect.stringMatching(/for face 3;/),
    });
  });

  it("says what is wrong with files that are none", async () => {
    await expect(openPredictor(join(folder, "no.tlt"), "k")).rejects.toMatchObject({
      code: "model-not-found",
    });
    await expect(openPredictor(folder, "k")).rejects.toMatchObject({ code: "model-not-found" });
    const whole = writeModel(model);
    const cut = whole.subarray(0, whole.length - 5);
    await expect(predictorOf("cut.safetensors", cut)).rejects.toMatchObject({ code: "model-damaged" });
    await expect(predictorOf("text.onnx", Buffer.from("no model"))).rejects.toMatchObject({
      code: "onnx-graph",
    });
  });
});
