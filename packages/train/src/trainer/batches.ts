/** Normalised landmarks, shuffled, cut into batches and varied a little on their way into the network. */

import { EmotionNetError, FLIP, LANDMARK_VALUES, normaliseInto } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import type { Random } from "../generator/random.ts";

/** What happens to landmarks each time they are drawn. */
export interface Augmentation {
  /** Half of the faces are mirrored. */
  readonly flip: boolean;
  /** Standard deviation of the noise of every coordinate, in the unit of normalised landmarks. */
  readonly pointNoise: number;
}

/**
 * All landmarks of a data set, normalised: (count × 136).
 * @throws EmotionNetError `landmarks-degenerate` naming the sample.
 */
export function normalisedLandmarks(dataset: Dataset): Float32Array {
  const normalised = new Float32Array(dataset.landmarks.length);
  for (let sample = 0; sample < dataset.count; sample++) {
    const offset = sample * LANDMARK_VALUES;
    try {
      normaliseInto(normalised, offset, dataset.landmarks, offset);
    } catch (cause) {
      throw new EmotionNetError(
        "landmarks-degenerate",
        {
          got: `coinciding landmarks in sample ${sample + 1} (${dataset.names[sample]})`,
          wanted: "68 distinct points of a face",
          mend: "Leave the sample out of the data set.",
        },
        { cause },
      );
    }
  }
  return normalised;
}

/** 0..count − 1 in random order (Fisher and Yates). */
export function shuffledOrder(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}

const NOISE_POOL = 1 << 20;

export class BatchFiller {
  /** (batch × 136), refilled by every `fill`. */
  readonly inputs: Float32Array;
  /** (batch × classes) rows of `targetRows`, refilled by every `fill`. */
  readonly targets: Float32Array;
  readonly #landmarks: Float32Array;
  readonly #labels: Int32Array;
  readonly #rows: Float32Array;
  readonly #augmentation: Augmentation;
  /** Normal noise, prepared once; each face takes a piece from a random place. */
  readonly #noise: Float32Array;
  readonly #batchSize: number;

  /**
   * @param landmarks (count × 136) normalised @param rows (classes × classes) of `targetRows`
   * @param random makes the noise
   */
  constructor(
    samples: { readonly landmarks: Float32Array; readonly labels: Int32Array; readonly rows: Float32Array },
    batchSize: number,
    augmentation: Augmentation,
    random: Random,
  ) {
    const classCount = Math.sqrt(samples.rows.length);
    this.#landmarks = samples.landmarks;
    this.#labels = samples.labels;
    this.#rows = samples.rows;
    this.#batchSize = batchSize;
    this.#augmentation = augmentation;
    this.inputs = new Float32Array(batchSize * LANDMARK_VALUES);
    this.targets = new Float32Array(batchSize * classCount);
    const { pointNoise } = augmentation;
    this.#noise = new Float32Array(pointNoise > 0 ? NOISE_POOL : 0).map(() => random.normal(pointNoise));
  }

  /** Fills inputs and targets with the batch that starts at position `start` of `order`. */
  fill(order: Int32Array, start: number, random: Random): void {
    const classCount = this.targets.length / this.#batchSize;
    for (let row = 0; row < this.#batchSize; row++) {
      const sample = order[start + row]!;
      const label = this.#labels[sample]!;
      this.targets.set(this.#rows.subarray(label * classCount, (label + 1) * classCount), row * classCount);
      this.#copyFace(sample, row * LANDMARK_VALUES, random);
    }
  }

  #copyFace(sample: number, target: number, random: Random): void {
    const { inputs } = this;
    const source = this.#landmarks.subarray(sample * LANDMARK_VALUES, (sample + 1) * LANDMARK_VALUES);
    if (this.#augmentation.flip && random.chance(0.5)) {
      // The mean face is symmetric about x = 0, so the mirrored face is normalised too.
      for (let point = 0; point < FLIP.length; point++) {
        inputs[target + 2 * point] = -source[2 * FLIP[point]!]!;
        inputs[target + 2 * point + 1] = source[2 * FLIP[point]! + 1]!;
      }
    } else inputs.set(source, target);
    if (this.#noise.length === 0) return;
    const from = random.integer(this.#noise.length - LANDMARK_VALUES);
    for (let index = 0; index < LANDMARK_VALUES; index++)
      inputs[target + index]! += this.#noise[from + index]!;
    normaliseInto(inputs, target, inputs, target);
  }
}
