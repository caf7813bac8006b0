import { describe, expect, it } from "vitest";
import type { Model, ModelMetadata } from "../file/model.ts";
import { readModel, writeModel } from "../file/model-file.ts";
import { FACES_PER_RUN } from "../kernel/kernel.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { normalise } from "../landmarks/normalise.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";
import { networkSpec } from "../network/spec.ts";
import { randomModel, randomSource } from "../testing/random-model.ts";
import { EmotionNet } from "./emotion-net.ts";
import { shapeQuality, shapeResidual } from "./shape-quality.ts";

const random = randomSource(9);
const model = randomModel(4);

/** Mean faces with moved points, in pixels. */
const randomFaces = (count: number) =>
  Float32Array.from(
    { length: count * LANDMARK_VALUES },
    (_, index) => 300 + 60 * (MEAN_SHAPE[index % LANDMARK_VALUES]! + 0.2 * (random() - 0.5)),
  );

const withMetadata = (changes: Partial<ModelMetadata>): Model => ({
  ...model,
  metadata: { ...model.metadata, ...changes },
});

const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe.each(["simd", "scalar"] as const)("EmotionNet on the %s kernel", (kernel) => {
  it("says which kernel it runs on and what the model says of itself", async () => {
    const net = await EmotionNet.load(model, { kernel });
    expect(net.kernelName).toBe(kernel);
    expect(net.classes).toEqual(model.metadata.spec.classes);
    expect(net.metadata).toEqual(model.metadata);
  });

  it("gives probabilities that are the softmax of logits over temperature", async () => {
    const net = await EmotionNet.load(withMetadata({ temperature: 2.5 }), { kernel });
    const face = randomFaces(1);
    const powers = Array.from(net.logits(face), (logit) => Math.exp(logit / 2.5));
    const sum = powers.reduce((total, power) => total + power, 0);
    const { probabilities, confidence, expression, reason } = net.classify(face);
    net.classes.forEach((name, index) => {
      expect(probabilities[name]).toBeCloseTo(powers[index]! / sum, 6);
    });
    expect(confidence).toBe(Math.max(...Object.values(probabilities)));
    expect(probabilities[expression]).toBe(confidence);
    expect(reason).toBeUndefined();
  });

  it("gives a batch the same answers as its faces one by one, beyond one run of the kernel", async () => {
    const net = await EmotionNet.load(model, { kernel });
    const count = 2 * FACES_PER_RUN + 3;
    const faces = randomFaces(count);
    const batch = net.classifyBatch(faces, count);
    for (let face = 0; face < count; face++) {
      const { probabilities } = net.classify(
        faces.subarray(face * LANDMARK_VALUES, (face + 1) * LANDMARK_VALUES),
      );
      expect(Array.from(batch.subarray(face * 6, face * 6 + 6))).toEqual(Object.values(probabilities));
    }
    expect(net.classifyBatch(Array.from(faces), count)).toEqual(batch);
  });

  it("writes into the target it is given and leaves the rest alone", async () => {
    const net = await EmotionNet.load(model, { kernel });
    const faces = randomFaces(2);
    const target = new Float32Array(15).fill(9);
    expect(net.classifyBatch(faces, 2, target)).toBe(target);
    expect(target.subarray(0, 12)).toEqual(net.classifyBatch(faces, 2));
    expect(Array.from(target.subarray(12))).toEqual([9, 9, 9]);
    expect(() => net.classifyBatch(faces, 2, new Float32Array(11))).toThrow(/at least 12/);
    expect(net.classifyBatch([], 0)).toHaveLength(0);
  });

  it("names the face of a batch that cannot be classified", async () => {
    const net = await EmotionNet.load(model, { kernel });
    const faces = randomFaces(100);
    expect(() => net.classifyBatch(faces, 99)).toThrow(
      thrown("landmarks-count", /13600 values for 99 faces/),
    );
    faces[88 * LANDMARK_VALUES + 5] = Number.NaN;
    expect(() => net.classifyBatch(faces, 100)).toThrow(thrown("landmarks-not-finite", /face 88 /));
    faces.fill(1, 88 * LANDMARK_VALUES, 89 * LANDMARK_VALUES);
    expect(() => net.classifyBatch(faces, 100)).toThrow(thrown("landmarks-degenerate", /face 88 /));
    faces.set(randomFaces(1), 88 * LANDMARK_VALUES);
    expect(net.classifyBatch(faces, 100).every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("abstains with the reason and still gives its numbers", async () => {
    const face = randomFaces(1);
    const unsure = await EmotionNet.load(withMetadata({ abstain: { confidence: 1, quality: 0 } }), {
      kernel,
    });
    expect(unsure.classify(face)).toMatchObject({ expression: "unknown", reason: "low-confidence" });
    expect(unsure.classify(face).confidence).toBeGreaterThan(0);
    const strict: Model = {
      ...withMetadata({ abstain: { confidence: 1, quality: 0.5 } }),
      shape: { ...model.shape, mean: Float32Array.from(MEAN_SHAPE), residual: [0.001, 0.002] },
    };
    const net = await EmotionNet.load(strict, { kernel });
    expect(net.classify(face)).toMatchObject({ expression: "unknown", reason: "occluded" });
    expect(net.classify(face).quality).toBeLessThan(0.01);
    expect(net.classify(MEAN_SHAPE)).toMatchObject({ reason: "low-confidence", quality: 1 });
  });

  it("takes lists and pairs as it takes a Float32Array, and leaves them as they are", async () => {
    const net = await EmotionNet.load(model, { kernel });
    const [face, other] = [randomFaces(1), randomFaces(1)];
    const before = face.slice();
    const pairs = Array.from({ length: 68 }, (_, i): [number, number] => [face[2 * i]!, face[2 * i + 1]!]);
    const answer = net.classify(face);
    const kept = structuredClone(answer);
    for (const points of [Array.from(face), Float64Array.from(face), pairs]) {
      net.classify(other);
      expect(net.classify(points)).toEqual(answer);
    }
    expect(face).toEqual(before);
    expect(answer).toEqual(kept);
    expect(Object.keys(answer)).toEqual(["expression", "confidence", "probabilities", "quality"]);
  });

  it("refuses 67 points and NaN, and classifies the next face as before", async () => {
    const net = await EmotionNet.load(model, { kernel });
    const face = randomFaces(1);
    const answer = net.classify(face);
    expect(() => net.classify(new Float32Array(134))).toThrow(thrown("landmarks-count", /67 points/));
    expect(() => net.classify(new Float32Array(136).fill(Number.NaN))).toThrow(
      thrown("landmarks-not-finite", /NaN/),
    );
    for (let index = 0; index < LANDMARK_VALUES; index++) {
      const points = face.slice();
      points[index] = Number.POSITIVE_INFINITY;
      const name = `${index % 2 === 0 ? "x" : "y"} of point ${index >> 1} `;
      expect(() => net.classify(points)).toThrow(thrown("landmarks-not-finite", new RegExp(name)));
    }
    expect(net.classify(face)).toEqual(answer);
  });

  it("gives the same answers after a way through a file", async () => {
    const face = randomFaces(1);
    const [one, other] = [
      await EmotionNet.load(model, { kernel }),
      await EmotionNet.load(readModel(writeModel(model)), { kernel }),
    ];
    expect(other.classify(face)).toEqual(one.classify(face));
  });
});

describe("shape quality", () => {
  it("is 1 up to the typical residual, 0.5 at the worst, and falls on", () => {
    const mean = normalise(MEAN_SHAPE);
    const shape = { mean, components: new Float32Array(0), componentCount: 0, residual: [0.1, 0.3] as const };
    const away = (distance: number) =>
      mean.map((value, index) => (index % 2 === 0 ? value + distance : value));
    expect(shapeResidual(shape, away(0.2))).toBeCloseTo(0.2, 5);
    expect(shapeQuality(shape, away(0.05))).toBe(1);
    expect(shapeQuality(shape, away(0.3))).toBeCloseTo(0.5, 4);
    const falling = [0.15, 0.2, 0.25, 0.35, 0.5].map((distance) => shapeQuality(shape, away(distance)));
    expect(falling).toEqual(falling.toSorted((one, other) => other - one));
    expect(falling.at(-1)).toBeLessThan(0.1);
  });

  it("does not count what a component explains", () => {
    const mean = normalise(MEAN_SHAPE);
    const components = new Float32Array(LANDMARK_VALUES).fill(1 / Math.sqrt(LANDMARK_VALUES));
    const shape = { mean, components, componentCount: 1, residual: [0.1, 0.3] as const };
    const shifted = mean.map((value) => value + 5);
    expect(shapeResidual(shape, shifted)).toBeCloseTo(0, 2);
    expect(shapeResidual({ ...shape, componentCount: 0 }, shifted)).toBeCloseTo(5 * Math.SQRT2, 3);
  });
});

describe.each([
  ["points-80", 80],
  ["points-104", 104],
] as const)("a model of the scheme %s", (scheme, count) => {
  const values = 2 * count;
  const wide = randomModel(5, networkSpec([24, 12], { inputs: values }));
  /** Faces of 68 points with further ones anywhere near the eyes. */
  const wideFaces = (faces: number) => {
    const first = randomFaces(faces);
    return Float32Array.from({ length: faces * values }, (_, index) => {
      const [face, at] = [Math.floor(index / values), index % values];
      return at < LANDMARK_VALUES ? first[face * LANDMARK_VALUES + at]! : 260 + 80 * random();
    });
  };

  it("answers by all of its points, the same on both kernels, one by one and in a batch", async () => {
    expect(wide.metadata.scheme).toBe(scheme);
    const [simd, scalar] = await Promise.all(
      (["simd", "scalar"] as const).map((kernel) => EmotionNet.load(writeModel(wide), { kernel })),
    );
    const faces = wideFaces(70);
    const batch = simd!.classifyBatch(faces, 70);
    scalar!.classifyBatch(faces, 70).forEach((value, index) => {
      expect(Math.abs(value - batch[index]!)).toBeLessThan(1e-5);
    });
    const face = faces.subarray(69 * values);
    expect(Object.values(simd!.classify(face).probabilities)).toEqual(Array.from(batch.subarray(69 * 6)));
    const moved = face.slice();
    moved[values - 1]! += 20;
    expect(simd!.logits(moved)).not.toEqual(simd!.logits(face));
    // Position, size and roll of the picture do not matter to the further points either.
    const similar = face.map((_, index) => {
      const [x, y] = [face[index - (index % 2)]!, face[index - (index % 2) + 1]!];
      return 3 * (index % 2 === 0 ? 0.8 * x - 0.6 * y : 0.6 * x + 0.8 * y) - 40;
    });
    const [one, other] = [simd!.logits(face), simd!.logits(similar)];
    one.forEach((logit, id) => {
      expect(logit).toBeCloseTo(other[id]!, 3);
    });
    expect(normalise(face, values).subarray(0, LANDMARK_VALUES)).toEqual(normalise(face));
  });

  it("judges quality by the first 68, takes more points than it needs, and refuses fewer", async () => {
    const net = await EmotionNet.load(wide);
    const face = wideFaces(1);
    expect(net.classify(face).quality).toBe(shapeQuality(wide.shape, normalise(face)));
    const more = Float32Array.from({ length: 208 }, (_, index) => face[index] ?? 5);
    expect(net.classify(more)).toEqual(net.classify(face));
    for (const few of [randomFaces(1), new Float32Array(2 * 478).map((_, index) => index)]) {
      expect(() => net.classify(few)).toThrow(
        thrown("landmarks-count", new RegExp(`points for a model of ${count}\\b`)),
      );
    }
    expect(() => net.classifyBatch(randomFaces(2), 2)).toThrow(
      thrown("landmarks-count", new RegExp(`${values} values for each face`)),
    );
    // And a model of 68 goes on taking the first 68 of such a face.
    const small = await EmotionNet.load(model);
    expect(small.classify(face)).toEqual(small.classify(face.subarray(0, LANDMARK_VALUES)));
  });

  it("follows a face through time, but has no neutral baseline", async () => {
    const net = await EmotionNet.load(wide);
    const face = wideFaces(1);
    const track = net.track();
    expect(track.correct(face)).toEqual(face);
    expect(track.push(0, net.classify(face), face).smoothed.confidence).toBeGreaterThan(0);
    expect(() => track.correct(randomFaces(1))).toThrow(thrown("landmarks-count", /68 points for a model/));
    expect(() => net.track({ neutralBaseline: "on" })).toThrow(thrown("usage", new RegExp(scheme)));
  });
});
