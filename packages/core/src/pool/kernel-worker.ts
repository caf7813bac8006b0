/** What a worker of the pool does: layers only. Landmarks are normalised, and logits turned into probabilities, by who asks. */

import type { KernelSnapshot } from "../kernel/kernel.ts";
import type { WebAssemblyPlatform } from "../platform.ts";

/** The worker's end: the global scope of a web worker, `parentPort` in Node. */
export interface WorkerPort {
  onmessage: ((event: { readonly data: KernelSnapshot | Part }) => void) | null;
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
}

/** Faces on their way to a worker and back; both buffers travel with it and are not copied. */
export interface Part {
  /** (at least count × inputs) normalised landmarks. */
  readonly faces: Float32Array<ArrayBuffer>;
  /** (at least count × outputStride), filled by the worker. */
  readonly logits: Float32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * Takes a snapshot of a kernel, says `ready`, then answers every part with itself.
 * Its source text is a worker's whole program, so it must use nothing outside of itself, and nothing that build tools
 * replace by helpers of their own: no named inner function, no spread, no async.
 */
export function serveKernel(port: WorkerPort, wasm: WebAssemblyPlatform): void {
  let run: unknown;
  let kernel: KernelSnapshot | undefined;
  let input = new Float32Array(0);
  let output = new Float32Array(0);
  port.onmessage = (event) => {
    const message = event.data;
    if ("binary" in message) {
      const memory = new wasm.Memory({ initial: message.memory.byteLength / 65_536 });
      new Uint8Array(memory.buffer).set(new Uint8Array(message.memory));
      const module = new wasm.Module(message.binary);
      run = new wasm.Instance(module, { env: { memory } }).exports[message.entry];
      input = new Float32Array(memory.buffer, message.input, message.capacity * message.inputs);
      output = new Float32Array(memory.buffer, message.output, message.capacity * message.outputStride);
      kernel = message;
      port.postMessage("ready");
      return;
    }
    if (!kernel) throw new Error("Faces came before the kernel.");
    for (let start = 0; start < message.count; start += kernel.capacity) {
      const count = Math.min(kernel.capacity, message.count - start);
      input.set(message.faces.subarray(start * kernel.inputs, (start + count) * kernel.inputs));
      kernel.arguments[kernel.countAt] = count;
      Reflect.apply(run as () => void, undefined, kernel.arguments);
      message.logits.set(output.subarray(0, count * kernel.outputStride), start * kernel.outputStride);
    }
    port.postMessage(message, [message.faces.buffer, message.logits.buffer]);
  };
}
