/** Makes the batch of any step of a run. It depends on the job and the step alone, so any thread may make it. */

import { modelSchemeOf, type NetworkSpec } from "@emotionnet/core";
import { type FaceSource, StoredFaces } from "../dataset/face-source.ts";
import { DrawnFaces, type DrawnSet } from "../generator/drawn-faces.ts";
import { Random } from "../generator/random.ts";
import { MaskPlaces } from "../step/dropout-masks.ts";
import { type Augmentation, BatchFiller } from "./batch-filler.ts";
import { STREAM } from "./streams.ts";

/** The training faces as they travel to another thread: normalised landmarks in shared memory, or how to draw them. */
export type TrainingFaces =
  | { readonly kind: "stored"; readonly landmarks: Float32Array; readonly labels: Int32Array }
  | { readonly kind: "drawn"; readonly sets: readonly DrawnSet[] };

/** All that batches depend on. */
export interface BatchJob {
  readonly faces: TrainingFaces;
  /** (classes × classes) of `targetRows` */
  readonly rows: Float32Array;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly augmentation: Augmentation;
  readonly network: Pick<NetworkSpec, "inputs" | "hidden" | "dropout">;
  readonly seed: number;
}

/** What a step is fed, besides its rates. */
export interface Batch {
  /** (batch × inputs of the network) normalised landmarks */
  readonly inputs: Float32Array;
  /** (batch × classes) rows of `targetRows` */
  readonly targets: Float32Array;
  /** Of `MaskPlaces`, one a hidden layer. */
  readonly maskOffsets: readonly number[];
}

export class BatchMaker {
  readonly #job: BatchJob;
  readonly #faces: FaceSource;
  readonly #filler: BatchFiller;
  readonly #places: MaskPlaces;
  #order: { readonly epoch: number; readonly samples: Int32Array } | undefined;

  constructor(job: BatchJob) {
    const { faces, rows, batchSize, augmentation, network, seed } = job;
    this.#job = job;
    this.#faces =
      faces.kind === "stored" ? new StoredFaces(faces.landmarks, faces.labels) : new DrawnFaces(faces.sets);
    const scheme = modelSchemeOf(network.inputs / 2)!;
    this.#filler = new BatchFiller(this.#faces, rows, augmentation, new Random(seed, STREAM.noise), scheme);
    this.#places = new MaskPlaces(network, batchSize);
  }

  /** Memory for one batch. */
  memory(): Pick<Batch, "inputs" | "targets"> {
    const { batchSize, rows, network } = this.#job;
    return {
      inputs: new Float32Array(batchSize * network.inputs),
      targets: new Float32Array(batchSize * Math.sqrt(rows.length)),
    };
  }

  /** The batch of step `taken` (from 0, counted over all epochs), in the memory given. */
  make(taken: number, { inputs, targets }: Pick<Batch, "inputs" | "targets">): Batch {
    const { batchSize, stepsPerEpoch, seed } = this.#job;
    const epoch = Math.floor(taken / stepsPerEpoch);
    const start = (taken % stepsPerEpoch) * batchSize;
    const random = new Random(seed, STREAM.step, taken);
    const samples = this.#orderOf(epoch).subarray(start, start + batchSize);
    this.#filler.fill(samples, epoch, inputs, targets, random);
    return { inputs, targets, maskOffsets: this.#places.draw(random) };
  }

  #orderOf(epoch: number): Int32Array {
    if (this.#order?.epoch !== epoch) {
      const random = new Random(this.#job.seed, STREAM.shuffle, epoch);
      this.#order = { epoch, samples: shuffledOrder(this.#faces.count, random) };
    }
    return this.#order.samples;
  }
}

/** 0..count − 1 in random order (Fisher and Yates). */
function shuffledOrder(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const held = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = held;
  }
  return order;
}
