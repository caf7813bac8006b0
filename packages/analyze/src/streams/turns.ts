/** Work of several streams on one thread, one piece at a time, first come first served: nobody has two turns while another waits. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for its turn, works, and gives the result on. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
