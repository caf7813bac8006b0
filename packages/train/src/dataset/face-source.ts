/** Where the faces of a batch come from. */

import { LANDMARK_VALUES } from "@emotionnet/core";

export interface FaceSource {
  /** Samples of an epoch. */
  readonly count: number;
  /** Writes the normalised landmarks of a sample (136 values) into `target` at `offset`. Returns its class id. */
  read(sample: number, epoch: number, target: Float32Array, offset: number): number;
}

/** Faces in memory: the same in every epoch. */
export class StoredFaces implements FaceSource {
  readonly count: number;
  readonly #landmarks: Float32Array;
  readonly #labels: Int32Array;

  /** @param landmarks (count × 136) normalised @param labels (count) class ids */
  constructor(landmarks: Float32Array, labels: Int32Array) {
    this.count = labels.length;
    this.#landmarks = landmarks;
    this.#labels = labels;
  }

  read(sample: number, _epoch: number, target: Float32Array, offset: number): number {
    const start = sample * LANDMARK_VALUES;
    target.set(this.#landmarks.subarray(start, start + LANDMARK_VALUES), offset);
    return this.#labels[sample]!;
  }
}
