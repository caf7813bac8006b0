/** What is published: docs/reference/messages.md in types. `schema/message-1.schema.json` says the same for other languages. */

import type { ErrorCode, ExpressionEvent, FaceResult, SourceResult, TrackSummary } from "@emotionnet/core";

/** A change that old readers would stumble over gets a new number. */
export const MESSAGE_VERSION = 1;

export const MESSAGE_KINDS = ["frame", "event", "summary", "error"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Which face of a video: `track` is a random word, new in every run; `trackNumber` counts the faces from 1 in every run alike. */
export interface TrackOfMessage {
  readonly track: string;
  readonly trackNumber: number;
}

export type FrameData = Omit<SourceResult, "source" | "error" | "faces"> & {
  readonly faces: readonly (FaceResult & Partial<TrackOfMessage>)[];
};

export type EventData = TrackOfMessage & { readonly event: ExpressionEvent["kind"] } & Omit<
    ExpressionEvent,
    "kind"
  >;

export type SummaryData = TrackOfMessage & TrackSummary;

export interface ErrorData {
  readonly frame: number;
  readonly time: number;
  readonly code: ErrorCode;
  readonly message: string;
}

interface Envelope<Kind extends MessageKind, Data> {
  readonly version: typeof MESSAGE_VERSION;
  /** 32 hexadecimal digits; a message that comes twice has the same one. */
  readonly id: string;
  readonly kind: Kind;
  /** 16 hexadecimal digits; the same for all messages of a source in a run. */
  readonly run: string;
  /** As it was named, without a password. */
  readonly source: string;
  /** When the message was made, UTC, ISO 8601. */
  readonly at: string;
  readonly data: Data;
}

export type Message =
  | Envelope<"frame", FrameData>
  | Envelope<"event", EventData>
  | Envelope<"summary", SummaryData>
  | Envelope<"error", ErrorData>;
