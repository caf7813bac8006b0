/** What this package needs of an engine: the Node and web builds of ONNX Runtime have this shape, and the own engine. */

import type { ElementType, TensorArray } from "../graph/element-type.ts";

/**
 * Numbers with a shape, row by row. The engine's own tensors are of this shape too: what `GraphSession.tensor` and
 * `GraphSession.run` return goes back into `run` without wrapping or copying.
 */
export interface Tensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorArray;
}

export interface EngineSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, Tensor>>, fetches?: object): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export interface Engine {
  /** ONNX Runtime's name of its build, or `emotionnet-simd` for the own engine (../simd); for reports. */
  readonly name: "onnxruntime-node" | "onnxruntime-web" | "emotionnet-simd";
  /** Whether a run writes into the tensors given for its outputs; else it only returns new ones. */
  readonly fillsOutputs: boolean;
  readonly Tensor: new (type: ElementType, data: TensorArray, dims: readonly number[]) => Tensor;
  createSession(model: Uint8Array, threads: number): Promise<EngineSession>;
}
