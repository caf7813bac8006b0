/** The end of a time of waiting, or an earlier end by whoever asked for it. */

/**
 * Not `AbortSignal.any` with `AbortSignal.timeout`: Node collects a timeout that only such a signal knows as garbage, and the
 * signal is never aborted (nodejs/node#57736).
 */
export class Deadline {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** @param milliseconds from now; they do not keep the process running. @param signal ends it earlier. */
  constructor(milliseconds: number, signal?: AbortSignal) {
    this.#timer = setTimeout(() => this.#stop.abort(), milliseconds).unref();
    signal?.addEventListener("abort", () => this.#stop.abort(), { once: true, signal: this.#stop.signal });
    if (signal?.aborted) this.#stop.abort();
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The whole time again, from now. */
  restart(): void {
    this.#timer.refresh();
  }

  /** It will not come any more by the time. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
