/** Samples one after another → a data set, held as numbers from the start: lists of samples take several times the memory. */

import { type ModelScheme, SCHEMES } from "@emotionnet/core";
import type { Dataset } from "./dataset.ts";
import type { Sample } from "./sample.ts";

const SAMPLES_PER_BLOCK = 4096;

export class DatasetBuilder {
  readonly #classes: readonly string[];
  readonly #scheme: ModelScheme;
  readonly #points: number;
  readonly #landmarks: Float32Array[] = [];
  readonly #occluded: Uint8Array[] = [];
  readonly #labels: number[] = [];
  readonly #names: string[] = [];

  constructor(classes: readonly string[], scheme: ModelScheme) {
    this.#classes = classes;
    this.#scheme = scheme;
    this.#points = SCHEMES[scheme];
  }

  /** Samples added so far. */
  get count(): number {
    return this.#labels.length;
  }

  /** @param sample of the builder's scheme */
  add({ name, label, landmarks, occluded }: Sample): void {
    const place = this.count % SAMPLES_PER_BLOCK;
    if (place === 0) {
      this.#landmarks.push(new Float32Array(SAMPLES_PER_BLOCK * 2 * this.#points));
      this.#occluded.push(new Uint8Array(SAMPLES_PER_BLOCK * this.#points));
    }
    this.#landmarks.at(-1)!.set(landmarks, place * 2 * this.#points);
    this.#occluded.at(-1)!.set(occluded, place * this.#points);
    this.#labels.push(label);
    this.#names.push(name);
  }

  finish(): Dataset {
    const landmarks = new Float32Array(this.count * 2 * this.#points);
    const occluded = new Uint8Array(this.count * this.#points);
    fill(landmarks, this.#landmarks);
    fill(occluded, this.#occluded);
    return {
      classes: this.#classes,
      count: this.count,
      scheme: this.#scheme,
      landmarks,
      labels: Int32Array.from(this.#labels),
      occluded,
      names: this.#names,
    };
  }
}

/** Blocks of equal length one after another; what the last one has too many is left out. */
function fill<Numbers extends Float32Array | Uint8Array>(whole: Numbers, blocks: readonly Numbers[]): void {
  let start = 0;
  for (const block of blocks) {
    whole.set(block.subarray(0, whole.length - start), start);
    start += block.length;
  }
}
