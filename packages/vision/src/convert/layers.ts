/**
 * The few layers that both networks consist of, as ONNX operators. TensorFlow keeps pictures as (height, width, channels),
 * ONNX as (channels, height, width): values are turned once at the door and all constants are turned here.
 */

import type { ElementType, GraphBuilder, TensorArray } from "@emotionnet/onnx";

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

export class Layers {
  readonly graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.graph = graph;
  }

  /** (N, height, width, channels) → (N, channels, height, width). */
  channelsFirst(value: string): string {
    return this.graph.node("Transpose", [value], { perm: { ints: [0, 3, 1, 2] } });
  }

  /** (N, channels, height, width) → (N, height, width, channels). */
  channelsLast(value: string): string {
    return this.graph.node("Transpose", [value], { perm: { ints: [0, 2, 3, 1] } });
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
    return this.graph.node("Conv", inputs, { ...windowAttributes(window), group: { int: groups } });
  }

  maxPool(value: string, size: readonly [height: number, width: number], window: Window): string {
    return this.graph.node("MaxPool", [value], {
      kernel_shape: { ints: size },
      ...windowAttributes(window),
    });
  }

  /** @param slope one number a channel. */
  prelu(value: string, slope: Constant): string {
    return this.graph.node("PRelu", [value, this.weights({ ...slope, dims: [slope.data.length, 1, 1] })]);
  }

  /** @param paddings TensorFlow's list: before and after, for each of (N, height, width, channels). */
  pad(value: string, paddings: ArrayLike<number>): string {
    const before = [0, 3, 1, 2].map((axis) => paddings[2 * axis]!);
    const after = [0, 3, 1, 2].map((axis) => paddings[2 * axis + 1]!);
    return this.graph.node("Pad", [value, this.graph.integers("pads", [...before, ...after])]);
  }

  /** A float32 value for a constant; half-precision ones stay small in the file and are widened when it is loaded. */
  weights(constant: Constant): string {
    const name = this.graph.constant(constant.name, constant.data, constant.dims, constant.type);
    return constant.type === "float16" ? this.graph.node("Cast", [name], { to: { int: 1 } }) : name;
  }
}

function windowAttributes(window: Window) {
  return {
    strides: { ints: window.strides },
    auto_pad: { string: window.padding === "SAME" ? "SAME_UPPER" : "VALID" },
  };
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
