/** For browsers: the own engine where it knows the graph, else ONNX Runtime compiled to WebAssembly (a download of 14 MB). */

import { simdEngineFor } from "../simd/simd-engine.ts";
import type { Engine, EngineSession } from "./engine.ts";

let loading: Promise<Engine> | undefined;

/** The engine for a model. */
export async function loadEngine(model: Uint8Array): Promise<Engine> {
  return (await simdEngineFor(model)) ?? loadOnnxRuntime();
}

/** Loads ONNX Runtime once. Threads need a cross-origin isolated page; without one it uses a single thread. */
export function loadOnnxRuntime(): Promise<Engine> {
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
