/** Batches shared between workers: each runs the layers of its part, this thread the rest. */

import { checkBatch, normaliseFace } from "../classifier/batch-faces.ts";
import { softmaxInto } from "../classifier/softmax.ts";
import { EmotionNetError } from "../errors.ts";
import type { ModelMetadata } from "../file/model.ts";
import type { ClassifierKernel } from "../kernel/kernel.ts";
import { landmarkValues } from "../landmarks/scheme.ts";
import type { WorkerLike } from "../platform.ts";
import type { Part } from "./kernel-worker.ts";
import { type CreateWorker, defaultCreateWorker, workerProgram } from "./worker-host.ts";

export interface PoolOptions {
  /** Workers, from 1: as many as there are cores that are really free. */
  readonly threads: number;
  /** How to start a worker; left out, a web worker made of text (blob:) or one of Node's worker threads. */
  readonly createWorker?: CreateWorker;
}

/** Runs of the kernel a message: enough to outweigh it, few enough to share small batches. */
const LARGEST_RUNS = 8;
/** Parts a worker has at a time: while it computes one, the next lies ready. */
const DEPTH = 2;

/** One call of `classifyBatch`. */
interface Job {
  readonly flat: ArrayLike<number>;
  readonly count: number;
  /** Faces of a part but the last: whole runs, so that runs hold the same faces as without a pool. */
  readonly share: number;
  readonly probabilities: Float32Array;
  /** Faces sent and answered so far. */
  sent: number;
  answered: number;
  resolve(probabilities: Float32Array): void;
  reject(error: EmotionNetError): void;
}

interface Lane {
  readonly worker: WorkerLike;
  /** What it works on, first first: a worker answers in order. */
  readonly pending: { readonly job: Job; readonly first: number; readonly count: number }[];
  /** Buffers that came back. */
  readonly spare: Omit<Part, "count">[];
}

/** Workers that classify batches of one network; made by `EmotionNet.pool`. */
export class ClassifierPool {
  readonly threads: number;
  readonly #kernel: Pick<ClassifierKernel, "outputStride" | "capacity">;
  readonly #values: number;
  readonly #classes: number;
  readonly #temperature: number;
  #lanes: Lane[] = [];
  /** Calls with faces not sent yet, oldest first. */
  readonly #waiting: Job[] = [];
  /** Why there are no answers any more. */
  #end: EmotionNetError | undefined;

  private constructor(kernel: ClassifierKernel, metadata: ModelMetadata, threads: number) {
    this.threads = threads;
    this.#kernel = kernel;
    this.#values = landmarkValues(metadata.scheme);
    this.#classes = metadata.spec.classes.length;
    this.#temperature = metadata.temperature;
  }

