/** Fills batches with faces, varied a little on their way into the network. */

import { flipOrder, landmarkValues, type ModelScheme, normaliseInto } from "@emotionnet/core";
import type { FaceSource } from "../dataset/face-source.ts";
import type { Random } from "../generator/random.ts";

/** What happens to landmarks each time they are drawn. */
export interface Augmentation {
  /** Half of the faces are mirrored. */
  readonly flip: boolean;
  /** Standard deviation of the noise of every coordinate, in the unit of normalised landmarks. */
  readonly pointNoise: number;
}

const NOISE_POOL = 1 << 20;

export class BatchFiller {
  readonly #faces: FaceSource;
  readonly #rows: Float32Array;
  readonly #classCount: number;
  readonly #augmentation: Augmentation;
  /** Normal noise, prepared once; each face takes a piece from a random place. */
  readonly #noise: Float32Array;
  /** Numbers in one face. */
  readonly #values: number;
  /** Which point takes whose place in the mirror. */
  readonly #flip: readonly number[];

  /** @param rows (classes × classes) of `targetRows` @param random makes the noise @param scheme of the faces */
  constructor(
    faces: FaceSource,
    rows: Float32Array,
    augmentation: Augmentation,
    random: Random,
    scheme: ModelScheme,
  ) {
    this.#faces = faces;
    this.#rows = rows;
    this.#classCount = Math.sqrt(rows.length);
    this.#augmentation = augmentation;
    this.#values = landmarkValues(scheme);
    this.#flip = flipOrder(scheme);
    const { pointNoise } = augmentation;
    this.#noise = new Float32Array(pointNoise > 0 ? NOISE_POOL : 0).map(() => random.normal(pointNoise));
  }

  /**
   * Fills a batch with `samples`, as they are in `epoch`.
   * @param inputs (batch × values of a face) @param targets (batch × classes), rows of `targetRows`
   */
  fill(
    samples: Int32Array,
    epoch: number,
    inputs: Float32Array,
    targets: Float32Array,
    random: Random,
  ): void {
    const classCount = this.#classCount;
    for (const [row, sample] of samples.entries()) {
      const place = row * this.#values;
      const label = this.#faces.read(sample, epoch, inputs, place);
      for (let column = 0; column < classCount; column++) {
        targets[row * classCount + column] = this.#rows[label * classCount + column]!;
      }
      this.#vary(inputs, place, random);
    }
  }

  #vary(inputs: Float32Array, place: number, random: Random): void {
    if (this.#augmentation.flip && random.chance(0.5)) mirror(inputs, place, this.#flip);
    if (this.#noise.length === 0) return;
    const values = this.#values;
    const from = random.integer(this.#noise.length - values);
    for (let index = 0; index < values; index++) inputs[place + index]! += this.#noise[from + index]!;
    normaliseInto(inputs, place, inputs, place, values);
  }
}

/** Mirrors a normalised face in place: the mean face is symmetric about x = 0, so it stays normalised. */
function mirror(inputs: Float32Array, place: number, order: readonly number[]): void {
  for (let point = 0; point < order.length; point++) {
    const other = order[point]!;
    if (other < point) continue;
    const [one, two] = [place + 2 * point, place + 2 * other];
    const [x, y] = [inputs[one]!, inputs[one + 1]!];
    inputs[one] = -inputs[two]!;
    inputs[one + 1] = inputs[two + 1]!;
    inputs[two] = -x;
    inputs[two + 1] = y;
  }
}
