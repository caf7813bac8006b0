import type { EmotionNet, ModelSource } from "@emotionnet/core";
import type { LiveEvent } from "@emotionnet/media";
import type { FaceReader, FaceReaderOptions } from "@emotionnet/vision";
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
