/** When did it begin? Page's cumulative sum, which knows the moment without the lag of a smoothed signal. */

/** Nats; the log-odds of a single frame count at most this much, so that no frame decides alone. */
const LARGEST_LOG_ODDS = 3;
/** Seconds that one frame can speak for, at low frame rates. */
const LONGEST_STEP = 0.1;
/** Nat seconds; old evidence beyond half a second of certainty is forgotten, so that a new change is found soon. */
const LARGEST_SUM = 0.5 * LARGEST_LOG_ODDS;

/**
 * The cumulative sum S ← max(0, S + Δt · log-odds); the estimate of the moment of change is the last time at which S
 * left 0 (E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954).
 */
export class ChangePoint {
  /** Seconds; since when the evidence is in favour, undefined while it is against. */
  since: number | undefined;
  #sum = 0;

  /** @param logOdds evidence in favour, nats. @param elapsed seconds since the last frame. */
  update(time: number, logOdds: number, elapsed: number): void {
    const evidence = Math.max(-LARGEST_LOG_ODDS, Math.min(LARGEST_LOG_ODDS, logOdds));
    this.#sum = Math.min(LARGEST_SUM, Math.max(0, this.#sum + evidence * Math.min(LONGEST_STEP, elapsed)));
    if (this.#sum === 0) this.since = undefined;
    else this.since ??= time;
  }

  reset(): void {
    this.since = undefined;
    this.#sum = 0;
  }
}
