import { expect, test } from "vitest";
import type { Model } from "../file/model.ts";
import { readModel, writeModel } from "../file/model-file.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";
import { randomModel } from "../testing/random-model.ts";
import { reasonToAbstain } from "./abstain.ts";
import { EmotionNet } from "./emotion-net.ts";
import { shapeQuality, shapeYaw } from "./shape-quality.ts";

const thresholds = { confidence: 0.5, quality: 0.4, yaw: 60, size: 20 };
const good = { confidence: 0.9, quality: 0.9, yaw: 0, size: 100 };

test("a good face gets an answer, and each fault has its reason", () => {
  expect(reasonToAbstain(thresholds, good)).toBeUndefined();
  expect(reasonToAbstain(thresholds, { ...good, confidence: 0.49 })).toBe("low-confidence");
  expect(reasonToAbstain(thresholds, { ...good, quality: 0.39 })).toBe("occluded");
  expect(reasonToAbstain(thresholds, { ...good, yaw: 61 })).toBe("profile");
  expect(reasonToAbstain(thresholds, { ...good, yaw: -61 })).toBe("profile");
  expect(reasonToAbstain(thresholds, { ...good, size: 19 })).toBe("too-small");
});

test("size comes before quality, quality before yaw, yaw before confidence", () => {
  const bad = { confidence: 0, quality: 0, yaw: 80, size: 1 };
  expect(reasonToAbstain(thresholds, bad)).toBe("too-small");
  expect(reasonToAbstain(thresholds, { ...bad, size: undefined })).toBe("occluded");
  expect(reasonToAbstain(thresholds, { ...bad, size: 20, quality: 1 })).toBe("profile");
  expect(reasonToAbstain(thresholds, { ...bad, size: 20, quality: 1, yaw: undefined })).toBe(
    "low-confidence",
  );
});

test("thresholds that are absent or off never abstain", () => {
  const bad = { confidence: 0, quality: 0, yaw: 90, size: 0.1 };
  expect(reasonToAbstain({ confidence: 0, quality: 0 }, bad)).toBeUndefined();
  expect(reasonToAbstain({ confidence: 0, quality: 0, yaw: 90, size: 0 }, bad)).toBeUndefined();
});

/** Knows one component, sees yaw in the x of the nose tip, and allows turned heads more. */
const noseTip = 2 * 30;
const component = Float32Array.from({ length: LANDMARK_VALUES }, (_, index) => (index === 0 ? 1 : 0));
const turn = Float32Array.from({ length: LANDMARK_VALUES + 1 }, (_, index) => (index === noseTip ? 100 : 0));
const model: Model = {
  ...randomModel(3),
  shape: {
    mean: Float32Array.from(MEAN_SHAPE),
    components: component,
    componentCount: 1,
    residual: [0, 1],
    plausibility: {
      variances: Float32Array.of(0.01),
      turn,
      limits: [
        { yaw: 0, residual: [0.1, 0.2], distance: [1, 2] },
        { yaw: 40, residual: [0.3, 0.6], distance: [1, 2] },
      ],
    },
  },
};
const { shape } = model;
const changed = (index: number, by: number) =>
  Float32Array.from(MEAN_SHAPE, (value, at) => (at === index ? value + by : value));

test("a shape may lie inside the components and still be no ordinary face", () => {
  expect(shapeQuality(shape, changed(0, 0.1))).toBeCloseTo(1, 9); // one standard deviation
  expect(shapeQuality(shape, changed(0, 0.2))).toBeCloseTo(0.5, 3);
  expect(shapeQuality(shape, changed(0, -0.3))).toBeCloseTo(2 ** -4, 3);
});

test("limits grow with the turn of the head, on straight lines", () => {
  expect(shapeYaw(shape, changed(noseTip, 0.2))).toBeCloseTo(20, 3);
  expect(shapeYaw(shape, changed(noseTip, -2))).toBe(-90);
  const moved = (yaw: number, residual: number) => {
    const face = changed(noseTip, yaw / 100);
    face[21] = MEAN_SHAPE[21]! + Math.sqrt(68 * residual ** 2 - (yaw / 100) ** 2);
    return shapeQuality(shape, face);
  };
  expect(moved(0, 0.2)).toBeCloseTo(0.5, 3);
  expect(moved(-20, 0.4)).toBeCloseTo(0.5, 3);
  expect(moved(40, 0.6)).toBeCloseTo(0.5, 3);
  expect(moved(80, 0.6)).toBeCloseTo(0.5, 3);
});

test("size counts only where the caller says that points are pixels, and the file keeps all of it", async () => {
  const metadata = { ...model.metadata, abstain: { confidence: 0, quality: 0, yaw: 60, size: 30 } };
  const net = await EmotionNet.load(readModel(writeModel({ ...model, metadata })));
  expect(net.model.shape).toEqual(shape);
  const small = MEAN_SHAPE.map((value) => 14 * value); // 28 pixels between the outer eye corners
  expect(net.classify(small).reason).toBeUndefined();
  expect(net.classify(small, { units: "pixels" })).toMatchObject({
    expression: "unknown",
    reason: "too-small",
  });
  expect(
    net.classify(
      small.map((value) => 2 * value),
      { units: "pixels" },
    ).reason,
  ).toBeUndefined();
});

test.each([
  ["shape/variances", { variances: Float32Array.of(0) }],
  ["shape/turn", { turn: turn.map(() => Number.NaN) }],
  ["shape/limits", { limits: [] }],
  ["shape/limits", { limits: [{ yaw: 0, residual: [2, 1], distance: [1, 2] }] }],
  ["shape/limits", { limits: [...shape.plausibility!.limits].reverse() }],
] as const)("refuses a model whose %s makes no sense", (name, change) => {
  const plausibility = { ...shape.plausibility!, ...change } as typeof shape.plausibility;
  const damaged = { ...model, shape: { ...shape, plausibility } } as Model;
  expect(() => writeModel(damaged)).toThrow(
    expect.objectContaining({ code: "model-damaged", message: expect.stringContaining(name) }),
  );
});

test.each([{ yaw: 91 }, { size: -1 }])("refuses the thresholds %o", (wrong) => {
  const metadata = { ...model.metadata, abstain: { confidence: 0, quality: 0, ...wrong } };
  expect(() => writeModel({ ...model, metadata })).toThrow(
    expect.objectContaining({ code: "model-metadata" }),
  );
});
