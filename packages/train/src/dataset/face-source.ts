/** Where the faces of a batch come from. */

export interface FaceSource {
  /** Samples of an epoch. */
  readonly count: number;
  /** Writes the normalised landmarks of a sample (136 values for 68 points) into `target` at `offset`. Returns its class id. */
  read(sample: number, epoch: number, target: Float32Array, offset: number): number;
}

/** Faces in memory: the same in every epoch. */
export class StoredFaces implements FaceSource {
  readonly count: number;
  readonly #landmarks: Float32Array;
  readonly #labels: Int32Array;
  readonly #values: number;

  /** @param landmarks (count × values of a face) normalised @param labels (count) class ids */
  constructor(landmarks: Float32Array, labels: Int32Array) {
    this.count = labels.length;
    this.#landmarks = landmarks;
    this.#labels = labels;
    this.#values = landmarks.length / Math.max(labels.length, 1);
  }

  read(sample: number, _epoch: number, target: Float32Array, offset: number): number {
    const start = sample * this.#values;
    target.set(this.#landmarks.subarray(start, start + this.#values), offset);
    return this.#labels[sample]!;
  }
}
