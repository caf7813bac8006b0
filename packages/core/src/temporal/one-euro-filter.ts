/** The One-Euro filter for points: calm when they rest, quick when they move. */

import { EmotionNetError } from "../errors.ts";
import { FrameClock } from "./frame-clock.ts";

/**
 * The defaults (1, 20, 1) are for face points with the face's width as unit: they keep about 0.4 of the jitter of
 * points that err by 0.2 to 0.4 % of the width, and follow a quick smile within a frame.
 */
export interface OneEuroOptions {
  /** Hz; cut-off at rest. Lower: less jitter, more lag. */
  readonly minimumCutoff?: number;
  /** Hz of cut-off for each unit of speed (units a second, see `filter`). Higher: less lag in motion. */
  readonly speedCoefficient?: number;
  /** Hz; cut-off of the speed estimate itself. */
  readonly speedCutoff?: number;
}

/**
 * Filters vectors of points (x1, y1, x2, y2, …) with true, possibly irregular time stamps; nothing is allocated a frame.
 *
 *     τ(f) = 1 / (2πf)        α(f) = 1 / (1 + τ(f) / Δt)
 *     speed ← α(speedCutoff) · (x − x̂) / Δt + (1 − α(speedCutoff)) · speed
 *     x̂ ← x̂ + α(minimumCutoff + speedCoefficient · |speed|) · (x − x̂)
 *
 * G. Casiez, N. Roussel, D. Vogel: "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive
 * Systems", CHI 2012, doi 10.1145/2207676.2208639. Here |speed| is the length of a point's velocity, so that x and y
 * of a point share one cut-off and turning the picture turns the result.
 */
export class OneEuroFilter {
  readonly #minimumCutoff: number;
  readonly #speedCoefficient: number;
  readonly #speedCutoff: number;
  readonly #position: Float64Array;
  readonly #velocity: Float64Array;
  readonly #clock = new FrameClock();

  /**
   * @param pointCount points of a vector, each x and y.
   * @throws EmotionNetError `usage` for options that are not positive (speedCoefficient: below 0).
   */
  constructor(pointCount: number, options: OneEuroOptions = {}) {
    const { minimumCutoff = 1, speedCoefficient = 20, speedCutoff = 1 } = options;
    if (!(minimumCutoff > 0 && speedCutoff > 0 && speedCoefficient >= 0)) {
      throw new EmotionNetError("usage", {
        got: `cut-offs of ${minimumCutoff} and ${speedCutoff} Hz with a speed coefficient of ${speedCoefficient}`,
        wanted: "cut-offs above 0 and a coefficient of 0 or more",
        mend: "Leave the options out to get good defaults for a face.",
      });
    }
    this.#minimumCutoff = minimumCutoff;
    this.#speedCoefficient = speedCoefficient;
    this.#speedCutoff = speedCutoff;
    this.#position = new Float64Array(2 * pointCount);
    this.#velocity = new Float64Array(2 * pointCount);
  }

  /**
   * Takes the points of one frame and returns the filtered ones, in `target` (the points themselves if left out).
   * A repeated or slightly earlier time changes nothing and gives the last result again.
   * @param points x, y of every point, any unit. @param time seconds.
   * @param unit length in which speed is counted, in the unit of the points: the face's width, so that near and far
   * faces are treated alike.
   * @throws EmotionNetError `landmarks-not-finite`, `landmarks-count`, `time-invalid`.
   */
  filter<Target extends Float32Array | Float64Array>(
    points: Target,
    time: number,
    unit: number,
    target: Target = points,
  ): Target {
    this.#check(points);
    const elapsed = this.#clock.advance(time);
    if (elapsed === Number.POSITIVE_INFINITY) this.#position.set(points);
    else if (elapsed > 0) this.#step(points, elapsed, unit);
    target.set(this.#position);
    return target;
  }

  #step(points: ArrayLike<number>, elapsed: number, unit: number): void {
    const position = this.#position;
    const velocity = this.#velocity;
    const speedShare = smoothingShare(this.#speedCutoff, elapsed);
    for (let x = 0; x < position.length; x += 2) {
      const y = x + 1;
      const awayX = points[x]! - position[x]!;
      const awayY = points[y]! - position[y]!;
      velocity[x]! += speedShare * (awayX / elapsed - velocity[x]!);
      velocity[y]! += speedShare * (awayY / elapsed - velocity[y]!);
      const speed = Math.sqrt(velocity[x]! ** 2 + velocity[y]! ** 2) / unit;
      const share = smoothingShare(this.#minimumCutoff + this.#speedCoefficient * speed, elapsed);
      position[x]! += share * awayX;
      position[y]! += share * awayY;
    }
  }

  // One number that is not finite would stay in the filter for good.
  #check(points: ArrayLike<number>): void {
    if (points.length !== this.#position.length) {
      throw new EmotionNetError("landmarks-count", {
        got: `${points.length / 2} points`,
        wanted: `${this.#position.length / 2} points, as in the frames before`,
        mend: "Use one filter for each landmark scheme.",
      });
    }
    for (let index = 0; index < points.length; index++) {
      if (Number.isFinite(points[index])) continue;
      throw new EmotionNetError("landmarks-not-finite", {
        got: `${points[index]} in point ${index >> 1} (counted from 0)`,
        wanted: "finite numbers for every point",
        mend: "Leave this frame out; the filter bridges the gap.",
      });
    }
  }
}

/** α of a first-order low-pass filter: the share of the new value. Cut-off in Hz, elapsed in seconds. */
function smoothingShare(cutoff: number, elapsed: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoff * elapsed));
}
