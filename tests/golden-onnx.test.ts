import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  EmotionNet,
  LANDMARK_VALUES,
  MEAN_SHAPE,
  type Model,
  NORMALISATION,
  networkSpec,
} from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import { CLASSIFIER_INPUT, CLASSIFIER_OUTPUT, classifierGraph } from "@emotionnet/train";
import { describe, expect, it } from "vitest";

/** One answer from all runtimes: core's kernels and ONNX Runtime on the exported graph. */

const TOLERANCE = 1e-5;

/** Uniform numbers in [-1, 1), the same every time (Park and Miller's generator). */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

function randomModel(): Model {
  const spec = networkSpec([64, 32]);
  const widths = [spec.inputs, ...spec.hidden, spec.classes.length];
  const layers = widths.slice(1).map((outputs, index) => {
    const inputs = widths[index]!;
    const kernel = numbers(inputs * outputs, 10 + index).map((value) => value * Math.sqrt(3 / inputs));
    const dense = { inputs, outputs, kernel, bias: numbers(outputs, 20 + index) };
    if (index === spec.hidden.length) return dense;
    const variance = numbers(outputs, 30 + index).map((value) => 1 + 0.5 * value);
    const gamma = numbers(outputs, 40 + index).map((value) => 1 + 0.5 * value);
    const [beta, mean] = [numbers(outputs, 50 + index), numbers(outputs, 60 + index)];
    return { ...dense, batchNorm: { gamma, beta, mean, variance } };
  });
  return {
    metadata: {
      format: "emotionnet-1",
      name: "random",
      spec,
      scheme: "ibug-68",
      normalisation: NORMALISATION,
      temperature: 0.8,
      abstain: { confidence: 0, quality: 0 },
      licence: "Apache-2.0",
      dataSources: ["random numbers"],
      metrics: {},
      hashes: {},
    },
    layers,
    shape: {
      mean: new Float32Array(LANDMARK_VALUES),
      components: new Float32Array(0),
      componentCount: 0,
      residual: [0, 1],
    },
  };
}

/** Mean faces in pixels, jittered, up to 4000 pixels from the origin. */
function faces(count: number): Float32Array {
  const jitter = numbers(count * LANDMARK_VALUES, 1);
  return jitter.map((value, index) => {
    const face = Math.floor(index / LANDMARK_VALUES);
    const offset = (index % 2 === 0 ? 3970 : 2100) * ((face % 5) / 4);
    return offset + (40 + 10 * (face % 7)) * (MEAN_SHAPE[index % LANDMARK_VALUES]! + 0.15 * value);
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
    const model = randomModel();
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
