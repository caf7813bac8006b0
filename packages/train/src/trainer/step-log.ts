/** The lines that a run writes while it trains, in the words of the original's log. */

export interface StepLogOptions {
  /** Seconds between lines; 0 for every step. */
  readonly everySeconds: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly log: (line: string) => void;
}

export class StepLog {
  readonly #options: StepLogOptions;
  /** When and after how many steps the last lines were written. */
  #last: { readonly time: number; readonly step: number } | undefined;

  constructor(options: StepLogOptions) {
    this.#options = options;
  }

  /**
   * Called after each step; writes when it is time.
   * @param step steps taken before this one @param loss mean cross entropy of its batch
   * @param time in milliseconds, of any clock that only goes forward
   */
  tick(step: number, loss: number, time: number): void {
    const { everySeconds, stepsPerEpoch, batchSize, log } = this.#options;
    const last = this.#last;
    const seconds = last && (time - last.time) / 1000;
    if (seconds !== undefined && seconds < everySeconds) return;
    this.#last = { time, step };
    const epoch = `${Math.floor(step / stepsPerEpoch)}.0`;
    const line = `epoch = ${epoch}, loss = ${loss.toFixed(5)}, step = ${step}`;
    if (!last || !seconds) {
      log(line);
      return;
    }
    const stepsPerSecond = (step - last.step) / seconds;
    log(`${line} (${seconds.toFixed(3)} sec)`);
    log(`global_step/sec: ${stepsPerSecond.toPrecision(6)}`);
    log(`Train Samples / sec: ${(stepsPerSecond * batchSize).toFixed(3)}`);
  }
}
