import { EXPRESSIONS, foldBatchNorm, MEAN_SHAPE, type Model, normalise } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { createSession } from "@emotionnet/onnx";
import { describe, expect, it } from "vitest";
import { Random } from "../generator/random.ts";
import { CLASSIFIER_INPUT, CLASSIFIER_OUTPUT, classifierGraph } from "./classifier-graph.ts";

/** Faces in pixels: the mean face turned, scaled, moved by up to 4000 pixels and jittered. */
function randomFaces(random: Random, count: number): Float32Array {
  const faces = new Float32Array(count * 136);
  for (let face = 0; face < count; face++) {
    const angle = random.uniform(-2, 2);
    const size = random.uniform(20, 200);
    const [left, top] = [random.uniform(0, 4000), random.uniform(0, 4000)];
    for (let point = 0; point < 68; point++) {
      const x = MEAN_SHAPE[2 * point]! + 0.1 * random.normal();
      const y = MEAN_SHAPE[2 * point + 1]! + 0.1 * random.normal();
      faces[face * 136 + 2 * point] = left + size * (Math.cos(angle) * x - Math.sin(angle) * y);
      faces[face * 136 + 2 * point + 1] = top + size * (Math.sin(angle) * x + Math.cos(angle) * y);
    }
  }
  return faces;
}

/** The answer in plain float64 loops: the independent reference. */
function probabilitiesOf(model: Model, landmarks: Float32Array): number[] {
  let activations = Array.from(normalise(landmarks));
  const layers = foldBatchNorm(model.layers);
  layers.forEach(({ inputs, outputs, kernel, bias }, index) => {
    const linear = Array.from(bias, (start, unit) => {
      let sum = start;
      for (let input = 0; input < inputs; input++)
        sum += activations[input]! * kernel[input * outputs + unit]!;
      return sum;
    });
    activations = index < layers.length - 1 ? linear.map((value) => Math.max(0, value)) : linear;
  });
  const exponentials = activations.map((logit) => Math.exp(logit / model.metadata.temperature));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

describe("classifierGraph", () => {
  const random = new Random(4);
  const model = randomModel(4);
  const bytes = classifierGraph(model);

  it.each([1, 2, 33])(
    "gives the network's probabilities for %i raw faces anywhere in a large picture",
    async (count) => {
      const session = await createSession(bytes);
      expect(session.inputNames).toEqual([CLASSIFIER_INPUT]);
      const faces = randomFaces(random, count);
      const outputs = await session.run({
        [CLASSIFIER_INPUT]: session.tensor("float32", [count, 1, 136, 1], faces),
      });
      const { dims, data } = outputs[CLASSIFIER_OUTPUT]!;
      expect(dims).toEqual([count, EXPRESSIONS.length]);
      for (let face = 0; face < count; face++) {
        const expected = probabilitiesOf(model, faces.subarray(face * 136, face * 136 + 136));
        for (const [column, probability] of expected.entries()) {
          expect(Math.abs(Number(data[face * 6 + column]) - probability)).toBeLessThan(1e-5);
        }
      }
      await session.release();
    },
  );

  it("takes normalised landmarks too", async () => {
    const session = await createSession(bytes);
    const face = randomFaces(random, 1);
    const answers = [face, normalise(face)].map(async (points) => {
      const feeds = { [CLASSIFIER_INPUT]: session.tensor("float32", [1, 1, 136, 1], points) };
      return Array.from((await session.run(feeds))[CLASSIFIER_OUTPUT]!.data as Float32Array);
    });
    const [raw, normalised] = await Promise.all(answers);
    raw!.forEach((value, index) => {
      expect(Math.abs(value - normalised![index]!)).toBeLessThan(1e-5);
    });
    await session.release();
  });

  it("writes equal bytes for equal models", () => {
    expect(classifierGraph(model)).toEqual(bytes);
  });
});
