/** ONNX Runtime compiled to WebAssembly: for browsers. */

import type { Engine, EngineSession } from "./engine.ts";

let loading: Promise<Engine> | undefined;

/** Loads the engine once. Threads need a cross-origin isolated page; without one ONNX Runtime uses a single thread. */
export function loadEngine(): Promise<Engine> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Engine> {
  const runtime = await import("onnxruntime-web/wasm");
  return {
    name: "onnxruntime-web",
    fillsOutputs: false,
    Tensor: runtime.Tensor as unknown as Engine["Tensor"],
    async createSession(model, threads) {
      // The number of threads is fixed when the first session starts: it belongs to the whole WebAssembly module.
      runtime.env.wasm.numThreads = threads;
      const session = await runtime.InferenceSession.create(model, { executionProviders: ["wasm"] });
      return session as unknown as EngineSession;
    },
  };
}
