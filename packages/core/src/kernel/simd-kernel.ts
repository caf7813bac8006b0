/** The classifier kernel on WebAssembly SIMD: lays the network out in linear memory and calls assembly/index.ts. */

import { EmotionNetError } from "../errors.ts";
import type { ShapeModel } from "../file/model.ts";
import { bytesOfBase64, platform } from "../platform.ts";
import type { ClassifierKernel, KernelParts, KernelSnapshot } from "./kernel.ts";
import { KERNEL_BINARY } from "./kernel-binary.generated.ts";
import { keepInputs, type PackedLayer, type Precision, packLayer, usedInputs } from "./packing.ts";
import { fitOfBlock, packShape, type ShapeFit, shapeBlockLength, shapeTiles } from "./shape-fit.ts";

const PAGE_BYTES = 65_536;
/** Parts start at whole cache lines. */
const ALIGNMENT = 64;
/** Left free at the start: compilers may use low addresses. */
const FIRST_ADDRESS = 1024;
const LAYER_BYTES = 24;
const LIST_ENTRY_BYTES = 8;
const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;

/** Names of the exported functions. */
const ENTRIES = { f32: "run", int16: "runInt16" } as const;
/** Place of `count` among the arguments of `RunKernel`. */
const COUNT_AT = 4;

/** Both exported functions of assembly/index.ts that run layers; addresses are bytes. */
type RunKernel = (
  layers: number,
  layerCount: number,
  input: number,
  output: number,
  count: number,
  activations: number,
  activationBytes: number,
  list: number,
  gather: number,
  gatherCount: number,
  inputBytes: number,
) => void;

/** The exported function of assembly/shape.ts. */
type ProjectShape = (face: number, block: number, tiles: number) => void;

interface KernelFunctions {
  readonly run: RunKernel;
  readonly project: ProjectShape;
}

/** @throws EmotionNetError `engine` where WebAssembly SIMD is missing or forbidden. */
export async function createSimdKernel(
  { layers, shape }: KernelParts,
  capacity: number,
  precision: Precision,
): Promise<ClassifierKernel> {
  const { WebAssembly } = platform;
  const binary = bytesOfBase64(KERNEL_BINARY);
  if (!WebAssembly?.validate(binary)) throw simdMissing("a runtime without it");
  const used = usedInputs(layers[0]!);
  // Points that the network was trained to ignore cost nothing: their columns are neither stored nor read.
  const gathered = used.length < layers[0]!.inputs ? used : [];
  const kept = gathered.length > 0 ? [keepInputs(layers[0]!, used), ...layers.slice(1)] : layers;
  const packed = kept.map((layer) => packLayer(layer, precision));
  const layout = layOut(packed, capacity, layers[0]!.inputs, gathered.length, shapeBlockLength(shape));
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.end / PAGE_BYTES) });
    const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
    write(packed, layout, memory.buffer);
    new Int32Array(memory.buffer, layout.gather).set(gathered.map((input) => input * FLOAT_BYTES));
    const run = instance.exports[ENTRIES[precision]] as RunKernel;
    const project = instance.exports.projectShape as ProjectShape;
    return new SimdKernel({ run, project }, precision, memory.buffer, layout, capacity, shape);
  } catch (cause) {
    throw simdMissing("a runtime that would not start it", cause);
  }
}

/** Addresses of every part, in bytes. */
interface Layout {
  readonly table: number;
  readonly input: number;
  readonly inputs: number;
  readonly output: number;
  readonly outputStride: number;
  readonly activations: number;
  readonly activationBytes: number;
  readonly list: number;
  /** Offsets in bytes of the inputs that are read; empty when all are. */
  readonly gather: number;
  readonly gatherCount: number;
  /** See shape-fit.ts. */
  readonly shape: number;
  readonly parts: readonly { weights: number; bias: number; scales: number }[];
  readonly end: number;
}

