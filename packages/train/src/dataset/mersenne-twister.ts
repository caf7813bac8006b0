/**
 * The MT19937 generator of Matsumoto and Nishimura (1998), seeded and drawn from as CPython does, so that a split made
 * here equals one made by the original's Python. Everything else that is random draws from `generator/random.ts`.
 */

const SIZE = 624;
const MIDDLE = 397;

export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #index = SIZE;

  /**
   * Seeds by array (`init_by_array`), as Python's `random.seed(seed)` does with a whole number below 2^32.
   */
  constructor(seed: number) {
    const state = this.#state;
    fillFrom(state, 19650218);
    let i = 1;
    for (let round = SIZE; round > 0; round--) {
      const previous = state[i - 1]!;
      state[i] = (state[i]! ^ Math.imul(previous ^ (previous >>> 30), 1664525)) + seed;
      i = nextIndex(state, i);
    }
    for (let round = SIZE - 1; round > 0; round--) {
      const previous = state[i - 1]!;
      state[i] = (state[i]! ^ Math.imul(previous ^ (previous >>> 30), 1566083941)) - i;
      i = nextIndex(state, i);
    }
    state[0] = 0x80000000;
  }

  /** The next 32 random bits, 0..2^32 − 1. */
  uint32(): number {
    if (this.#index === SIZE) this.#refill();
    let bits = this.#state[this.#index++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** A whole number in [0, bound), each equally likely, as Python's `_randbelow`. `bound` is 1..2^32 − 1. */
  below(bound: number): number {
    const shift = Math.clz32(bound);
    let drawn = this.uint32() >>> shift;
    while (drawn >= bound) drawn = this.uint32() >>> shift;
    return drawn;
  }

  /** All items in random order: Python's `random.sample(items, len(items))`. */
  sampleAll<Item>(items: readonly Item[]): Item[] {
    const pool = [...items];
    return items.map((_, taken) => {
      const left = pool.length - taken;
      const chosen = this.below(left);
      const item = pool[chosen]!;
      pool[chosen] = pool[left - 1]!;
      return item;
    });
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % SIZE]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

/** `init_genrand` of the reference code. */
function fillFrom(state: Uint32Array, seed: number): void {
  state[0] = seed;
  for (let i = 1; i < SIZE; i++) {
    const previous = state[i - 1]!;
    state[i] = Math.imul(previous ^ (previous >>> 30), 1812433253) + i;
  }
}

function nextIndex(state: Uint32Array, i: number): number {
  if (i + 1 < SIZE) return i + 1;
  state[0] = state[SIZE - 1]!;
  return 1;
}
