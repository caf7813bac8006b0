/** What goes between the main thread and those that look at streams: plain data only. */

import type { ErrorCode, Model, SourceResult } from "@emotionnet/core";
import type { LiveEvent } from "@emotionnet/media";
import type { AnalyzeOptions } from "../options.ts";
import type { FaceEvent, FaceSummary } from "../video/face-event.ts";
import type { StreamResume } from "./live-progress.ts";
import type { StreamEvent } from "./stream-event.ts";

/** One video, camera or address to look at. */
export interface StreamJob {
  /** Its place among the jobs. */
  readonly id: number;
  readonly address: string;
  /** Path of its annotated copy. */
  readonly annotate?: string;
  /** Of a live source that is taken up again, because the thread that looked at it was lost. */
  readonly resume?: StreamResume;
}

/** The options that matter to one video. */
export type StreamSettings = Pick<
  AnalyzeOptions,
  | "preset"
  | "threads"
  | "minScore"
  | "maxFaces"
  | "smoothing"
  | "neutralBaseline"
  | "maxSide"
  | "maxRate"
  | "thumbnails"
> & { readonly decoderThreads?: number };

/** What a thread begins with. */
export interface ThreadData {
  readonly model: Model;
  readonly precision: "f32" | "int16";
  readonly settings: StreamSettings;
}

export type ToThread =
  | { readonly kind: "start"; readonly job: StreamJob }
  /** A result of this job has been taken: there is room for one more. */
  | { readonly kind: "taken"; readonly id: number }
  /** Live sources end in order, files are interrupted. */
  | { readonly kind: "abort" }
  /** Nothing more will be asked. */
  | { readonly kind: "close" };

/** What is told of one stream, in order. */
export type StreamItem =
  | { readonly kind: "result"; readonly result: SourceResult }
  | { readonly kind: "event"; readonly event: FaceEvent }
  | { readonly kind: "summary"; readonly summary: FaceSummary }
  | { readonly kind: "live"; readonly source: string; readonly event: LiveEvent }
  | { readonly kind: "stream"; readonly event: StreamEvent }
  | { readonly kind: "share"; readonly share: number }
  /** The last one of every stream; with `failure` it ended by an error. */
  | { readonly kind: "end"; readonly failure?: Failure };

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

export type FromThread =
  | { readonly kind: "item"; readonly id: number; readonly item: StreamItem }
  /** The thread cannot work at all. */
  | { readonly kind: "unusable"; readonly failure: Failure };
