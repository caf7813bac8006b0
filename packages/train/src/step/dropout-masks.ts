/** Dropout masks as views of one prepared pool at random offsets: drawing fresh numbers each step costs 6 to 30 %. */

import type { NetworkSpec } from "@emotionnet/core";
import type { Random } from "../generator/random.ts";

/** Enough that two views rarely overlap in the same place; 16 MB. */
const LEAST_POOL = 1 << 22;

export class DropoutMasks {
  readonly #pool: Float32Array;
  readonly #sizes: readonly number[];

  /** @param random seeds the pool; equal seeds give equal pools. */
  constructor(spec: NetworkSpec, batchSize: number, random: Random) {
    this.#sizes = spec.dropout > 0 ? spec.hidden.map((width) => width * batchSize) : [];
    const largest = Math.max(0, ...this.#sizes);
    this.#pool = new Float32Array(largest === 0 ? 0 : Math.max(LEAST_POOL, 4 * largest));
    for (let index = 0; index < this.#pool.length; index++) {
      this.#pool[index] = random.uniform() < spec.dropout ? 0 : 1;
    }
  }

  /** One mask (batch × units, 0 or 1) a hidden layer; none without dropout. The views must not be written to. */
  draw(random: Random): Float32Array[] {
    return this.#sizes.map((size) => {
      const offset = random.integer(this.#pool.length - size + 1);
      return this.#pool.subarray(offset, offset + size);
    });
  }
}
