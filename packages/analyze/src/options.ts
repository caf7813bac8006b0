import type { EmotionNet, ModelSource } from "@emotionnet/core";
import type { FaceReader, FaceReaderOptions } from "@emotionnet/vision";

/** How far the work is: whole inputs, and the one just finished. */
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
  /** Where annotated copies go: a picture file for one photo, a folder for several. */
  readonly annotate?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AnalyzeProgress) => void;
}
