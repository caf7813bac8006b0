/** ONNX Runtime for Node: the native build, or its WebAssembly build where the native one does not load. */

import type { Engine, EngineSession } from "./engine.ts";

/** Only warnings about a damaged set-up are of use to a user; ONNX Runtime's number for "error". */
const LOG_ERRORS_ONLY = 3;

let loading: Promise<Engine> | undefined;

/** Loads the engine once. */
export function loadEngine(): Promise<Engine> {
  loading ??= loadNative().catch(loadWebAssembly);
  return loading;
}

async function loadNative(): Promise<Engine> {
  const runtime = await import("onnxruntime-node");
  return {
    name: "onnxruntime-node",
    fillsOutputs: true,
    Tensor: runtime.Tensor as unknown as Engine["Tensor"],
    async createSession(model, threads) {
      const session = await runtime.InferenceSession.create(model, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: "sequential",
        logSeverityLevel: LOG_ERRORS_ONLY,
      });
      return session as unknown as EngineSession;
    },
  };
}

async function loadWebAssembly(): Promise<Engine> {
  const { loadEngine: loadWebEngine } = await import("./engine-web.ts");
  return loadWebEngine();
}
