/** The result of looking at one picture or frame; the JSON line of the command is this object. */

import type { ErrorCode } from "./errors.ts";

/** Pixels of the source, origin top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Degrees. Yaw > 0: the face turns to its own left; pitch > 0: it looks up; roll > 0: clockwise in the picture. */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** Why an answer is `unknown`. */
export const ABSTAIN_REASONS = [
  "low-confidence",
  "profile",
  "occluded",
  "too-small",
  "unstable",
  "no-landmarks",
] as const;
export type AbstainReason = (typeof ABSTAIN_REASONS)[number];

/** The answer for one set of landmarks. `probabilities` has one number a class, 0..1, summing to 1. */
export interface Classification<Class extends string = string> {
  readonly expression: Class | "unknown";
  /** The largest probability, 0..1. */
  readonly confidence: number;
  readonly probabilities: Readonly<Record<Class, number>>;
  /** How far the landmarks can be trusted, 0..1. */
  readonly quality: number;
  /** Present exactly when `expression` is `unknown`. */
  readonly reason?: AbstainReason;
}

/** One face found in pixels, before it is classified. `landmarks` is Float32Array(136): x, y of 68 points in pixels. */
export interface Face {
  readonly box: Box;
  /** Detector score, 0..1. */
  readonly score: number;
  readonly landmarks: Float32Array;
  readonly pose: Pose;
}

/**
 * A face with its answer, as written to JSON: landmarks are 68 pairs. In a video, `probabilities` are smoothed through time,
 * `expression` is the steady label, and `confidence` is that label's probability.
 */
export interface FaceResult extends Classification {
  readonly box: Box;
  readonly score: number;
  readonly track?: string;
  readonly landmarks: readonly (readonly [number, number])[];
  readonly pose: Pose;
}

/** What a live source did not bring while it was lost: between the last frame before it and the first one after. */
export interface Missed {
  /** Without a picture. */
  readonly seconds: number;
  /** Frames that the source would have brought in that time; absent when its frame rate is not known. */
  readonly frames?: number;
  /** False when both are from the source's own time stamps, which went on; true when they are from this machine's clock. */
  readonly estimated: boolean;
}

/** One line of output: a picture or a frame; every input has exactly one. */
export interface SourceResult {
  readonly source: string;
  readonly frame: number;
  /** Seconds from the start of the source. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly FaceResult[];
  /** Live sources: frames left out just before this one, because they came faster than they could be looked at. */
  readonly dropped?: number;
  /** Live sources: what is missing before this frame, the first one after a loss. */
  readonly missed?: Missed;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}
