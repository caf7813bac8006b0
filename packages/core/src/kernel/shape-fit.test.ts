import { describe, expect, it } from "vitest";
import type { ShapeModel } from "../file/model.ts";
import { networkSpec } from "../network/spec.ts";
import { foldBatchNorm } from "../network/weights.ts";
import { randomModel, randomSource } from "../testing/random-model.ts";
import { createKernel } from "./kernel.ts";
import { fitShape, type ShapeFit } from "./shape-fit.ts";

const random = randomSource(31);
const values = (length: number, low: number, high: number) =>
  Float32Array.from({ length }, () => low + (high - low) * random());

/** Components short enough that no sum of squares becomes negative; that they are no basis does not matter here. */
const shapeOf = (componentCount: number, isPlausible: boolean): ShapeModel => ({
  mean: values(136, -1, 1),
  components: values(componentCount * 136, -0.02, 0.02),
  componentCount,
  residual: [0.1, 0.2],
  ...(isPlausible
    ? {
        plausibility: {
          variances: values(componentCount, 0.01, 2),
          turn: values(137, -3, 3),
          limits: [{ yaw: 0, residual: [0.1, 0.2], distance: [1, 2] }],
        },
      }
    : {}),
});

/** The formulas, component by component. */
function expectedFit(shape: ShapeModel, face: Float32Array): ShapeFit {
  const { mean, components, componentCount, plausibility } = shape;
  const times = (row: Float32Array) =>
    mean.reduce((sum, value, index) => sum + row[index]! * (face[index]! - value), 0);
  const products = Array.from({ length: componentCount }, (_, component) =>
    times(components.subarray(component * 136, (component + 1) * 136)),
  );
  const squares = products.reduce(
    (rest, product) => rest - product ** 2,
    times(face.slice(0, 136).map((value, index) => value - mean[index]!)),
  );
  if (!plausibility) return { residual: Math.sqrt(squares / 68), distance: 0, yaw: undefined };
  const { variances, turn } = plausibility;
  const unusual = products.reduce((sum, product, index) => sum + product ** 2 / variances[index]!, 0);
  const yaw = Math.max(-90, Math.min(90, turn[136]! + times(turn)));
  return {
    residual: Math.sqrt(squares / 68),
    distance: Math.sqrt(unusual / Math.max(componentCount, 1)),
    yaw,
  };
}

describe.each([136, 160, 208])("the fit of a shape model to a face of %d values", (inputs) => {
  const layers = foldBatchNorm(randomModel(3, networkSpec([8], { inputs })).layers);
  const kernelsOf = (shape: ShapeModel) =>
    Promise.all([
      createKernel({ layers, shape }, "simd"),
      createKernel({ layers, shape }, "simd", "int16"),
      createKernel({ layers, shape }, "scalar"),
    ]);

  it.each([0, 1, 3, 4, 5, 8, 9, 24, 136])("follows the formulas with %d components", async (count) => {
    for (const isPlausible of [false, true]) {
      const shape = shapeOf(count, isPlausible);
      for (const kernel of await kernelsOf(shape)) {
        const face = values(inputs, -1, 1);
        kernel.input.set(face);
        const { residual, distance, yaw } = kernel.fitShape();
        const expected = expectedFit(shape, face);
        expect(residual).toBeCloseTo(expected.residual, 6);
        expect(distance).toBeCloseTo(expected.distance, 6);
        if (expected.yaw === undefined) expect(yaw).toBeUndefined();
        else expect(yaw).toBeCloseTo(expected.yaw, 4);
      }
    }
  });

  it("has the same bits on every kernel, before and after the layers ran", async () => {
    for (const count of [0, 5, 24]) {
      const shape = shapeOf(count, true);
      const kernels = await kernelsOf(shape);
      for (let turn = 0; turn < 20; turn++) {
        const face = values(inputs, -1, 1);
        const expected = fitShape(shape, face);
        for (const kernel of kernels) {
          kernel.input.set(face);
          expect(kernel.fitShape()).toEqual(expected);
          kernel.run(1);
          expect(kernel.fitShape()).toEqual(expected);
        }
      }
    }
  });

  it("does not disturb the layers", async () => {
    for (const kernel of await kernelsOf(shapeOf(24, true))) {
      kernel.input.set(values(2 * inputs, -1, 1));
      kernel.run(2);
      const logits = kernel.output.slice();
      kernel.fitShape();
      kernel.run(2);
      expect(kernel.output).toEqual(logits);
    }
  });
});

describe("fitShape", () => {
  it("starts where it is told to and keeps models of the same components apart", () => {
    const shape = shapeOf(9, true);
    const fewer = { ...shape, componentCount: 2 };
    const faces = values(3 * 136, -1, 1);
    for (const model of [shape, fewer, shape]) {
      const fit = fitShape(model, faces, 136);
      expect(fit).toEqual(fitShape(model, faces.slice(136, 272)));
      expect(fit.residual).toBeCloseTo(expectedFit(model, faces.slice(136, 272)).residual, 6);
    }
  });

  it("never says more than a quarter turn", () => {
    const shape = shapeOf(1, true);
    const { plausibility } = shape;
    for (const sign of [-1, 1]) {
      const turn = new Float32Array(137).fill(500 * sign, 136);
      expect(fitShape({ ...shape, plausibility: { ...plausibility!, turn } }, shape.mean).yaw).toBe(
        90 * sign,
      );
    }
  });
});
