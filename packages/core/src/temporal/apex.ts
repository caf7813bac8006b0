/** The height of an expression: how strong, and when. */

/** Nats below the highest evidence that still count as the top of a held expression. */
const TOP = 0.1;
/** Seconds after which a return to the top is another peak, not the same one under noise. */
const LONGEST_DIP = 0.25;
/** Nats; beyond it a probability is 1 for all purposes. */
const LARGEST_LOG_ODDS = 12;

/**
 * Follows one probability, as log-odds (where a peak stays a peak when probabilities saturate), to its greatest value.
 * Each value is the median of three neighbouring frames and belongs to the middle one: a single odd frame makes no
 * apex, and nothing lags. A held expression has no single highest moment; its apex is the middle of the time at the top.
 */
export class Apex {
  #highest = Number.NEGATIVE_INFINITY;
  #from = 0;
  #to = 0;
  #firstAtTop = Number.NEGATIVE_INFINITY;
  #earlier = 0;
  #last = 0;
  #lastTime: number | undefined;

  /** Seconds. */
  get time(): number {
    return (this.#from + this.#to) / 2;
  }

  /** The greatest probability so far, 0..1. */
  get strength(): number {
    return 1 / (1 + Math.exp(-this.#highest));
  }

  /** @param logOdds nats, infinite ones too. */
  update(time: number, logOdds: number): void {
    const value = Math.max(-LARGEST_LOG_ODDS, Math.min(LARGEST_LOG_ODDS, logOdds));
    // The first frame stands in for the one before it.
    if (this.#lastTime === undefined) {
      this.#earlier = value;
      this.#last = value;
    }
    this.#climb(this.#lastTime ?? time, median(this.#earlier, this.#last, value));
    this.#earlier = this.#last;
    this.#last = value;
    this.#lastTime = time;
  }

  /** Begins to look for a new top. */
  restart(): void {
    this.#highest = Number.NEGATIVE_INFINITY;
    this.#firstAtTop = Number.NEGATIVE_INFINITY;
  }

  /** As `restart`, and forgets the last frames too: what comes next is no neighbour of them. */
  reset(): void {
    this.restart();
    this.#lastTime = undefined;
  }

  #climb(time: number, value: number): void {
    if (value < this.#highest - TOP) return;
    const isNewPeak = time - this.#to > LONGEST_DIP;
    if (isNewPeak && value <= this.#highest) return;
    if (isNewPeak || this.#firstAtTop < value - TOP) {
      this.#firstAtTop = value;
      this.#from = time;
    }
    this.#highest = Math.max(this.#highest, value);
    this.#to = time;
  }
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
