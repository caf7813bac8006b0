/** Seconds that must be seen before a mean says something. */
const shortest = 1;

/** Frames a second of a source, measured by its own times: the mean since the start. */
export class RateMeter {
  #first: { readonly frame: number; readonly time: number } | undefined;
  #last: { readonly frame: number; readonly time: number } | undefined;

  /** @param frame its number, which counts those left out. @param time seconds. */
  add(frame: number, time: number): void {
    this.#first ??= { frame, time };
    this.#last = { frame, time };
  }

  /** Frames and times that come now have a gap before them. */
  restart(): void {
    this.#first = undefined;
    this.#last = undefined;
  }

  /** Frames a second; undefined before a second of them has been seen. */
  get rate(): number | undefined {
    const seconds = (this.#last?.time ?? 0) - (this.#first?.time ?? 0);
    if (seconds < shortest) return undefined;
    return (this.#last!.frame - this.#first!.frame) / seconds;
  }
}
