/** Dropout masks as views of one prepared pool at random offsets: drawing fresh numbers each step costs 6 to 30 %. */

import type { NetworkSpec } from "@emotionnet/core";
import type { Random } from "../generator/random.ts";

/** Enough that two views rarely overlap in the same place; 16 MB. */
const LEAST_POOL = 1 << 22;

/** Where in the pool the masks of a step lie. It needs no pool, so another thread can choose them. */
export class MaskPlaces {
  /** Values of the mask of each hidden layer; none without dropout. */
  readonly sizes: readonly number[];
  readonly poolLength: number;

  constructor(spec: Pick<NetworkSpec, "hidden" | "dropout">, batchSize: number) {
    this.sizes = spec.dropout > 0 ? spec.hidden.map((width) => width * batchSize) : [];
    const largest = Math.max(0, ...this.sizes);
    this.poolLength = largest === 0 ? 0 : Math.max(LEAST_POOL, 4 * largest);
  }

  /** One offset a hidden layer; none without dropout. */
  draw(random: Random): number[] {
    return this.sizes.map((size) => random.integer(this.poolLength - size + 1));
  }
}

export class DropoutMasks {
  readonly #pool: Float32Array;
  readonly #places: MaskPlaces;

  /** @param random seeds the pool; equal seeds give equal pools. */
  constructor(spec: NetworkSpec, batchSize: number, random: Random) {
    this.#places = new MaskPlaces(spec, batchSize);
    this.#pool = new Float32Array(this.#places.poolLength);
    for (let index = 0; index < this.#pool.length; index++) {
      this.#pool[index] = random.uniform() < spec.dropout ? 0 : 1;
    }
  }

  /** One mask (batch × units, 0 or 1) a hidden layer, at offsets of `MaskPlaces`. The views must not be written to. */
  at(offsets: readonly number[]): Float32Array[] {
    return this.#places.sizes.map((size, layer) => {
      const offset = offsets[layer]!;
      return this.#pool.subarray(offset, offset + size);
    });
  }

  /** The same at random offsets. */
  draw(random: Random): Float32Array[] {
    return this.at(this.#places.draw(random));
  }
}
