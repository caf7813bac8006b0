/** Golden vectors: faces with the answers that every runtime must give. */

import { EmotionNet, type GoldenVectors, type Model } from "@emotionnet/core";
import { generateFaces } from "../generator/generate-faces.ts";
import { Random } from "../generator/random.ts";

const PERSONS = 4;
const FACES_PER_PERSON = 6;
/** From points relative to a small crop to points in a large photo. */
const SCALE_STEPS = [0.01, 1, 12] as const;

/**
 * Simulated faces of every class at several scales, offsets and turns, with the logits and probabilities of the scalar
 * kernel. @param hash SHA-256 of the model's file
 */
export async function makeGoldenVectors(model: Model, hash: string, seed: number): Promise<GoldenVectors> {
  const net = await EmotionNet.load(model, { kernel: "scalar" });
  const faces = generateFaces({ persons: PERSONS, samplesPerPerson: FACES_PER_PERSON, seed });
  const random = new Random(seed);
  const cases = faces.names.map((name, face) => {
    const points = faces.landmarks.subarray(face * 136, (face + 1) * 136);
    const scale = SCALE_STEPS[face % SCALE_STEPS.length]!;
    const [shiftX, shiftY] = [random.uniform(-500, 500), random.uniform(-500, 500)];
    const landmarks = Array.from(points, (value, index) =>
      Math.fround(scale * (value + (index % 2 === 0 ? shiftX : shiftY))),
    );
    return {
      name: `${faces.classes[faces.labels[face]!]} ${name}`,
      landmarks,
      logits: Array.from(net.logits(landmarks)),
      probabilities: Array.from(net.classifyBatch(landmarks, 1)),
    };
  });
  return { model: hash, classes: [...net.classes], cases };
}
