import { describe, expect, it } from "vitest";
import { randomModel, randomSource } from "../testing/random-model.ts";
import { layerShapes, networkSpec, PROFILES, parameterCount } from "./spec.ts";
import { BATCH_NORM_EPSILON, foldBatchNorm } from "./weights.ts";

describe("network spec", () => {
  it("has the size of the original as its reference profile", () => {
    // The original's file size tells 1,132,038 values: it has no batch norm after its first layer, ours has it after all.
    const firstBatchNorm = 4 * PROFILES.reference[0];
    expect(parameterCount(networkSpec(PROFILES.reference))).toBe(1_132_038 + firstBatchNorm);
  });

  it("counts what is stored", () => {
    const { layers, metadata } = randomModel(1, networkSpec([9, 4]));
    const stored = layers.flatMap(({ kernel, bias, batchNorm }) => [
      kernel,
      bias,
      ...Object.values(batchNorm ?? {}),
    ]);
    expect(parameterCount(metadata.spec)).toBe(stored.reduce((sum, values) => sum + values.length, 0));
    expect(parameterCount(networkSpec([], { batchNorm: false }))).toBe(136 * 6 + 6);
  });

  it("joins each layer to the next", () => {
    expect(layerShapes(networkSpec([9, 4]))).toEqual([
      [136, 9],
      [9, 4],
      [4, 6],
    ]);
  });
});

describe("foldBatchNorm", () => {
  it("equals the formula it folds", () => {
    const random = randomSource(2);
    for (const layer of randomModel(3, networkSpec([11, 7])).layers) {
      const [folded] = foldBatchNorm([layer]);
      const input = Array.from({ length: layer.inputs }, () => random() - 0.5);
      const dense = ({ kernel, bias, outputs }: typeof layer, unit: number) =>
        input.reduce((sum, value, row) => sum + value * kernel[row * outputs + unit]!, bias[unit]!);
      for (let unit = 0; unit < layer.outputs; unit++) {
        const plain = dense(layer, unit);
        const norm = layer.batchNorm;
        const expected = norm
          ? (norm.gamma[unit]! * (plain - norm.mean[unit]!)) /
              Math.sqrt(norm.variance[unit]! + BATCH_NORM_EPSILON) +
            norm.beta[unit]!
          : plain;
        expect(dense(folded!, unit)).toBeCloseTo(expected, 5);
      }
      expect(folded!.batchNorm).toBeUndefined();
    }
  });
});
