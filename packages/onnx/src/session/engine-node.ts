/** For Node: ONNX Runtime's native build; where that is not installed or does not load, what browsers use, on one thread. */

import type { Engine, EngineSession } from "./engine.ts";

/** Only warnings about a damaged set-up are of use to a user; ONNX Runtime's number for "error". */
const LOG_ERRORS_ONLY = 3;

let loading: Promise<Engine | undefined> | undefined;

/** The engine for a model. */
export async function loadEngine(model: Uint8Array): Promise<Engine> {
  loading ??= loadNative().catch(() => undefined);
  return (await loading) ?? loadWebAssembly(model);
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

async function loadWebAssembly(model: Uint8Array): Promise<Engine> {
  const { loadEngine: loadWebEngine } = await import("./engine-web.ts");
  const engine = await loadWebEngine(model);
  // The web build starts threads by fetching its own file, and Node's fetch reads no files.
  return { ...engine, createSession: (bytes) => engine.createSession(bytes, 1) };
}
