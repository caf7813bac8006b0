/** One network on one engine, for graph-engines.ts; runs in Node and, by the import map of its page, in browsers. */

import * as ort from "onnxruntime-web/wasm";
import { instructionSets, Kernel } from "#packages/onnx/dist/simd/kernel.js";
import { SimdSession } from "#packages/onnx/dist/simd/simd-session.js";

export const ENGINES = ["relaxed", "baseline", "onnxruntime-web"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface NetworkRun {
  /** Runs again and again for so many seconds by the clock; returns how many times. */
  callFor(seconds: number): Promise<number>;
  /** The outputs of one run. */
  outputs(): Promise<Record<string, Float32Array>>;
}

/** The engines that this runtime has. */
export function enginesHere(): EngineName[] {
  const sets: readonly string[] = [...instructionSets(), "onnxruntime-web"];
  return ENGINES.filter((name) => sets.includes(name));
}

/** Loads a network that takes `batch` pictures of `size` × `size` pixels; the pictures are waves of light. */
export async function networkRun(
  engine: EngineName,
  model: Uint8Array,
  size: number,
  batch: number,
): Promise<NetworkRun> {
  const dims = [batch, size, size, 3];
  const data = Float32Array.from(
    { length: batch * size * size * 3 },
    (_, at) => 128 + 90 * Math.sin(at / 37) * Math.cos(at / 9311),
  );
  const run = await (engine === "onnxruntime-web" ? onOnnxRuntime(model, dims, data) : onOwn(engine));
  return {
    async callFor(seconds) {
      const until = performance.now() + 1000 * seconds;
      let calls = 0;
      for (; performance.now() < until; calls++) await run();
      return calls;
    },
    async outputs() {
      const results = await run();
      return Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => [name, (data as Float32Array).slice()]),
      );
    },
  };

  async function onOwn(set: "relaxed" | "baseline") {
    const session = new SimdSession(model, await Kernel.create(set));
    const feeds = { pixels: { type: "float32", dims, data } as const };
    return () => session.run(feeds);
  }
}

async function onOnnxRuntime(model: Uint8Array, dims: readonly number[], data: Float32Array) {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const feeds = { pixels: new ort.Tensor("float32", data, dims) };
  return () => session.run(feeds);
}
