import { describe, expect, it } from "vitest";
import { EmotionNetError } from "../errors.ts";
import { networkSpec } from "../network/spec.ts";
import { randomModel, randomSource } from "../testing/random-model.ts";
import type { Model, ModelMetadata } from "./model.ts";
import { readModel, writeModel } from "./model-file.ts";
import { readSafetensors, type TensorFile, writeSafetensors } from "./safetensors.ts";

const model = randomModel(1, networkSpec([5, 3]));

/** The model's file with some metadata texts replaced. */
function withText(changes: Record<string, string>): Uint8Array {
  const { tensors, metadata } = readSafetensors(writeModel(model));
  return writeSafetensors({ tensors, metadata: { ...metadata, ...changes } });
}

function withTensors(change: (tensors: Map<string, unknown>) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(writeModel(model));
  const changed = new Map(tensors);
  change(changed);
  return writeSafetensors({ tensors: changed, metadata } as TensorFile);
}

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

const vector = (...values: number[]) => ({
  type: "F32",
  shape: [values.length],
  data: Float32Array.from(values),
});

describe("model file", () => {
  it("gives back random models of any shape, byte for byte when written again", () => {
    const random = randomSource(7);
    for (let seed = 0; seed < 40; seed++) {
      const hidden = Array.from({ length: Math.floor(random() * 4) }, () => 1 + Math.floor(random() * 20));
      const classes = Array.from({ length: 2 + Math.floor(random() * 6) }, (_, index) => `class ${index}`);
      const written = randomModel(seed, networkSpec(hidden, { classes, batchNorm: random() < 0.5 }));
      const bytes = writeModel(written);
      expect(readModel(bytes)).toEqual(written);
      expect(writeModel(readModel(bytes))).toEqual(bytes);
    }
  });

  it("names its tensors as Keras does", () => {
    const names = [...readSafetensors(writeModel(model)).tensors.keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        "dense_1/kernel",
        "dense_2/bias",
        "batch_norm_2/moving_variance",
        "softmax/kernel",
        "shape/mean",
      ]),
    );
  });

  it("gives a valid model or an EmotionNetError for every file cut short", () => {
    const bytes = writeModel(model);
    for (let length = 0; length < bytes.length; length++) {
      expect(thrown(() => readModel(bytes.slice(0, length)))).toMatchObject({
        name: "EmotionNetError",
        code: "model-damaged",
      });
    }
  });

  it("gives a valid model or an EmotionNetError for random changes of bytes", () => {
    const bytes = writeModel(model);
    const random = randomSource(3);
    const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 3000; round++) {
      const changed = bytes.slice();
      // Two rounds in three aim at the header, where the structure is.
      const reach = round % 3 === 0 ? bytes.length : headerLength + 8;
      for (let flip = 0; flip <= round % 4; flip++)
        changed[Math.floor(random() * reach)]! ^= 1 << Math.floor(random() * 8);
      const error = thrown(() => readModel(changed));
      if (error === undefined) outcomes.read += 1;
      else {
        expect(error).toBeInstanceOf(EmotionNetError);
        outcomes.refused += 1;
      }
    }
    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(1000);
  });

  it.each<[string, Record<string, string>, string, string]>([
    ["another format", { format: "emotionnet-9" }, "model-metadata", "format"],
    ["another normalisation", { normalisation: "box-1" }, "model-metadata", "box-1"],
    ["another scheme", { scheme: "ibug-300" }, "model-metadata", "ibug-300"],
    ["a scheme of other points", { scheme: "points-80" }, "model-metadata", "160 for points-80"],
    ["a scheme of a mesh", { scheme: "mesh-468" }, "model-metadata", "mesh-468"],
    ["a temperature of 0", { temperature: "0" }, "model-metadata", "temperature"],
    ["a temperature that is text", { temperature: '"1"' }, "model-metadata", "temperature"],
    ["a spec that is not JSON", { spec: "{" }, "model-metadata", "spec"],
    ["thresholds above 1", { abstain: '{"confidence":2,"quality":0}' }, "model-metadata", "abstain"],
    ["a metric that is text", { metrics: '{"f1":"good"}' }, "model-metadata", "metrics"],
    ["a width that lies", { spec: JSON.stringify(networkSpec([5, 4])) }, "model-shape", "dense_2/kernel"],
    ["a layer too many", { spec: JSON.stringify(networkSpec([5, 3, 3])) }, "model-shape", "dense_3/kernel"],
    ["an endless width", { spec: JSON.stringify(networkSpec([1e9])) }, "model-metadata", "hidden"],
    [
      "an empty class list",
      { spec: JSON.stringify(networkSpec([5, 3], { classes: [] })) },
      "model-classes",
      "[]",
    ],
    [
      "a class twice",
      { spec: JSON.stringify(networkSpec([5, 3], { classes: ["a", "a"] })) },
      "model-classes",
      '"a"',
    ],
    [
      "an empty class name",
      { spec: JSON.stringify(networkSpec([5, 3], { classes: ["a", " "] })) },
      "model-classes",
      " ",
    ],
    [
      "a class named unknown",
      { spec: JSON.stringify(networkSpec([5, 3], { classes: ["a", "unknown"] })) },
      "model-classes",
      "unknown",
    ],
    [
      "a class missing",
      { spec: JSON.stringify(networkSpec([5, 3], { classes: ["a", "b"] })) },
      "model-classes",
      "2 classes",
    ],
  ])("refuses %s", (_, text, code, message) => {
    expect(thrown(() => readModel(withText(text)))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, (tensors: Map<string, unknown>) => void, string, string]>([
    ["a missing tensor", (tensors) => tensors.delete("dense_1/bias"), "model-shape", "dense_1/bias"],
    [
      "a tensor of another type",
      (tensors) => tensors.set("dense_1/bias", { type: "I32", shape: [5], data: new Int32Array(5) }),
      "model-shape",
      "dense_1/bias",
    ],
    [
      "a turned kernel",
      (tensors) => tensors.set("dense_2/kernel", { type: "F32", shape: [3, 5], data: new Float32Array(15) }),
      "model-shape",
      "dense_2/kernel",
    ],
    ["a stranger", (tensors) => tensors.set("dense_9/kernel", vector(1)), "model-shape", "dense_9/kernel"],
    [
      "a weight that is not a number",
      (tensors) => tensors.set("dense_2/bias", vector(1, Number.NaN, 1)),
      "model-damaged",
      "dense_2/bias",
    ],
    [
      "a negative variance",
      (tensors) => tensors.set("batch_norm_2/moving_variance", vector(1, -1, 1)),
      "model-damaged",
      "batch_norm_2/moving_variance",
    ],
    [
      "residuals in the wrong order",
      (tensors) => tensors.set("shape/residual", { type: "F64", shape: [2], data: Float64Array.of(2, 1) }),
      "model-damaged",
      "shape/residual",
    ],
  ])("refuses %s", (_, change, code, name) => {
    expect(thrown(() => readModel(withTensors(change)))).toMatchObject({
      code,
      message: expect.stringContaining(name),
    });
  });

  it("does not write a model that could not be read back", () => {
    const broken: Model = { ...model, metadata: { ...model.metadata, temperature: -1 } as ModelMetadata };
    expect(() => writeModel(broken)).toThrow(/temperature/);
    expect(() => writeModel({ ...model, layers: model.layers.slice(1) })).toThrow(/layers/);
  });
});
