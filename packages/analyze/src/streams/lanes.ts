/** Items of several streams → one sequence, the streams taking turns. */
export class Lanes<Item> {
  readonly #lanes: { readonly items: Item[]; longest: number }[];
  #next = 0;
  #wake: (() => void) | undefined;

  /** @param count lanes, numbered from 0. */
  constructor(count: number) {
    this.#lanes = Array.from({ length: count }, () => ({ items: [], longest: 0 }));
  }

  put(lane: number, item: Item): void {
    const { items } = this.#lanes[lane]!;
    items.push(item);
    this.#lanes[lane]!.longest = Math.max(this.#lanes[lane]!.longest, items.length);
    this.#wake?.();
  }

  /** Most items that ever waited in a lane. */
  longest(lane: number): number {
    return this.#lanes[lane]!.longest;
  }

  /** The next item, of the lane that has waited longest for its turn; waits while all are empty. */
  async take(): Promise<{ readonly lane: number; readonly item: Item }> {
    for (;;) {
      for (let step = 0; step < this.#lanes.length; step++) {
        const lane = (this.#next + step) % this.#lanes.length;
        const item = this.#lanes[lane]!.items.shift();
        if (item === undefined) continue;
        this.#next = lane + 1;
        return { lane, item };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
