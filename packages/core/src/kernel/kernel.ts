/** What turns normalised landmarks into logits and fits the shape model to them, and the choice between its two implementations. */

import type { Model } from "../file/model.ts";
import type { Precision } from "./packing.ts";
import { ScalarKernel } from "./scalar-kernel.ts";
import type { ShapeFit } from "./shape-fit.ts";
import { createSimdKernel } from "./simd-kernel.ts";

/** `auto` takes WebAssembly SIMD where the runtime has it. */
export type KernelChoice = "auto" | "simd" | "scalar";

/**
 * The layers of one network, ready to run. Write up to `capacity` faces into `input`, call `run`, read `output`.
 * Both buffers belong to the kernel and are overwritten by the next run; running allocates nothing.
 */
export interface ClassifierKernel {
  readonly name: "simd" | "scalar";
  readonly precision: Precision;
  /** Faces a run can take. */
  readonly capacity: number;
  /** (capacity × inputs). */
  readonly input: Float32Array;
  /** (capacity × outputStride): the logits of a face, then padding. */
  readonly output: Float32Array;
  readonly outputStride: number;
  /** Computes the logits of the first `count` faces of `input`. */
  run(count: number): void;
  /** Fits the shape model to the first face of `input`; the same bits on every kernel, whatever the precision of the layers. */
  fitShape(): ShapeFit;
  /** What a worker needs to compute the same; nothing where no WebAssembly computes. */
  snapshot(): KernelSnapshot | undefined;
}

/** A kernel ready to be started elsewhere; plain data that can be sent to a worker. Addresses are bytes. */
export interface KernelSnapshot {
  /** The WebAssembly module; it imports its memory. */
  readonly binary: Uint8Array;
  /** All of the memory, weights included; the receiver's own. */
  readonly memory: ArrayBuffer;
  /** Name of the exported function that runs the layers. */
  readonly entry: string;
  /** Its arguments; the number of faces takes the place `countAt`. */
  readonly arguments: number[];
  readonly countAt: number;
  readonly capacity: number;
  readonly input: number;
  readonly inputs: number;
  readonly output: number;
  readonly outputStride: number;
}

/** Faces computed in one run; enough to hide the call, small enough to stay in the processor's cache. */
export const FACES_PER_RUN = 64;

/** What a kernel is made of; batch norm is folded. */
export type KernelParts = Pick<Model, "layers" | "shape">;

/**
 * A kernel for the layers and the shape model of a network: ReLU after all layers but the last.
 * @param precision of the layers on the SIMD kernel; the scalar one always computes in full precision.
 * @throws EmotionNetError `engine` when SIMD is asked for and missing.
 */
export async function createKernel(
  parts: KernelParts,
  choice: KernelChoice = "auto",
  precision: Precision = "f32",
): Promise<ClassifierKernel> {
  if (choice === "scalar") return new ScalarKernel(parts, FACES_PER_RUN);
  try {
    return await createSimdKernel(parts, FACES_PER_RUN, precision);
  } catch (error) {
    if (choice === "simd") throw error;
    // Old runtimes have no SIMD, and pages may forbid WebAssembly by their content security policy.
    return new ScalarKernel(parts, FACES_PER_RUN);
  }
}
