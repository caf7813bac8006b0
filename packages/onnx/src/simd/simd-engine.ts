/** Our own engine: convolution networks on WebAssembly SIMD. What it does not know is left to ONNX Runtime. */

import type { Engine } from "../session/engine.ts";
import { type InstructionSet, instructionSets, Kernel } from "./kernel.ts";
import { SimdSession } from "./simd-session.ts";

/** A tensor as plain data. */
class PlainTensor {
  readonly type;
  readonly data;
  readonly dims;

  constructor(...[type, data, dims]: ConstructorParameters<Engine["Tensor"]>) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

/** The engine with the model loaded already, or nothing when the model or the runtime is not for it. */
export async function simdEngineFor(
  model: Uint8Array,
  set: InstructionSet | undefined = instructionSets()[0],
): Promise<Engine | undefined> {
  if (!set) return undefined;
  let session: SimdSession;
  try {
    session = new SimdSession(model, await Kernel.create(set));
  } catch {
    // Whatever stops the planner, ONNX Runtime has the last word on a model, in its own words.
    return undefined;
  }
  return {
    name: "emotionnet-simd",
    fillsOutputs: true,
    Tensor: PlainTensor,
    createSession: async () => session,
  };
}
