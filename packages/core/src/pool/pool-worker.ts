/**
 * A worker of the pool as a file of its own, `@emotionnet/core/pool-worker`, for pages whose content security policy forbids
 * workers made of text: `createWorker: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" })`, where
 * worker.js imports this.
 */

import { platform } from "../platform.ts";
import { serveKernel, type WorkerPort } from "./kernel-worker.ts";

const threads = platform.process?.getBuiltinModule?.("node:worker_threads") as
  | { readonly parentPort: object | null }
  | undefined;
const port = platform.self ?? threads?.parentPort;
if (port && platform.WebAssembly) serveKernel(port as WorkerPort, platform.WebAssembly);
