/** Work of several streams on one thread, one piece at a time, first come first served: nobody has two turns while another waits. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Waits for its turn, works, and gives the result on. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#waiting++;
    const turn = this.#last.then(() => {
      this.#waiting--;
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
