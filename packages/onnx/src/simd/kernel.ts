/** The compiled convolutions with the memory that they work in. */

import { BASELINE_BINARY } from "./baseline-binary.generated.ts";
import { RELAXED_BINARY } from "./relaxed-binary.generated.ts";

/** Baseline SIMD runs everywhere; relaxed SIMD multiplies and adds in one step, where the runtime knows it. */
export type InstructionSet = "baseline" | "relaxed";

const BINARIES = { baseline: BASELINE_BINARY, relaxed: RELAXED_BINARY } as const;
const PAGE_BYTES = 65_536;

/** What assembly/index.ts exports; addresses are bytes. */
interface Exports {
  convolve(job: number): void;
  maxPool(job: number): void;
  enter(
    source: number,
    rowValues: number,
    rows: number,
    scale: number,
    shift: number,
    target: number,
    rowBytes: number,
  ): void;
  blend(entries: number, count: number, channels: number): void;
}

/** The part of WebAssembly that is used; Node's types leave it out. */
interface WebAssemblyPlatform {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: new (limits: {
    initial: number;
  }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ readonly instance: { readonly exports: unknown } }>;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyPlatform };

type Memory = InstanceType<WebAssemblyPlatform["Memory"]>;

/** The instruction sets that this runtime knows, the fastest first; none where WebAssembly SIMD is missing. */
export function instructionSets(): InstructionSet[] {
  const sets: InstructionSet[] = ["relaxed", "baseline"];
  return sets.filter((set) => WebAssembly?.validate(bytesOf(set)));
}

export class Kernel {
  readonly #memory: Memory;
  #floats: Float32Array;
  #words: Int32Array;
  readonly run: Exports;

  private constructor(memory: Memory, run: Exports) {
    this.#memory = memory;
    this.run = run;
    this.#floats = new Float32Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
  }

  /** @throws where the runtime does not know the instruction set or forbids WebAssembly. */
  static async create(set: InstructionSet): Promise<Kernel> {
    const memory = new WebAssembly!.Memory({ initial: 1 });
    const { instance } = await WebAssembly!.instantiate(bytesOf(set), { env: { memory } });
    return new Kernel(memory, instance.exports as Exports);
  }

  /** The memory as floats. Growing replaces it: do not keep it over `reserve`. */
  get floats(): Float32Array {
    return this.#floats;
  }

  /** The memory as whole numbers, like `floats`. */
  get words(): Int32Array {
    return this.#words;
  }

  /** Makes the memory at least `bytes` long. */
  reserve(bytes: number): void {
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (missing <= 0) return;
    this.#memory.grow(missing);
    this.#floats = new Float32Array(this.#memory.buffer);
    this.#words = new Int32Array(this.#memory.buffer);
  }
}

function bytesOf(set: InstructionSet): Uint8Array {
  return Uint8Array.from(atob(BINARIES[set]), (character) => character.charCodeAt(0));
}
