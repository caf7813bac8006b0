/** The one rule about time stamps, shared by everything that follows a face through time. */

import { EmotionNetError } from "../errors.ts";

/** Seconds that a frame may be early because of jitter in the source; more means that its clock was set back. */
const LARGEST_JITTER = 1;

/**
 * Turns time stamps into elapsed seconds. Frames may be any time apart. A frame that repeats a time or comes up to a
 * second before the last one is to be ignored by the caller (elapsed 0); anything earlier is an error.
 */
export class FrameClock {
  /** Seconds; time of the latest accepted frame, undefined before the first. */
  time: number | undefined;

  /**
   * Seconds since the last accepted frame: Infinity for the first, 0 for one to ignore.
   * @throws EmotionNetError `time-invalid` for a time that is not finite or lies more than a second back.
   */
  advance(time: number): number {
    if (!Number.isFinite(time)) {
      throw new EmotionNetError("time-invalid", {
        got: `${time} as the time of a frame`,
        wanted: "seconds, a finite number",
        mend: "Use the frame's own time stamp, or its number divided by the frame rate.",
      });
    }
    const last = this.time;
    if (last === undefined) {
      this.time = time;
      return Number.POSITIVE_INFINITY;
    }
    if (time < last - LARGEST_JITTER) {
      throw new EmotionNetError("time-invalid", {
        got: `a frame at ${time} s after one at ${last} s`,
        wanted: "times that increase",
        mend: "Begin a new track where the source's clock starts again.",
      });
    }
    if (time <= last) return 0;
    this.time = time;
    return time - last;
  }
}
