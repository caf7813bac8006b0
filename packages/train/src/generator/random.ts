/** Reproducible random draws: the same seeds give the same numbers on every machine. */

/** A stream of draws. Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded through a 32-bit mixing function. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare: number | undefined;

  /** One independent stream for each list of whole numbers, such as seed, person, sample. */
  constructor(...seeds: readonly number[]) {
    let hash = 0x9e3779b9;
    for (const seed of seeds) hash = mix((hash ^ mix(seed | 0)) + 0x6d2b79f5);
    this.#a = mix(hash + 1);
    this.#b = mix(hash + 2);
    this.#c = mix(hash + 3);
    for (let round = 0; round < 12; round++) this.#next();
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Evenly in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + ((high - low) * this.#next()) / 4294967296;
  }

  /** Whole number in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform(0, count));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Normal with mean 0 (Marsaglia's polar method). */
  normal(deviation = 1): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return deviation * value;
    }
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = factor * y;
      return deviation * factor * x;
    }
  }

  /** Beta(alpha, beta) in 0..1, both at least 1 (from gamma draws, Marsaglia and Tsang 2000). */
  beta(alpha: number, beta: number): number {
    const x = this.#gamma(alpha);
    return x / (x + this.#gamma(beta));
  }

  #gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** One of the items, with probability proportional to its share. */
  pick<Item extends { readonly share: number }>(items: readonly Item[]): Item {
    let total = 0;
    for (const item of items) total += item.share;
    let rest = this.uniform(0, total);
    for (const item of items) {
      rest -= item.share;
      if (rest < 0) return item;
    }
    return items.at(-1)!;
  }
}

/** Finalising mix of MurmurHash3 (Austin Appleby): every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
