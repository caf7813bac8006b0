/**
 * Where the time of one face goes: `npm run build && node dist/bench/stages.js`. Every stage is called alone, interleaved with the
 * others, on the faces and activations that it meets in the whole; nanoseconds of processor time.
 */

import { fileURLToPath } from "node:url";
import {
  EmotionNet,
  fitQuality,
  foldBatchNorm,
  normalise,
  normaliseInto,
  softmaxInto,
  toScheme,
} from "@emotionnet/core";
import { generateFaces } from "@emotionnet/train";
import { createKernel } from "#packages/core/dist/kernel/kernel.js";
import { type Contender, race } from "./interleave.ts";
import { compactModel } from "./models.ts";

const FACES = 512;
const PRECISIONS = ["f32", "int16"] as const;

/** One stage and what it takes. */
export interface Stage {
  readonly name: string;
  /** Of processor time a face, median of the rounds. */
  readonly nanoseconds: number;
}

/** Stages of the default model, then whole calls, faces one by one. */
export async function measureStages({ rounds = 15, seconds = 0.05 } = {}): Promise<Stage[]> {
  const model = compactModel();
  const { landmarks } = generateFaces({ persons: 32, samplesPerPerson: FACES / 32, seed: 990_001 });
  const faces = Array.from({ length: FACES }, (_, face) => landmarks.slice(136 * face, 136 * (face + 1)));
  const normalised = faces.map((face) => normalise(face));
  const contenders: Contender[] = [];
  const add = (name: string, one: (face: number) => unknown) => {
    const call = () => {
      for (let face = 0; face < FACES; face++) one(face);
    };
    contenders.push({ name, samples: FACES, call });
  };
  const target = new Float32Array(136);
  const { temperature, spec, scheme } = model.metadata;
  const { shape } = model;
  const pairs = faces.map((face) => Array.from({ length: 68 }, (_, point) => pairAt(face, point)));
  add("toScheme of pairs", (face) => toScheme(pairs[face]!, scheme));
  add("normalise", (face) => normaliseInto(target, 0, faces[face]!, 0));
  const layers = foldBatchNorm(model.layers);
  for (const precision of PRECISIONS) {
    for (const [index, layer] of layers.entries()) {
      let inputs = normalised;
      if (index > 0) {
        const before = await createKernel({ layers: layers.slice(0, index), shape }, "simd", precision);
        inputs = normalised.map((face) => activations(before, face, layer.inputs));
      }
      const kernel = await createKernel({ layers: [layer], shape }, "simd", precision);
      add(`layer ${layer.inputs}-${layer.outputs}, ${precision}`, (face) => {
        kernel.input.set(inputs[face]!);
        kernel.run(1);
      });
    }
  }
  const logits = new Float32Array(spec.classes.length);
  add("softmax", () => softmaxInto(target, 0, logits, 0, logits.length, temperature));
  for (const choice of ["simd", "scalar"] as const) {
    const kernel = await createKernel({ layers, shape }, choice);
    add(`quality, ${choice}`, (face) => {
      kernel.input.set(normalised[face]!);
      fitQuality(shape, kernel.fitShape());
    });
  }
  for (const precision of PRECISIONS) {
    const net = await EmotionNet.load(model, { kernel: "simd", precision });
    const answer = new Float32Array(net.classes.length);
    add(`classifyBatch of one, ${precision}`, (face) => net.classifyBatch(faces[face]!, 1, answer));
    add(`classify, ${precision}`, (face) => net.classify(faces[face]!));
    add(`classify of pairs, ${precision}`, (face) => net.classify(pairs[face]!));
  }
  const standings = await race(contenders, { rounds, seconds });
  return standings.map(({ name, median }) => ({ name, nanoseconds: 1e9 / median }));
}

function pairAt(face: Float32Array, point: number): [number, number] {
  return [face[2 * point]!, face[2 * point + 1]!];
}

/** What the layers so far give for a face, after ReLU. */
function activations(
  kernel: Awaited<ReturnType<typeof createKernel>>,
  face: Float32Array,
  width: number,
): Float32Array {
  kernel.input.set(face);
  kernel.run(1);
  return kernel.output.slice(0, width).map((value) => Math.max(value, 0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, nanoseconds } of await measureStages()) {
    console.log(`${name.padEnd(28)}${nanoseconds.toFixed(0).padStart(8)} ns`);
  }
}
