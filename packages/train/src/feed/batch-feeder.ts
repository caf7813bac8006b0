/** Batches made in threads ahead of the step. Which thread makes one, and when, changes no number in it. */

import { Worker } from "node:worker_threads";
import { EmotionNetError, type ErrorCode } from "@emotionnet/core";
import type { Batch, BatchJob } from "./batch-maker.ts";
import type { WorkerTask } from "./batch-worker.ts";

/** Batches that a thread makes ahead: enough to bridge a pause of the scheduler, few enough to stay in the cache. */
const AHEAD = 3;

/** Tests run this file from its source; the thread is the built one then, without the source conditions of the tests. */
const isSource = import.meta.url.endsWith(".ts");
const workerFile = new URL(
  isSource ? "../../dist/feed/batch-worker.js" : "./batch-worker.js",
  import.meta.url,
);

export interface FeederOptions {
  readonly job: BatchJob;
  /** Steps from `first` to below `end`, counted over all epochs. */
  readonly first: number;
  readonly end: number;
  /** How many threads, 1 or more. */
  readonly threads: number;
}

export class BatchFeeder {
  readonly #lanes: Lane[];
  readonly #first: number;
  #step: number;

  constructor({ job, first, end, threads }: FeederOptions) {
    this.#first = first;
    this.#step = first;
    this.#lanes = Array.from(
      { length: threads },
      (_, lane) => new Lane({ job, first: first + lane, stride: threads, end, ahead: AHEAD }),
    );
  }

  /**
   * The batch of the next step. Its memory belongs to the caller until `giveBack`.
   * @throws EmotionNetError `file-not-found` when faces are drawn and the fitted parameters are missing
   */
  next(): Promise<Batch> {
    return this.#laneOf(this.#step++).next();
  }

  /** Gives the memory of the batch of the last `next` back to the thread that made it. */
  giveBack(batch: Batch): void {
    this.#laneOf(this.#step - 1).giveBack(batch);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #laneOf(step: number): Lane {
    return this.#lanes[(step - this.#first) % this.#lanes.length]!;
  }
}

/** One thread and what it has made. */
class Lane {
  readonly #worker: Worker;
  readonly #ready: Batch[] = [];
  #waiting: { resolve(batch: Batch): void; reject(error: Error): void } | undefined;
  #failure: Error | undefined;

  constructor(task: WorkerTask) {
    this.#worker = new Worker(workerFile, { workerData: task, ...(isSource ? { execArgv: [] } : {}) });
    this.#worker.on("message", (batch: Batch) => {
      if (this.#waiting) this.#waiting.resolve(batch);
      else this.#ready.push(batch);
      this.#waiting = undefined;
    });
    this.#worker.on("error", (error: Error) => {
      this.#failure = asThrown(error);
      this.#waiting?.reject(this.#failure);
    });
  }

  next(): Promise<Batch> {
    const batch = this.#ready.shift();
    if (batch) return Promise.resolve(batch);
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      else this.#waiting = { resolve, reject };
    });
  }

  giveBack({ inputs, targets }: Batch): void {
    this.#worker.postMessage({ inputs, targets }, [
      inputs.buffer as ArrayBuffer,
      targets.buffer as ArrayBuffer,
    ]);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** An error loses its class between threads, not its name and code. */
function asThrown(error: Error & { readonly code?: string }): Error {
  return error.name === "EmotionNetError"
    ? new EmotionNetError(error.code as ErrorCode, error.message, { cause: error })
    : error;
}
