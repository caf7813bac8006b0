import { type Model, networkSpec, normalise } from "@emotionnet/core";
import { randomModel, randomSource } from "@emotionnet/core/testing";
import { GraphBuilder } from "@emotionnet/onnx";
import { describe, expect, it } from "vitest";
import { generateFaces } from "../generator/generate-faces.ts";
import { predictLandmarks } from "../trainer/predict.ts";
import { withBatchStatistics } from "./batch-statistics.ts";
import { calibrate } from "./calibrate.ts";
import { CLASSIFIER_INPUT, CLASSIFIER_OUTPUT, classifierGraph, deployedLayers } from "./classifier-graph.ts";
import { modelFromOnnx, readDeployedModel } from "./model-from-onnx.ts";

const faces = generateFaces({ persons: 2, samplesPerPerson: 30, seed: 4 });
const spec = networkSpec([20, 12]);
const model = randomModel(5, spec);

async function worstDifference(one: Model, other: Model): Promise<number> {
  const [first, second] = [
    await predictLandmarks(one, faces.landmarks, 1),
    await predictLandmarks(other, faces.landmarks, 1),
  ];
  return first.reduce((worst, value, index) => Math.max(worst, Math.abs(value - second[index]!)), 0);
}

/** The answers of weights read from a file whose temperature is folded in. */
function withLayers(layers: Model["layers"], network = spec): Model {
  return { ...model, layers, metadata: { ...model.metadata, spec: network, temperature: 1 } };
}

const vector = (length: number, seed: number, low: number, high: number) => {
  const random = randomSource(seed);
  return Float32Array.from({ length }, () => low + (high - low) * random());
};

/**
 * A classifier as tf2onnx writes Keras' layers: a reshape, MatMul and Add, batch norm as Mul and Add or as one operator
 * before or after the Relu, and weights in Constant nodes.
 */
function foreignGraph(order: "norm-relu" | "relu-norm" | "mul-add"): {
  bytes: Uint8Array;
  expected: (face: Float32Array) => number[];
} {
  const graph = new GraphBuilder("tf2onnx");
  const input = graph.input(CLASSIFIER_INPUT, "float32", ["unk__1", 1, 136, 1]);
  let value = graph.node("Reshape", [input, graph.integers("shape", [-1, 136])]);
  const widths = [136, 20, 12, 6];
  const steps: ((x: number[]) => number[])[] = [];
  for (let layer = 0; layer < 3; layer++) {
    const [inputs, outputs] = [widths[layer]!, widths[layer + 1]!];
    const reach = Math.sqrt(6 / inputs);
    const kernel = vector(inputs * outputs, 10 + layer, -reach, reach);
    const bias = vector(outputs, 20 + layer, -0.3, 0.3);
    const stored = graph.node("Constant", [], {
      value: { tensor: { type: "float32", dims: [inputs, outputs], data: kernel } },
    });
    value = graph.node("Add", [
      graph.constant(`dense_${layer}/bias`, bias, [outputs]),
      graph.node("MatMul", [value, stored]),
    ]);
    steps.push((x) =>
      Array.from(bias, (start, unit) =>
        x.reduce((sum, v, i) => sum + v * kernel[i * outputs + unit]!, start),
      ),
    );
    if (layer === 2) break;
    const [gamma, beta, mean, variance] = [
      vector(outputs, 30 + layer, 0.5, 1.5),
      vector(outputs, 40 + layer, -0.5, 0.5),
      vector(outputs, 50 + layer, -0.5, 0.5),
      vector(outputs, 60 + layer, 0.5, 1.5),
    ];
    const scale = gamma.map((g, unit) => g / Math.sqrt(variance[unit]! + 0.002));
    const shift = beta.map((b, unit) => b - mean[unit]! * scale[unit]!);
    const relu = () => {
      value = graph.node("Relu", [value]);
      steps.push((x) => x.map((v) => Math.max(0, v)));
    };
    if (order === "relu-norm") relu();
    if (order === "mul-add") {
      const product = graph.node("Mul", [value, graph.constant("scale", scale, [1, outputs])]);
      value = graph.node("Add", [product, graph.constant("shift", shift, [outputs])]);
    } else {
      const parts = { gamma, beta, mean, variance };
      const names = Object.entries(parts).map(([name, data]) => graph.constant(name, data, [outputs]));
      value = graph.node("BatchNormalization", [value, ...names], { epsilon: { float: 0.002 } });
    }
    steps.push((x) => x.map((v, unit) => v * scale[unit]! + shift[unit]!));
    if (order !== "relu-norm") relu();
  }
  graph.node("Softmax", [value], { axis: { int: 1 } }, CLASSIFIER_OUTPUT);
  graph.output(CLASSIFIER_OUTPUT, "float32", ["unk__1", 6]);
  const expected = (face: Float32Array) => {
    const logits = steps.reduce((x, step) => step(x), Array.from(normalise(face)));
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    return logits.map((logit) => Math.exp(logit) / sum);
  };
  return { bytes: graph.toModel(), expected };
}

