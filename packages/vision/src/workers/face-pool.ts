/** Reads faces off the page's own thread: module workers that decode, read and, where wanted, classify. */

import type { EmotionNetError } from "@emotionnet/core";
import { loadModels } from "#models";
import type { FaceReaderOptions } from "../face-reader.ts";
import type { Closable } from "../image/drawable.ts";
import type { FaceTrackerOptions } from "../track/face-tracker.ts";
import { type EndOfPool, FaceFollower } from "./face-follower.ts";
import { FaceLane, type FaceWorkerLike } from "./face-lane.ts";
import type { PoolClassifier, PooledFace, WorkAnswer, WorkMessage } from "./messages.ts";
import { type PoolSource, packPicture } from "./pack-picture.ts";
import { badWorkers, noWorkers, poolClosed, poolInterrupted } from "./pool-errors.ts";

export interface FacePoolOptions extends Omit<FaceReaderOptions, "threads" | "onStage"> {
  /** How many; left out, as many as the machine has cores, 4 at most. Each holds both networks. */
  readonly workers?: number;
  /** Which model classifies each face in its worker; `none` when left out. */
  readonly classifier?: PoolClassifier;
  /** Starts one worker, where the one of this package cannot be started: a module that imports `@emotionnet/vision/face-worker`. */
  readonly createWorker?: () => FaceWorkerLike;
}

/** More workers than this rarely help: memory and decoding are shared. */
const MOST_WORKERS = 4;
/** Calls that are with a worker at a time: one being read while the picture of the other is decoded. */
const DEPTH = 2;

declare const Worker: new (program: URL, options: { readonly type: "module" }) => FaceWorkerLike;

interface Job {
  readonly work: WorkMessage;
  readonly transfer: readonly object[];
  readonly resolve: (answer: WorkAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** For pages. Create one and use it for many pictures and videos. */
export class FacePool {
  readonly workers: number;
  #lanes: FaceLane[] = [];
  /** Oldest first. */
  #waiting: Job[] = [];
  #pending = 0;
  #followers = 0;
  #end: EndOfPool | undefined;
  #tellReady: (() => void)[] = [];

  private constructor(workers: number) {
    this.workers = workers;
  }

  /**
   * Starts the workers and waits until all of them can read.
   * @throws EmotionNetError as `FaceReader.create` and `EmotionNet.load`; `engine` when a worker does not start, `usage` for an
   * option out of range.
   */
  static async create(options: FacePoolOptions = {}): Promise<FacePool> {
    const { workers = defaultWorkers(), classifier = "none", createWorker = startWorker, ...rest } = options;
    if (!Number.isInteger(workers) || workers < 1) throw badWorkers(workers);
    const pool = new FacePool(workers);
    try {
      const models = rest.models ?? (await loadModels());
      const started = Array.from({ length: workers }, () => {
        const lane = new FaceLane(createWorker(), (error) => pool.#finish(error, error));
        pool.#lanes.push(lane);
        return lane.start({ kind: "start", reader: { ...rest, models }, classifier });
      });
      await Promise.all(started);
      return pool;
    } catch (error) {
      pool.close();
      throw error;
    }
  }

  /** How many more pictures keep all workers busy; 0 or less: await `ready` before the next, or pictures pile up here. */
  get desiredSize(): number {
    return DEPTH * this.workers - this.#pending;
  }

  /** Resolves when `desiredSize` is above 0, or the pool has ended. */
  get ready(): Promise<void> {
    if (this.#end || this.desiredSize > 0) return Promise.resolve();
    return new Promise((resolve) => this.#tellReady.push(resolve));
  }

  /**
   * All faces of a picture, best score first. Calls may overlap; they are spread over the workers. An `ImageBitmap`, a `VideoFrame`
   * and the memory of pixels belong to a worker from now on; a file, an element and a canvas stay with the page.
   * @throws EmotionNetError `photo-damaged` for what is no picture, `file-unreadable` for an address without one; `usage` after
   * `close`, `interrupted` when `close` came before the answer, `thread-lost` when a worker ended, which ends the pool.
   */
  async read(source: PoolSource): Promise<readonly PooledFace[]> {
    if (this.#end) throw this.#end.after;
    this.#pending++;
    try {
      const { picture, transfer } = await packPicture(source);
      const answer = await new Promise<WorkAnswer>((resolve, reject) => {
        this.#waiting.push({ work: { kind: "read", picture }, transfer, resolve, reject });
        this.#sendJobs();
      });
      return answer as readonly PooledFace[];
    } finally {
      this.#pending--;
      this.#sendJobs();
      if (this.desiredSize > 0) this.#wake();
    }
  }

  /** Follows faces through the frames of one video, in one worker. */
  track(options: FaceTrackerOptions = {}): FaceFollower {
    if (this.#end) throw this.#end.after;
    const lane = this.#lanes.reduce((best, one) => (one.followers < best.followers ? one : best));
    const follower = this.#followers++;
    lane.followers++;
    lane.tell({ kind: "track", follower, options });
    return new FaceFollower(lane, follower, () => this.#end);
  }

  /** Ends the workers; calls without an answer reject. A second close does nothing. */
  close(): void {
    this.#finish(poolClosed(), poolInterrupted());
  }

  #sendJobs(): void {
    if (this.#end) this.#dropJobs(this.#end.pending);
    while (this.#waiting.length > 0) {
      const lane = this.#lanes.reduce((best, one) => (one.load < best.load ? one : best));
      if (lane.load >= DEPTH) return;
      const { work, transfer, resolve, reject } = this.#waiting.shift()!;
      lane.work(work, transfer).then(resolve, reject);
    }
  }

  #dropJobs(error: EmotionNetError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { transfer, reject } of waiting) {
      for (const one of transfer) if ("close" in one) (one as Closable).close();
      reject(error);
    }
  }

  /** @param after for calls to come @param pending for calls without an answer */
  #finish(after: EmotionNetError, pending: EmotionNetError): void {
    if (this.#end) return;
    this.#end = { after, pending };
    for (const lane of this.#lanes) lane.end(pending);
    this.#dropJobs(pending);
    this.#wake();
  }

  #wake(): void {
    const told = this.#tellReady;
    this.#tellReady = [];
    for (const tell of told) tell();
  }
}

function defaultWorkers(): number {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  return Math.min(navigator?.hardwareConcurrency ?? 1, MOST_WORKERS);
}

function startWorker(): FaceWorkerLike {
  if (!("Worker" in globalThis)) throw noWorkers();
  // Written out, not computed: bundlers look for exactly this form.
  return new Worker(new URL("./face-worker.js", import.meta.url), { type: "module" });
}
