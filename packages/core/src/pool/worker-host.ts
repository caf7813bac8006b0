/** Starts workers wherever JavaScript has them. */

import { EmotionNetError } from "../errors.ts";
import { platform, type WorkerLike } from "../platform.ts";
import { serveKernel } from "./kernel-worker.ts";

/**
 * Starts one worker. Either runs the program given, or a file that imports `@emotionnet/core/pool-worker`, for pages whose
 * content security policy forbids workers made of text.
 */
export type CreateWorker = (program: string) => WorkerLike;

interface NodeWorker {
  on(event: "message" | "messageerror" | "error" | "exit", listener: (value: unknown) => void): void;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  terminate(): unknown;
  ref(): void;
  unref(): void;
}

interface NodeWorkerThreads {
  readonly Worker: new (program: string, options: { eval: true; execArgv: string[] }) => NodeWorker;
}

/** Text of a classic script or module that serves the kernel. Node has no `self`; its end of the channel is `parentPort`. */
export function workerProgram(): string {
  return `(${serveKernel})(typeof self === "object" ? self : process.getBuiltinModule("node:worker_threads").parentPort, WebAssembly);`;
}

/** @throws EmotionNetError `engine` where the host has no workers */
export function defaultCreateWorker(): CreateWorker {
  const { Worker, Blob, URL } = platform;
  if (Worker && Blob && URL.createObjectURL) {
    return (program) => {
      const address = URL.createObjectURL!(new Blob([program], { type: "text/javascript" }));
      return startWebWorker(address, Worker, () => URL.revokeObjectURL?.(address));
    };
  }
  const threads = platform.process?.getBuiltinModule?.("node:worker_threads") as
    | NodeWorkerThreads
    | undefined;
  if (threads) return (program) => startNodeWorker(program, threads);
  throw new EmotionNetError("engine", {
    got: "a runtime without workers",
    wanted: "web workers or Node's worker_threads for a pool",
    mend: "Call classifyBatch of the network itself, or pass createWorker.",
  });
}

function startWebWorker(
  address: string,
  Worker: NonNullable<typeof platform.Worker>,
  forget: () => void,
): WorkerLike {
  try {
    // A module, because Deno has no other workers.
    const worker = new Worker(address, { type: "module" });
    // The program is fetched later than the constructor returns, so its address must live until the worker spoke.
    worker.addEventListener("message", forget);
    worker.addEventListener("error", forget);
    return worker;
  } catch (error) {
    forget();
    throw error;
  }
}

function startNodeWorker(program: string, { Worker }: NodeWorkerThreads): WorkerLike {
  // Flags of the process are not handed on: they may change how the text is read.
  const worker = new Worker(program, { eval: true, execArgv: [] });
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    addEventListener(type, listener) {
      if (type !== "error") {
        worker.on(type, (data) => listener({ data }));
        return;
      }
      worker.on("error", listener);
      worker.on("exit", (code) => listener({ message: `ended with code ${code}` }));
    },
    terminate: () => worker.terminate(),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
}
