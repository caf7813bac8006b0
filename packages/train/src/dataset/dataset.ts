/** Labelled landmarks in memory: what the generator makes, the files hold, and the trainer and evaluator read. */

import { landmarkValues, type ModelScheme } from "@emotionnet/core";

export interface Dataset {
  /** Class names; labels index into them. */
  readonly classes: readonly string[];
  readonly count: number;
  /** Of the points; 68 when left out. */
  readonly scheme?: ModelScheme;
  /** (count × 136) x, y of 68 points in pixels of the frame, y down; not normalised. More for larger schemes. */
  readonly landmarks: Float32Array;
  /** (count) class ids. */
  readonly labels: Int32Array;
  /** (count × points) 1 where the point was hidden, so that its place is a guess. */
  readonly occluded: Uint8Array;
  /**
   * (count) frame names in Multi-PIE's form `SSS_ss_rr_ccc_ii`: person, session, recording, camera, image.
   * The person is the first token; a person's samples never stand on both sides of a split.
   */
  readonly names: readonly string[];
}

/** Numbers in one face of a data set: 136 for 68 points. */
export function faceValues({ scheme = "ibug-68" }: Pick<Dataset, "scheme">): number {
  return landmarkValues(scheme);
}

/** Landmarks of one face, as a view. */
export function faceAt(dataset: Pick<Dataset, "scheme" | "landmarks">, index: number): Float32Array {
  const values = faceValues(dataset);
  return dataset.landmarks.subarray(index * values, (index + 1) * values);
}

/** Occlusion flags of one face, as a view. */
export function occludedAt(dataset: Pick<Dataset, "scheme" | "occluded">, index: number): Uint8Array {
  const points = faceValues(dataset) / 2;
  return dataset.occluded.subarray(index * points, (index + 1) * points);
}

/** The person a frame name belongs to: its first `_` token. */
export function personOf(name: string): string {
  return name.split("_", 1)[0]!;
}
