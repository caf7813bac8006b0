import { shapeQuality } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { Random } from "../generator/random.ts";
import { fitShapeModel } from "./fit-shape-model.ts";

/** Shapes that vary along three known directions, with a little noise. */
function shapesOf(count: number, random: Random): { values: Float32Array; directions: Float64Array[] } {
  const directions = [0, 1, 2].map((which) =>
    Float64Array.from({ length: 136 }, (_, index) => Math.sin((which + 1) * (index + 1))),
  );
  const values = new Float32Array(count * 136);
  for (let row = 0; row < count; row++) {
    const weights = [3, 2, 1].map((size) => random.normal(size));
    for (let index = 0; index < 136; index++) {
      const moved = directions.reduce(
        (sum, direction, which) => sum + weights[which]! * direction[index]!,
        0,
      );
      values[row * 136 + index] = Math.cos(index) + moved + random.normal(0.01);
    }
  }
  return { values, directions };
}

describe("fitShapeModel", () => {
  const { values, directions } = shapesOf(2000, new Random(1));
  const shape = fitShapeModel(values, 3);
  const row = (component: number) => shape.components.subarray(component * 136, (component + 1) * 136);
  const product = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    Array.from(one).reduce((sum, value, index) => sum + value * other[index]!, 0);

  it("finds orthonormal components that span the directions of the data", () => {
    for (const [i, j] of [
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      expect(product(row(i), row(j))).toBeCloseTo(i === j ? 1 : 0, 5);
    }
    for (const direction of directions) {
      const explained = [0, 1, 2].reduce(
        (sum, component) => sum + product(row(component), direction) ** 2,
        0,
      );
      expect(explained / product(direction, direction)).toBeCloseTo(1, 3);
    }
  });

  it("knows the residual of ordinary shapes and trusts no others", () => {
    const [typical, worst] = shape.residual;
    expect(typical / (0.01 * Math.sqrt(2 * (133 / 136)))).toBeCloseTo(1, 1);
    expect(worst).toBeGreaterThan(typical);
    expect(shapeQuality(shape, values, 136 * 5)).toBeGreaterThan(0.4);
    const random = new Random(2);
    expect(
      shapeQuality(
        shape,
        Float32Array.from({ length: 136 }, () => random.normal()),
      ),
    ).toBeLessThan(0.01);
  });

  it("keeps fewer components than samples", () => {
    expect(fitShapeModel(values.subarray(0, 136 * 3), 24).componentCount).toBe(2);
  });
});
