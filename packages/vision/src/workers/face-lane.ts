/** The page's end of one face worker. */

import type { EmotionNetError } from "@emotionnet/core";
import type { FromFaceWorker, StartMessage, ToFaceWorker, WorkAnswer, WorkMessage } from "./messages.ts";
import { arrivedError, cannotSend, notStarted, reasonOf, workerLost } from "./pool-errors.ts";

/** What is used of a worker; a web worker is one. */
export interface FaceWorkerLike {
  postMessage(message: unknown, transfer: object[]): void;
  addEventListener(type: "message" | "error" | "messageerror", listener: (event: unknown) => void): void;
  terminate(): unknown;
}

interface Call {
  readonly resolve: (value: WorkAnswer) => void;
  readonly reject: (error: EmotionNetError) => void;
}

export class FaceLane {
  readonly #worker: FaceWorkerLike;
  readonly #calls = new Map<number, Call>();
  #count = 0;
  /** Followers that live in this worker. */
  followers = 0;

  /** @param onLost told when the worker ends although nobody ended it. */
  constructor(worker: FaceWorkerLike, onLost: (error: EmotionNetError) => void) {
    this.#worker = worker;
    worker.addEventListener("message", (event) => this.#take((event as { data: FromFaceWorker }).data));
    for (const type of ["error", "messageerror"] as const) {
      worker.addEventListener(type, (event) => onLost(workerLost(reasonOf(event))));
    }
  }

  /** Resolves when it can read. @throws EmotionNetError what its reader or classifier says, or `engine`. */
  start(message: StartMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.addEventListener("message", (event) => {
        const answer = (event as { data: FromFaceWorker }).data;
        if (answer.kind === "ready") resolve();
        if (answer.kind === "not-started") reject(arrivedError(answer.error));
      });
      this.#worker.addEventListener("error", (event) => reject(notStarted(reasonOf(event))));
      this.#worker.postMessage(message, []);
    });
  }

  /** Calls without an answer. */
  get load(): number {
    return this.#calls.size;
  }

  tell(message: Extract<ToFaceWorker, { kind: "track" | "forget" }>): void {
    this.#worker.postMessage(message, []);
  }

  /** @param transfer belongs to the worker afterwards. */
  work(work: WorkMessage, transfer: readonly object[]): Promise<WorkAnswer> {
    const call = this.#count++;
    return new Promise((resolve, reject) => {
      const message: ToFaceWorker = { kind: "work", call, work };
      try {
        this.#worker.postMessage(message, [...transfer]);
      } catch (error) {
        reject(cannotSend(reasonOf(error)));
        return;
      }
      this.#calls.set(call, { resolve, reject });
    });
  }

  /** Ends the worker. @param error for the calls without an answer. */
  end(error: EmotionNetError): void {
    this.#worker.terminate();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of calls) reject(error);
  }

  #take(message: FromFaceWorker): void {
    if (message.kind === "ready" || message.kind === "not-started") return;
    const call = this.#calls.get(message.call);
    this.#calls.delete(message.call);
    if (message.kind === "answer") call?.resolve(message.value);
    else call?.reject(arrivedError(message.error));
  }
}
