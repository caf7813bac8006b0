/**
 * The few layers that both networks consist of, as ONNX operators. TensorFlow keeps pictures as (height, width, channels),
 * ONNX as (channels, height, width): values are turned once at the door and all constants are turned here.
 */

import { type ElementType, fromFloat16, type GraphBuilder, type TensorArray } from "@emotionnet/onnx";

/** A constant of a source file; "float16" is held as its bits. */
export interface Constant {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorArray;
}

export interface Window {
  readonly strides: readonly [height: number, width: number];
  /** TensorFlow's two words: outputs for every stride of the input, or only where the window fits inside. */
  readonly padding: "SAME" | "VALID";
}

/** What a file is made for: ONNX Runtime's native build, or what browsers run (our own engine). Either runs both, its own faster. */
export type TargetEngine = "native" | "web";

/** Of a value (N, channels, height, width). */
export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Adds layers to a graph and keeps the shapes of their values: windows are told their borders in numbers. */
export class Layers {
  readonly graph: GraphBuilder;
  readonly #engine: TargetEngine;
  readonly #shapes = new Map<string, Shape>();

  constructor(graph: GraphBuilder, engine: TargetEngine) {
    this.graph = graph;
    this.#engine = engine;
  }

  /** (N, height, width, channels) → (N, channels, height, width). */
  channelsFirst(value: string, shape: Shape): string {
    return this.shaped(this.graph.node("Transpose", [value], { perm: { ints: [0, 3, 1, 2] } }), shape);
  }

  /** (N, channels, height, width) → (N, height, width, channels). */
  channelsLast(value: string): string {
    return this.graph.node("Transpose", [value], { perm: { ints: [0, 2, 3, 1] } });
  }

  /** Says what shape a value made elsewhere has. @returns the value. */
  shaped(value: string, shape: Shape): string {
    this.#shapes.set(value, shape);
    return value;
  }

  /** @param kernel (outputs, inputs / groups, height, width). */
  convolution(
    value: string,
    kernel: Constant,
    bias: Constant | undefined,
    window: Window,
    groups = 1,
  ): string {
    const inputs = [value, this.weights(kernel), ...(bias ? [this.weights(bias)] : [])];
    const [channels, , ...size] = kernel.dims as [number, number, number, number];
    const { attributes, after } = this.#moved(value, size, window);
    const result = this.graph.node("Conv", inputs, { ...attributes, group: { int: groups } });
    return this.shaped(result, { channels, ...after });
  }

  maxPool(value: string, size: readonly [height: number, width: number], window: Window): string {
    const { attributes, after } = this.#moved(value, size, window);
    const result = this.graph.node("MaxPool", [value], { kernel_shape: { ints: size }, ...attributes });
    return this.shaped(result, { channels: this.#shapeOf(value).channels, ...after });
  }

  add(value: string, other: string): string {
    return this.shaped(this.graph.node("Add", [value, other]), this.#shapeOf(value));
  }

  relu(value: string): string {
    return this.shaped(this.graph.node("Relu", [value]), this.#shapeOf(value));
  }

  /** Of x: x above zero, slope · x below. @param slope one number a channel. */
  prelu(value: string, slope: Constant): string {
    if (this.#engine === "native")
      return this.#preluByConvolutions(value, widened(slope).data as Float32Array);
    const result = this.graph.node("PRelu", [
      value,
      this.weights({ ...slope, dims: [slope.data.length, 1, 1] }),
    ]);
    return this.shaped(result, this.#shapeOf(value));
  }

  /**
   * slope · x + (1 − slope) · relu(x). ONNX Runtime keeps pictures in blocks of channels between convolutions, and knows no
   * PRelu on blocks: each one cost two reorderings and an addition that could not be joined, more than half of the network's time.
   */
  #preluByConvolutions(value: string, slopes: Float32Array): string {
    const channels = slopes.length;
    const scaled = (source: string, name: string, factors: Float32Array) => {
      const kernel: Constant = { name, type: "float32", dims: [channels, 1, 1, 1], data: factors };
      return this.convolution(source, kernel, undefined, { strides: [1, 1], padding: "VALID" }, channels);
    };
    const bent = scaled(
      this.relu(value),
      "bend",
      slopes.map((slope) => 1 - slope),
    );
    return this.add(scaled(value, "slope", slopes), bent);
  }

  /**
   * Adds `more` channels of zeros behind those given, by a convolution that carries each channel on: unlike Pad, ONNX Runtime joins
   * it with the addition that follows.
   */
  padChannels(value: string, more: number): string {
    const { channels } = this.#shapeOf(value);
    const wanted = channels + more;
    const carry = Float32Array.from({ length: wanted * channels }, (_, at) =>
      Math.floor(at / channels) === at % channels ? 1 : 0,
    );
    const kernel: Constant = { name: "carry", type: "float32", dims: [wanted, channels, 1, 1], data: carry };
    return this.convolution(value, kernel, undefined, { strides: [1, 1], padding: "VALID" });
  }

  /**
   * A float32 value for a constant. For the web half-precision ones stay small in the file and are widened when it is loaded;
   * on a disk the file may be larger and is loaded in three quarters of the time.
   */
  weights(constant: Constant): string {
    const { name, type, dims, data } = this.#engine === "native" ? widened(constant) : constant;
    const added = this.graph.constant(name, data, dims, type);
    return type === "float16" ? this.graph.node("Cast", [added], { to: { int: 1 } }) : added;
  }

  #shapeOf(value: string): Shape {
    return this.#shapes.get(value)!;
  }

  /**
   * Attributes of a window, and the height and width it leaves. TensorFlow's "SAME" puts half of the missing places before and
   * half, with any odd one, after. In words (`auto_pad`) ONNX Runtime would not know the sizes that follow, and would leave
   * additions and further layers unfused.
   */
  #moved(value: string, size: readonly number[], { strides, padding }: Window) {
    const { height, width } = this.#shapeOf(value);
    const input = [height, width];
    const after = input.map((places, axis) =>
      Math.ceil((padding === "SAME" ? places : places - size[axis]! + 1) / strides[axis]!),
    );
    const missing = input.map((places, axis) =>
      Math.max(0, (after[axis]! - 1) * strides[axis]! + size[axis]! - places),
    );
    const before = missing.map((places) => places >> 1);
    const pads = [...before, ...missing.map((places, axis) => places - before[axis]!)];
    return {
      attributes: { strides: { ints: strides }, pads: { ints: pads } },
      after: { height: after[0]!, width: after[1]! },
    };
  }
}

function widened(constant: Constant): Constant {
  if (constant.type !== "float16") return constant;
  return { ...constant, type: "float32", data: fromFloat16(constant.data as Uint16Array) };
}

/** Reorders the axes of a constant of four dimensions: axis i of the result is axis `order[i]` of the source. */
export function permuted(source: Constant, order: readonly [number, number, number, number]): Constant {
  const dims = order.map((axis) => source.dims[axis]!) as [number, number, number, number];
  const strides = order.map((axis) => source.dims.slice(axis + 1).reduce((size, dim) => size * dim, 1));
  const data = source.data.slice();
  let at = 0;
  for (let a = 0; a < dims[0]; a++) {
    for (let b = 0; b < dims[1]; b++) {
      for (let c = 0; c < dims[2]; c++) {
        for (let d = 0; d < dims[3]; d++) {
          const from = a * strides[0]! + b * strides[1]! + c * strides[2]! + d * strides[3]!;
          data[at++] = source.data[from]!;
        }
      }
    }
  }
  return { ...source, dims, data };
}
