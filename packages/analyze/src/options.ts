import type { EmotionNet, ModelSource } from "@emotionnet/core";
import type { LiveEvent } from "@emotionnet/media";
import type { FaceReader, FaceReaderOptions } from "@emotionnet/vision";
import type { StreamEvent } from "./streams/stream-event.ts";
import type { FaceEvent, FaceSummary } from "./video/face-event.ts";

/** How far the work is, in inputs: a video counts by the share of it that is done. `label` is the input. */
export interface AnalyzeProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

/** `preset`, `threads`, `minScore` and `maxFaces` are those of `FaceReader`. */
export interface AnalyzeOptions
  extends Pick<FaceReaderOptions, "preset" | "threads" | "minScore" | "maxFaces"> {
  /** A loaded model, or where one is: path, URL, bytes. Default: the built-in model. */
  readonly model?: EmotionNet | ModelSource;
  /** A reader to use again; it stays open. Default: one is made for this call and closed after it. */
  readonly reader?: FaceReader;
  /** Decoded photos held in memory at a time, the one looked at included. Default 2. */
  readonly concurrency?: number;
  /** Where annotated copies go: a picture or video file for one photo or video, a folder for several. */
  readonly annotate?: string;
  /** Videos: `on` (the default) smooths every face's answer through time and steadies its label. */
  readonly smoothing?: "on" | "off";
  /** Videos: `on` takes each person's resting face into account, learnt on the way. Default `off`. */
  readonly neutralBaseline?: "on" | "off";
  /** Videos: frames with a longer side are looked at scaled down to it, in pixels. Default 1280. */
  readonly maxSide?: number;
  /** Videos: of a faster one so many frames a second are looked at. Default: every frame. */
  readonly maxRate?: number;
  /**
   * Threads that look at two or more videos side by side. Default: one for each processor core. With a `reader` of the
   * caller's they take turns on this thread.
   */
  readonly workers?: number;
  /** Videos: a folder for a picture of the face at the apex of each event, as JPEG. Default: none is kept. */
  readonly thumbnails?: string;
  /** Videos: told when each begins and is over. */
  readonly onStream?: (event: StreamEvent) => void;
  /** Videos: told when an expression begins or ends. */
  readonly onEvent?: (event: FaceEvent) => void;
  /** Videos: told what a face has shown, once it will not be seen again. */
  readonly onSummary?: (summary: FaceSummary) => void;
  /** Cameras and streams: told when one is lost, waited for, and back. */
  readonly onLive?: (source: string, event: LiveEvent) => void;
  /** Ends the work; a camera or stream then ends as if it were over. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AnalyzeProgress) => void;
}
