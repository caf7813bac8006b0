import { EXPRESSIONS, type Model, networkSpec } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { createSession, readOnnx } from "@emotionnet/onnx";
import { describe, expect, it } from "vitest";
import { generateFaces } from "../generator/generate-faces.ts";
import { predictLandmarks } from "../trainer/predict.ts";
import { calibrate } from "./calibrate.ts";
import {
  CLASSIFIER_INPUT,
  CLASSIFIER_OUTPUT,
  type ClassifierGraphOptions,
  classifierGraph,
} from "./classifier-graph.ts";

const faces = generateFaces({ persons: 3, samplesPerPerson: 40, seed: 9 });

async function worstDifference(model: Model, options: ClassifierGraphOptions): Promise<number> {
  const session = await createSession(classifierGraph(model, options));
  const input = session.tensor("float32", [faces.count, 1, 136, 1], faces.landmarks);
  const outputs = await session.run({ [CLASSIFIER_INPUT]: input });
  await session.release();
  const { type, dims, data } = outputs[CLASSIFIER_OUTPUT]!;
  expect([type, dims]).toEqual(["float32", [faces.count, EXPRESSIONS.length]]);
  const expected = await predictLandmarks(model, faces.landmarks, 1);
  return expected.reduce((worst, value, index) => Math.max(worst, Math.abs(value - Number(data[index]))), 0);
}

const networks = [[], [24], [32, 16, 8]].map(
  (hidden, index) =>
    [hidden.join("-") || "no hidden layer", randomModel(index, networkSpec(hidden))] as const,
);

describe.each(networks)("a network of %s", (_, model) => {
  it.each([10, 13, 17])(
    "answers in float32 and float16 with operator set %i as it does in core",
    async (opset) => {
      expect(await worstDifference(model, { opset })).toBeLessThan(1e-5);
      expect(await worstDifference(model, { opset, dataType: "fp16" })).toBeLessThan(2e-3);
      expect(readOnnx(classifierGraph(model, { opset })).opset).toBe(opset);
    },
  );

  it("answers nearly so in int8", async () => {
    const ranges = await calibrate(model, { landmarks: faces.landmarks, batchSize: 50 });
    expect(ranges).toHaveLength(model.layers.length - 1);
    expect(await worstDifference(model, { dataType: "int8", ranges })).toBeLessThan(0.05);
  });

  it("holds its weights in the type asked for", async () => {
    const ranges = await calibrate(model, { landmarks: faces.landmarks });
    const typesOf = (options: ClassifierGraphOptions) =>
      new Set(
        readOnnx(classifierGraph(model, options))
          .initialisers.filter(({ name }) => name.endsWith(".kernel"))
          .map(({ type }) => type),
      );
    expect(typesOf({ dataType: "fp32" })).toEqual(new Set(["float32"]));
    expect(typesOf({ dataType: "fp16" })).toEqual(new Set(["float16"]));
    // The first layer takes landmarks, which int8 has too few steps for.
    const first = ["float16", ...model.layers.slice(1).map(() => "int8")];
    expect(typesOf({ dataType: "int8", ranges })).toEqual(new Set(first));
  });
});

it.each([
  [{ opset: 9 }, "from 10 to 17"],
  [{ opset: 18 }, "from 10 to 17"],
  [{ opset: 12.5 }, "from 10 to 17"],
  [{ opset: 12, dataType: "int8", ranges: [1, 1] }, "from 13 to 17"],
] as const)("the operator set of %o is refused", (options, wanted) => {
  const write = () => classifierGraph(randomModel(1), options);
  expect(write).toThrow(expect.objectContaining({ code: "usage", message: expect.stringContaining(wanted) }));
});

it("weights that float16 cannot hold are refused, not written as infinity", () => {
  const model = randomModel(2, networkSpec([4], { batchNorm: false }));
  model.layers[0]!.kernel[7] = 70000;
  expect(() => classifierGraph(model, { dataType: "fp16" })).toThrow(/70000.*hidden1\.kernel/);
});

describe("calibrate", () => {
  const model = randomModel(3);

  it("gives the same ranges for the same faces, whatever the batch", async () => {
    const { landmarks } = faces;
    const ranges = await calibrate(model, { landmarks });
    expect(await calibrate(model, { landmarks, batchSize: 7 })).toEqual(ranges);
    for (const range of ranges) expect(range).toBeGreaterThan(0);
  });

  it("refuses no faces, and faces without a shape", async () => {
    const none = calibrate(model, { landmarks: new Float32Array(0) });
    await expect(none).rejects.toMatchObject({ code: "dataset-empty" });
    const collapsed = calibrate(model, { landmarks: new Float32Array(136).fill(5) });
    await expect(collapsed).rejects.toMatchObject({ code: "landmarks-not-finite" });
  });

  it("can be stopped", async () => {
    const stopped = calibrate(model, {
      landmarks: faces.landmarks,
      signal: AbortSignal.abort(new Error("stop")),
    });
    await expect(stopped).rejects.toThrow("stop");
  });
});
