import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EmotionNet, LANDMARK_VALUES, MEAN_SHAPE } from "@emotionnet/core";
import { randomModel, randomSource } from "@emotionnet/core/testing";
import { createSession } from "@emotionnet/onnx";
import { CLASSIFIER_INPUT, CLASSIFIER_OUTPUT, classifierGraph } from "@emotionnet/train";
import { describe, expect, it } from "vitest";

/** One answer from all runtimes: core's kernels and ONNX Runtime on the exported graph. */

const TOLERANCE = 1e-5;

/** Mean faces in pixels, jittered, up to 4000 pixels from the origin. */
function faces(count: number): Float32Array {
  const random = randomSource(1);
  return Float32Array.from({ length: count * LANDMARK_VALUES }, (_, index) => {
    const face = Math.floor(index / LANDMARK_VALUES);
    const offset = (index % 2 === 0 ? 3970 : 2100) * ((face % 5) / 4);
    return offset + (40 + 10 * (face % 7)) * (MEAN_SHAPE[index % LANDMARK_VALUES]! + 0.3 * (random() - 0.5));
  });
}

async function runOnnx(bytes: Uint8Array, landmarks: Float32Array): Promise<Float32Array> {
  const session = await createSession(bytes);
  const count = landmarks.length / LANDMARK_VALUES;
  const input = session.tensor("float32", [count, 1, LANDMARK_VALUES, 1], landmarks);
  const outputs = await session.run({ [CLASSIFIER_INPUT]: input });
  await session.release();
  return outputs[CLASSIFIER_OUTPUT]!.data as Float32Array;
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  expect(one).toHaveLength(other.length);
  return one.reduce((largest, value, index) => Math.max(largest, Math.abs(value - other[index]!)), 0);
}

describe("the exported graph and core's classifier", () => {
  it.each(["simd", "scalar"] as const)("agree on a random model with the %s kernel", async (kernel) => {
    const model = randomModel(1);
    const net = await EmotionNet.load(model, { kernel });
    const landmarks = faces(70);
    const expected = net.classifyBatch(landmarks, 70);
    expect(largestDifference(await runOnnx(classifierGraph(model), landmarks), expected)).toBeLessThan(
      TOLERANCE,
    );
  });

  const folder = fileURLToPath(new URL("../models/default/", import.meta.url));
  const isPresent = existsSync(`${folder}golden.json`) && existsSync(`${folder}emotionnet.onnx`);
  const title = isPresent ? "" : " (skipped: models/default has no emotionnet.onnx or golden.json)";

  it.skipIf(!isPresent)(`agree on the golden vectors of the default model${title}`, async () => {
    const { cases } = JSON.parse(readFileSync(`${folder}golden.json`, "utf8")) as {
      cases: { landmarks: number[]; probabilities: number[] }[];
    };
    const bytes = new Uint8Array(readFileSync(`${folder}emotionnet.onnx`));
    const answers = await runOnnx(bytes, Float32Array.from(cases.flatMap(({ landmarks }) => landmarks)));
    const expected = Float32Array.from(cases.flatMap(({ probabilities }) => probabilities));
    expect(largestDifference(answers, expected)).toBeLessThan(TOLERANCE);
    const net = await EmotionNet.load(`${folder}emotionnet.safetensors`);
    expect(classifierGraph(net.model)).toEqual(bytes);
  });
});