function layOut(
  layers: readonly PackedLayer[],
  capacity: number,
  inputs: number,
  gatherCount: number,
  shapeLength: number,
): Layout {
  let next = FIRST_ADDRESS;
  const take = (bytes: number) => {
    const address = next;
    next = Math.ceil((next + bytes) / ALIGNMENT) * ALIGNMENT;
    return address;
  };
  const outputStride = layers.at(-1)!.outputs;
  const widest = Math.max(inputs, ...layers.flatMap((layer) => [layer.inputs, layer.outputs]));
  const activationBytes = Math.ceil((widest * FLOAT_BYTES) / ALIGNMENT) * ALIGNMENT;
  const table = take(layers.length * LAYER_BYTES);
  const input = take(capacity * inputs * FLOAT_BYTES);
  const output = take(capacity * outputStride * FLOAT_BYTES);
  const activations = take(2 * activationBytes);
  // More entries: the kernel writes four candidates before it knows which count, and fills up pairs.
  const list = take((widest + 4) * LIST_ENTRY_BYTES);
  const gather = take(gatherCount * FLOAT_BYTES);
  const shape = take(shapeLength * DOUBLE_BYTES);
  const parts = layers.map(({ weights, bias, scales }) => ({
    weights: take(weights.byteLength),
    bias: take(bias.byteLength),
    scales: take(scales.byteLength),
  }));
  return {
    ...{ table, input, inputs, output, outputStride, activations, activationBytes, list },
    ...{ gather, gatherCount, shape, parts, end: next },
  };
}

function write(layers: readonly PackedLayer[], { table, parts }: Layout, buffer: ArrayBuffer): void {
  layers.forEach(({ inputs, outputs, weights, bias, scales, largestActivation }, index) => {
    const part = parts[index]!;
    const entry = table + index * LAYER_BYTES;
    new Int32Array(buffer, entry).set([inputs, outputs, part.weights, part.bias, part.scales]);
    new Float32Array(buffer, entry + LAYER_BYTES - FLOAT_BYTES)[0] = largestActivation;
    const target = weights instanceof Int16Array ? new Int16Array(buffer) : new Float32Array(buffer);
    target.set(weights, part.weights / weights.BYTES_PER_ELEMENT);
    new Float32Array(buffer, part.bias).set(bias);
    new Float32Array(buffer, part.scales).set(scales);
  });
}

class SimdKernel implements ClassifierKernel {
  readonly name = "simd";
  readonly precision: Precision;
  readonly capacity: number;
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly outputStride: number;
  readonly #functions: KernelFunctions;
  readonly #layout: Layout;
  readonly #memory: ArrayBuffer;
  readonly #shape: ShapeModel;
  readonly #shapeBlock: Float64Array;

  constructor(
    functions: KernelFunctions,
    precision: Precision,
    buffer: ArrayBuffer,
    layout: Layout,
    capacity: number,
    shape: ShapeModel,
  ) {
    this.precision = precision;
    this.capacity = capacity;
    this.outputStride = layout.outputStride;
    this.input = new Float32Array(buffer, layout.input, capacity * layout.inputs);
    this.output = new Float32Array(buffer, layout.output, capacity * layout.outputStride);
    this.#functions = functions;
    this.#layout = layout;
    this.#memory = buffer;
    this.#shape = shape;
    this.#shapeBlock = new Float64Array(buffer, layout.shape, shapeBlockLength(shape));
    packShape(shape, this.#shapeBlock);
  }

  run(count: number): void {
    const { table, parts, input, inputs, output, activations, activationBytes, list, gather, gatherCount } =
      this.#layout;
    this.#functions.run(
      table,
      parts.length,
      input,
      output,
      count,
      activations,
      activationBytes,
      list,
      gather,
      gatherCount,
      inputs * FLOAT_BYTES,
    );
  }

  fitShape(): ShapeFit {
    this.#functions.project(this.#layout.input, this.#layout.shape, shapeTiles(this.#shape));
    return fitOfBlock(this.#shape, this.#shapeBlock);
  }

  snapshot(): KernelSnapshot {
    const { table, parts, input, inputs, output, outputStride } = this.#layout;
    const { activations, activationBytes, list, gather, gatherCount } = this.#layout;
    return {
      binary: bytesOfBase64(KERNEL_BINARY),
      memory: this.#memory.slice(0),
      entry: ENTRIES[this.precision],
      arguments: [
        ...[table, parts.length, input, output, 0, activations, activationBytes, list],
        ...[gather, gatherCount, inputs * FLOAT_BYTES],
      ],
      countAt: COUNT_AT,
      capacity: this.capacity,
      ...{ input, inputs, output, outputStride },
    };
  }
}

function simdMissing(got: string, cause?: unknown): EmotionNetError {
  const parts = {
    got,
    wanted: "WebAssembly SIMD for the classifier",
    mend: 'Load with { kernel: "auto" } to fall back to plain TypeScript.',
  };
  return new EmotionNetError("engine", parts, { cause });
}
