/** Models of random weights and their golden vectors for tests and benchmarks, reproducible by seed. */

import type { Model } from "../file/model.ts";
import type { GoldenVectors } from "../golden-vectors.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { NORMALISATION, normalise } from "../landmarks/normalise.ts";
import { LANDMARK_VALUES, modelSchemeOf } from "../landmarks/scheme.ts";
import { layerShapes, type NetworkSpec, networkSpec } from "../network/spec.ts";
import { BATCH_NORM_EPSILON, type DenseWeights } from "../network/weights.ts";

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A valid model whose weights are random, scaled so that activations keep their size from layer to layer. */
export function randomModel(seed: number, spec: NetworkSpec = networkSpec([32, 16])): Model {
  const random = randomSource(seed);
  const values = (length: number, low: number, high: number) =>
    Float32Array.from({ length }, () => low + (high - low) * random());
  const layers = layerShapes(spec).map(([inputs, outputs], index): DenseWeights => {
    const reach = Math.sqrt(6 / inputs);
    const kernel = values(inputs * outputs, -reach, reach);
    const bias = values(outputs, -0.1, 0.1);
    if (!spec.batchNorm || index === spec.hidden.length) return { inputs, outputs, kernel, bias };
    const batchNorm = {
      gamma: values(outputs, 0.5, 1.5),
      beta: values(outputs, -0.2, 0.2),
      mean: values(outputs, -0.2, 0.2),
      variance: values(outputs, 0.5, 1.5),
    };
    return { inputs, outputs, kernel, bias, batchNorm };
  });
  return {
    metadata: {
      format: "emotionnet-1",
      name: `random-${seed}`,
      spec,
      scheme: modelSchemeOf(spec.inputs / 2) ?? "ibug-68",
      normalisation: NORMALISATION,
      temperature: 0.5 + random(),
      abstain: { confidence: 0, quality: 0 },
      licence: "Apache-2.0",
      dataSources: ["random numbers"],
      metrics: { "validation.accuracy": random() },
      hashes: { seed: String(seed) },
    },
    layers,
    shape: {
      mean: values(LANDMARK_VALUES, -1, 1),
      components: new Float32Array(0),
      componentCount: 0,
      residual: [random(), 1 + random()],
    },
  };
}

/** Golden vectors of random faces, computed by the formulas, layer by layer in double precision. */
export function randomGolden(model: Model, count: number): GoldenVectors {
  const random = randomSource(count);
  const { spec, temperature } = model.metadata;
  const cases = Array.from({ length: count }, (_, index) => {
    const size = 10 ** (3 * random() - 1);
    const landmarks = MEAN_SHAPE.map((value) => Math.fround(size * (value + 0.3 * random() + 2)));
    const logits = model.layers.reduce(layerValues, Array.from(normalise(landmarks)));
    const powers = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / temperature));
    const sum = powers.reduce((total, power) => total + power, 0);
    return { name: `face ${index}`, landmarks, logits, probabilities: powers.map((power) => power / sum) };
  });
  return { model: "", classes: spec.classes, cases };
}

/** One layer, with ReLU after all that have batch norm. */
function layerValues(input: readonly number[], layer: DenseWeights): number[] {
  const { outputs, kernel, bias, batchNorm } = layer;
  return Array.from(bias, (start, unit) => {
    const dense = input.reduce((sum, value, row) => sum + value * kernel[row * outputs + unit]!, start);
    if (!batchNorm) return dense;
    const spread = Math.sqrt(batchNorm.variance[unit]! + BATCH_NORM_EPSILON);
    const normed =
      (batchNorm.gamma[unit]! * (dense - batchNorm.mean[unit]!)) / spread + batchNorm.beta[unit]!;
    return Math.max(normed, 0);
  });
}
