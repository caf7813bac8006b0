import type { ExpressionEvent, TrackSummary } from "@emotionnet/core";

/** An expression that began or ended on one face of a video. Times are seconds from the start of the source. */
export type FaceEvent = ExpressionEvent & { readonly source: string; readonly track: string };

/** What one face of a video has shown. */
export type FaceSummary = TrackSummary & { readonly source: string; readonly track: string };
