/** Golden vectors: landmarks with the answers that every runtime must give for one model. */

import type { EmotionNet } from "./classifier/emotion-net.ts";

export interface GoldenCase {
  readonly name: string;
  /** 136 values, any unit. */
  readonly landmarks: readonly number[];
  /** One a class, before temperature. */
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
}

/** The content of `golden.json`. */
export interface GoldenVectors {
  /** SHA-256 of the model's safetensors file. */
  readonly model: string;
  readonly classes: readonly string[];
  readonly cases: readonly GoldenCase[];
}

/**
 * The largest absolute difference between a loaded model and the golden vectors, over all logits and probabilities;
 * NaN when the classes are others or a number is missing.
 */
export function checkGolden(net: EmotionNet, golden: GoldenVectors): number {
  let largest = golden.classes.join() === net.classes.join() ? 0 : Number.NaN;
  const compare = (got: Float32Array, wanted: readonly number[]) => {
    for (const [index, value] of got.entries()) {
      largest = Math.max(largest, Math.abs(value - (wanted[index] ?? Number.NaN)));
    }
  };
  for (const { landmarks, logits, probabilities } of golden.cases) {
    compare(net.logits(landmarks), logits);
    compare(net.classifyBatch(landmarks, 1), probabilities);
  }
  return largest;
}
