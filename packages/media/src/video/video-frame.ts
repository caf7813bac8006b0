import type { Missed, RgbImage } from "@emotionnet/core";

/** One decoded frame. Its pixels are overwritten when the next frame is asked for: copy what must stay. */
export interface VideoFrame {
  /** Counts every frame of the source from 0, dropped ones too. */
  readonly index: number;
  /** Seconds from the start of the source, from the frame's own time stamp. */
  readonly time: number;
  readonly image: RgbImage;
  /** Frames left out just before this one, because it came before they could be looked at. Always 0 for files. */
  readonly dropped: number;
  /** Live sources: what is missing before this frame, the first one after a loss. `index` does not count it. */
  readonly missed?: Missed;
  /** Whole frames that waited behind this one when it was given: 0 to 3, whatever the source. */
  readonly waiting: number;
}