  /**
   * Starts the workers and waits until all of them are ready.
   * @throws EmotionNetError `usage`, or `engine` as said at `EmotionNet.pool`
   */
  static async start(
    kernel: ClassifierKernel,
    metadata: ModelMetadata,
    { threads, createWorker }: PoolOptions,
  ): Promise<ClassifierPool> {
    if (!Number.isInteger(threads) || threads < 1) throw badThreads(threads);
    if (!kernel.snapshot()) throw scalarKernel();
    const create = createWorker ?? defaultCreateWorker();
    const pool = new ClassifierPool(kernel, metadata, threads);
    try {
      const started = Array.from({ length: threads }, () => pool.#startLane(kernel, create));
      await Promise.all(started);
    } catch (cause) {
      pool.close();
      throw cause instanceof EmotionNetError ? cause : notStarted(messageOf(cause), cause);
    }
    return pool;
  }

  /**
   * Like `classifyBatch` of the network: (count × classes) probabilities, the same bit for bit. Calls may overlap. This thread
   * normalises and reads answers, in small parts; `flat` must stay as it is until then.
   * @param flat count × the values of a face: x, y of the points of the model's scheme, face after face.
   * @throws EmotionNetError `landmarks-count`, `landmarks-not-finite` or `landmarks-degenerate` as there; `usage` after
   * `close`; `engine` when a worker ended, which ends the pool; `interrupted` when `close` came before the answer.
   */
  async classifyBatch(flat: ArrayLike<number>, count: number): Promise<Float32Array> {
    if (this.#end) throw this.#end;
    checkBatch(flat, count, this.#values);
    const probabilities = new Float32Array(count * this.#classes);
    if (count === 0) return probabilities;
    const runs = Math.ceil(count / this.threads / this.#kernel.capacity);
    const share = Math.min(runs, LARGEST_RUNS) * this.#kernel.capacity;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ flat, count, share, probabilities, sent: 0, answered: 0, resolve, reject });
      this.#sendParts();
    });
  }

  /** Ends the workers; calls without an answer reject. A second close does nothing. */
  close(): void {
    this.#finish(closed(), interrupted());
  }

  async #startLane(kernel: ClassifierKernel, create: CreateWorker): Promise<void> {
    const worker = create(workerProgram());
    const lane: Lane = { worker, pending: [], spare: [] };
    this.#lanes.push(lane);
    return new Promise((resolve, reject) => {
      let isReady = false;
      worker.addEventListener("message", (event) => {
        if (isReady) this.#take(lane, (event as { data: Part }).data);
        isReady = true;
        if (lane.pending.length === 0) worker.unref?.();
        resolve();
      });
      const onFailure = (event: unknown) => {
        const reason = messageOf(event);
        if (isReady) this.#finish(workerEnded(reason), workerEnded(reason));
        else reject(notStarted(reason));
      };
      worker.addEventListener("error", onFailure);
      worker.addEventListener("messageerror", onFailure);
      const snapshot = kernel.snapshot()!;
      worker.postMessage(snapshot, [snapshot.memory]);
    });
  }

  /** Keeps every worker busy while faces wait. */
  #sendParts(): void {
    while (this.#waiting.length > 0) {
      const lane = this.#lanes.reduce((best, one) => (one.pending.length < best.pending.length ? one : best));
      if (lane.pending.length >= DEPTH) return;
      const job = this.#waiting[0]!;
      try {
        this.#send(lane, job);
      } catch (error) {
        job.reject(error as EmotionNetError);
        job.sent = job.count;
      }
      if (job.sent === job.count) this.#waiting.shift();
    }
  }

  #send(lane: Lane, job: Job): void {
    const first = job.sent;
    const count = Math.min(job.share, job.count - first);
    const { faces, logits } = lane.spare.pop() ?? this.#newBuffers();
    for (let face = 0; face < count; face++) normaliseFace(faces, face, job.flat, first + face, this.#values);
    lane.worker.ref?.();
    lane.worker.postMessage({ faces, logits, count }, [faces.buffer, logits.buffer]);
    lane.pending.push({ job, first, count });
    job.sent += count;
  }

  #newBuffers(): Omit<Part, "count"> {
    const { capacity, outputStride } = this.#kernel;
    const most = LARGEST_RUNS * capacity;
    return { faces: new Float32Array(most * this.#values), logits: new Float32Array(most * outputStride) };
  }

  #take(lane: Lane, { faces, logits }: Part): void {
    const part = lane.pending.shift();
    if (!part) return;
    const { job, first, count } = part;
    const { outputStride } = this.#kernel;
    const width = this.#classes;
    for (let face = 0; face < count; face++) {
      const to = (first + face) * width;
      softmaxInto(job.probabilities, to, logits, face * outputStride, width, this.#temperature);
    }
    lane.spare.push({ faces, logits });
    job.answered += count;
    if (job.answered === job.count) job.resolve(job.probabilities);
    this.#sendParts();
  }

  /** @param after for calls to come @param pending for calls without an answer */
  #finish(after: EmotionNetError, pending: EmotionNetError): void {
    if (this.#end) return;
    this.#end = after;
    const lanes = this.#lanes;
    this.#lanes = [];
    for (const { worker } of lanes) worker.terminate();
    const jobs = new Set([...lanes.flatMap((lane) => lane.pending.map(({ job }) => job)), ...this.#waiting]);
    for (const job of jobs) job.reject(pending);
    for (const { pending } of lanes) pending.length = 0;
    this.#waiting.length = 0;
  }
}

/** Of an error or an error event; browsers say nothing of a worker that they forbid. */
function messageOf(event: unknown): string {
  const { message } = (event ?? {}) as { message?: unknown };
  return typeof message === "string" && message !== "" ? message : "no reason given";
}

function badThreads(threads: number): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `${threads} threads for a pool`,
    wanted: "a whole number from 1",
    mend: "Pass the number of cores that are free.",
  });
}

function scalarKernel(): EmotionNetError {
  return new EmotionNetError("engine", {
    got: "a network on the scalar kernel",
    wanted: "the SIMD kernel for a pool",
    mend: "Allow WebAssembly (content security policy 'wasm-unsafe-eval'), or call classifyBatch of the network itself.",
  });
}

function notStarted(reason: string, cause?: unknown): EmotionNetError {
  const parts = {
    got: `a worker that did not start (${reason})`,
    wanted: "workers for a pool",
    mend: "A page's content security policy must allow workers made of text (worker-src blob:); else pass createWorker with a file that imports @emotionnet/core/pool-worker.",
  };
  return new EmotionNetError("engine", parts, { cause });
}

function workerEnded(reason: string): EmotionNetError {
  return new EmotionNetError("engine", {
    got: `a worker of the pool that ended (${reason})`,
    wanted: "workers that run until the pool is closed",
    mend: "Start a new pool and repeat the calls.",
  });
}

function closed(): EmotionNetError {
  return new EmotionNetError("usage", {
    got: "a call to a pool that is closed",
    wanted: "an open pool",
    mend: "Close it after the last answer, or start another.",
  });
}

function interrupted(): EmotionNetError {
  return new EmotionNetError("interrupted", {
    got: "the end of the pool before the answer",
    wanted: "an open pool until then",
    mend: "Await all calls before close().",
  });
}