describe("modelFromOnnx", () => {
  it.each(["fp32", "fp16"] as const)("takes this project's own export in %s", async (dataType) => {
    const { layers, report } = modelFromOnnx(classifierGraph(model, { dataType }), spec);
    const difference = await worstDifference(withLayers(layers), model);
    expect(difference).toBeLessThan(dataType === "fp32" ? 1e-6 : 2e-3);
    expect(report).toHaveLength(3);
    expect(report[0]).toMatch(
      /^Layer 1 \(136 x 20\): Gemm "hidden1\.kernel", "hidden1\.bias", batch norm added/,
    );
  });

  it("adds batch norm that changes no weight, and none where the network has none", () => {
    const bytes = classifierGraph(model);
    const deployed = deployedLayers(model);
    expect(deployedLayers(withLayers(modelFromOnnx(bytes, spec).layers))).toEqual(deployed);
    expect(modelFromOnnx(bytes, { ...spec, batchNorm: false }).layers).toEqual(deployed);
  });

  it.each(["norm-relu", "relu-norm", "mul-add"] as const)("takes graphs of tf2onnx: %s", async (order) => {
    const { bytes, expected } = foreignGraph(order);
    for (const network of [spec, { ...spec, batchNorm: false }]) {
      const { layers, report } = modelFromOnnx(bytes, network);
      const answers = await predictLandmarks(withLayers(layers, network), faces.landmarks, 1);
      for (let face = 0; face < faces.count; face++) {
        const wanted = expected(faces.landmarks.subarray(face * 136, face * 136 + 136));
        wanted.forEach((value, id) => {
          expect(Math.abs(value - answers[face * 6 + id]!)).toBeLessThan(1e-5);
        });
      }
      const isKept = order === "norm-relu" && network.batchNorm;
      expect(report[0]!.includes("as in the file")).toBe(isKept);
      expect(report[0]).toContain('Add "dense_0/bias"');
    }
  });

  it("fits added batch norm to faces, so that a batch of training leaves the function as it was", async () => {
    const { layers, addedNorms } = modelFromOnnx(classifierGraph(model), spec);
    expect(addedNorms).toEqual([0, 1]);
    const fitted = withBatchStatistics(layers, addedNorms, faces.landmarks);
    expect(await worstDifference(withLayers(fitted), model)).toBeLessThan(1e-5);
    for (const { batchNorm } of fitted.slice(0, 2)) {
      expect(batchNorm!.mean).toEqual(batchNorm!.beta);
      batchNorm!.gamma.forEach((gamma, unit) => {
        expect(gamma ** 2).toBeCloseTo(batchNorm!.variance[unit]! + 1e-3, 4);
      });
    }
    expect(fitted[2]).toEqual(layers[2]);
  });

  it("names the layers wanted and found when they differ", () => {
    const load = () => modelFromOnnx(classifierGraph(model), networkSpec([20, 14]));
    expect(load).toThrow(
      expect.objectContaining({
        code: "model-shape",
        message: expect.stringContaining("136 x 20, 20 x 12, 12 x 6; wanted 136 x 20, 20 x 14, 14 x 6"),
      }),
    );
  });

  it("refuses other classes, int8 weights, other operators and branches", async () => {
    const other = { ...spec, classes: [...spec.classes].reverse() };
    expect(() => modelFromOnnx(classifierGraph(model), other)).toThrow(
      expect.objectContaining({ code: "model-classes" }),
    );
    const ranges = await calibrate(model, { landmarks: faces.landmarks });
    const quantised = classifierGraph(model, { dataType: "int8", ranges });
    expect(() => modelFromOnnx(quantised, spec)).toThrow(/int8 weights/);
    expect(() => modelFromOnnx(smallGraph("Tanh"), networkSpec([3]))).toThrow(/operator Tanh/);
    expect(() => modelFromOnnx(smallGraph("Add"), networkSpec([3]))).toThrow(
      /operator Add.*without branches/,
    );
    expect(() => modelFromOnnx(smallGraph("Identity"), networkSpec([3]))).toThrow(/Gemm.*Relu between/);
  });
});

/** Two layers with another operator between them; Add joins both ends of a branch. */
function smallGraph(between: string): Uint8Array {
  const graph = new GraphBuilder("small");
  const x = graph.input("x", "float32", ["N", 136]);
  const first = graph.node("Gemm", [x, graph.constant("w", new Float32Array(136 * 3), [136, 3])]);
  const middle = between === "Add" ? [first, graph.node("Relu", [first])] : [first];
  const joined = graph.node(between, middle);
  graph.output(graph.node("Gemm", [joined, graph.constant("v", new Float32Array(18), [3, 6])]), "float32", [
    "N",
    6,
  ]);
  return graph.toModel();
}

describe("readDeployedModel", () => {
  it("gives the model back that was exported, so that a second export answers the same", async () => {
    const again = readDeployedModel(classifierGraph(model));
    expect(again.metadata).toEqual(model.metadata);
    expect(await worstDifference(again, model)).toBeLessThan(1e-6);
  });

  it("needs the metadata of this project", () => {
    expect(() => readDeployedModel(foreignGraph("norm-relu").bytes)).toThrow(
      expect.objectContaining({ code: "model-metadata" }),
    );
  });
});
