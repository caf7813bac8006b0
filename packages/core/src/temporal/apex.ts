/** The height of an expression: how strong, and when. */

/** Share of the greatest strength that still counts as the top of a held expression. */
const TOP = 0.98;
/** Seconds after which a return to the top is another peak, not the same one under noise. */
const LONGEST_DIP = 0.25;

/**
 * Follows one probability to its greatest value. Each value is the median of three neighbouring frames and belongs to
 * the middle one: a single odd frame makes no apex, and nothing lags. A held expression has no single highest moment;
 * its apex is the middle of the time at the top.
 */
export class Apex {
  /** The greatest probability so far, 0..1. */
  strength = 0;
  #from = 0;
  #to = 0;
  #firstAtTop = 0;
  #earlier = 0;
  #last = 0;
  #lastTime: number | undefined;

  /** Seconds. */
  get time(): number {
    return (this.#from + this.#to) / 2;
  }

  update(time: number, probability: number): void {
    if (this.#lastTime === undefined) {
      this.#last = probability;
      this.#climb(time, probability);
    } else {
      this.#climb(this.#lastTime, median(this.#earlier, this.#last, probability));
    }
    this.#earlier = this.#last;
    this.#last = probability;
    this.#lastTime = time;
  }

  /** Begins to look for a new top. */
  restart(): void {
    this.strength = 0;
  }

  /** As `restart`, and forgets the last frames too: what comes next is no neighbour of them. */
  reset(): void {
    this.restart();
    this.#lastTime = undefined;
  }

  #climb(time: number, value: number): void {
    if (value < TOP * this.strength) return;
    const isNewPeak = time - this.#to > LONGEST_DIP;
    if (isNewPeak && value <= this.strength) return;
    if (isNewPeak || this.#firstAtTop < TOP * value) {
      this.#firstAtTop = value;
      this.#from = time;
    }
    this.strength = Math.max(this.strength, value);
    this.#to = time;
  }
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
