/** What a page and its face workers say to each other. */

import type { Classification, ErrorCode, Face } from "@emotionnet/core";
import type { FaceReaderOptions } from "../face-reader.ts";
import type { PictureSource } from "../image/picture.ts";
import type { FaceTrackerOptions, TrackedFace, TrackedFrame } from "../track/face-tracker.ts";

/** Which model classifies faces in the workers: none, the default one, or that of the bytes of a model file. */
export type PoolClassifier = "none" | "default" | Uint8Array;

/** A face, with its expression where the pool has a classifier. */
export interface PooledFace extends Face {
  /** Of this picture alone, without smoothing through time. */
  readonly classification?: Classification;
}

/** A face in a frame of a video; landmarks are filtered through time. */
export interface FollowedPooledFace extends PooledFace, Pick<TrackedFace, "track"> {}

/** As of a tracker, without meshes. */
export interface PooledFrame extends Pick<TrackedFrame, "ended"> {
  /** The faces seen in this frame, the longest followed first. */
  readonly faces: readonly FollowedPooledFace[];
}

/** A picture on its way to a worker, which then owns it; text is the address of a file. */
export type SentPicture = string | PictureSource;

export interface StartMessage {
  readonly kind: "start";
  readonly reader: FaceReaderOptions;
  readonly classifier: PoolClassifier;
}

/** Work that is answered. */
export type WorkMessage =
  | { readonly kind: "read"; readonly picture: SentPicture }
  | {
      readonly kind: "next";
      readonly follower: number;
      readonly picture: SentPicture;
      readonly time: number;
    };

export type ToFaceWorker =
  | StartMessage
  | { readonly kind: "work"; readonly call: number; readonly work: WorkMessage }
  | { readonly kind: "track"; readonly follower: number; readonly options: FaceTrackerOptions }
  | { readonly kind: "forget"; readonly follower: number };

/** An `EmotionNetError` as it travels; its class would be lost. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
}

export type WorkAnswer = readonly PooledFace[] | PooledFrame;

export type FromFaceWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "not-started"; readonly error: SentError }
  | { readonly kind: "answer"; readonly call: number; readonly value: WorkAnswer }
  | { readonly kind: "failed"; readonly call: number; readonly error: SentError };
