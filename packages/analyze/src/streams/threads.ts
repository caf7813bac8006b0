/** Where streams are looked at: worker threads, or this thread when the caller lends a reader of its own. */

import { createRequire } from "node:module";
import { type ResourceLimits, Worker } from "node:worker_threads";
import type { FromThread, ThreadData, ToThread } from "./messages.ts";
import { type RunnerParts, StreamRunner } from "./stream-runner.ts";

/** Told what a thread says, and once why it is gone before its time. */
export interface ThreadListener {
  readonly onMessage: (message: FromThread) => void;
  readonly onLost: (why: string) => void;
}

export interface Thread {
  readonly tell: (message: ToThread) => void;
  /** Lets it end; a thread that does not is ended. */
  readonly close: () => Promise<void>;
}

export interface WorkerChoice {
  /** The program. Default: the one of this package. */
  readonly file?: string;
  readonly resourceLimits?: ResourceLimits;
}

/** Milliseconds that a thread has to end by itself. */
const patience = 5000;

export function startWorker(data: ThreadData, listener: ThreadListener, choice: WorkerChoice = {}): Thread {
  const { file = createRequire(import.meta.url).resolve("#stream-worker"), resourceLimits } = choice;
  const worker = new Worker(file, {
    workerData: data,
    // The file is a built one, whatever conditions this process resolves its packages by.
    execArgv: [],
    ...(resourceLimits ? { resourceLimits } : {}),
  });
  let isOver = false;
  let why: string | undefined;
  worker.on("message", listener.onMessage);
  // An error may overtake messages that were sent before it; the exit comes behind them all.
  worker.on("error", (error: NodeJS.ErrnoException) => {
    why ??= describeLoss(error);
  });
  const exit = new Promise<void>((resolve) => {
    worker.once("exit", (status) => {
      if (!isOver) listener.onLost(why ?? `it ended by itself with status ${status}`);
      resolve();
    });
  });
  return {
    tell: (message) => worker.postMessage(message),
    async close() {
      isOver = true;
      worker.postMessage({ kind: "close" } satisfies ToThread);
      const timer = setTimeout(() => void worker.terminate(), patience);
      await exit;
      clearTimeout(timer);
    },
  };
}

function describeLoss(error: NodeJS.ErrnoException): string {
  return error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "it ran out of memory" : `it broke: ${error.message}`;
}

/** The same on this thread. */
export function startLocal(parts: Omit<RunnerParts, "tell">, listener: ThreadListener): Thread {
  const runner = new StreamRunner({ ...parts, tell: listener.onMessage });
  return { tell: (message) => runner.handle(message), close: async () => {} };
}
