/** A Conv node and what is joined with it, as numbers. */

import type { GraphNode, TensorData } from "../../graph/types.ts";
import { unsupported } from "../unsupported.ts";
import { intOf, intsOf, onlyAttributes, textOf } from "./attributes.ts";

/** What a convolution reads of its input, in pixels; used by pooling too. */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [y: number, x: number];
  readonly pads: readonly [top: number, left: number, bottom: number, right: number];
}

/**
 * Channel by channel first (`depthwise`), then across channels (`weights`), or only one of the two. The window belongs to the first;
 * what follows a depthwise part is 1×1.
 */
export interface Convolution extends Window {
  readonly inputs: number;
  readonly outputs: number;
  /** [channels, taps]. */
  readonly depthwise: Float32Array | undefined;
  /** [outputs, inputs, taps]. */
  readonly weights: Float32Array | undefined;
  /** One number an output. */
  readonly bias: Float32Array;
}

type Constants = ReadonlyMap<string, TensorData>;

/** @throws EmotionNetError for groups other than one or one a channel, dilations, automatic borders and weights that are no constants. */
export function convolutionOf(node: GraphNode, constants: Constants): Convolution {
  onlyAttributes(node, ["kernel_shape", "strides", "pads", "group", "dilations", "auto_pad"]);
  const [, kernelName = "", biasName = ""] = node.inputs;
  const { data, dims } = floatConstant(constants, kernelName, "weights");
  const [outputs = 0, inputs = 0, height = 0, width = 0] = dims;
  if (dims.length !== 4) throw unsupported(`a convolution over ${dims.length - 2} dimensions`);
  if (intsOf(node, "dilations", [1, 1]).some((step) => step !== 1))
    throw unsupported("a dilated convolution");
  const group = intOf(node, "group", 1);
  const isDepthwise = group > 1 && group === outputs && inputs === 1;
  if (group !== 1 && !isDepthwise) throw unsupported(`a convolution in ${group} groups`);
  return {
    ...windowOf(node, [height, width]),
    inputs: isDepthwise ? outputs : inputs,
    outputs,
    depthwise: isDepthwise ? data : undefined,
    weights: isDepthwise ? undefined : data,
    bias: biasName ? floatConstant(constants, biasName, "bias").data : new Float32Array(outputs),
  };
}

/** The window of a Conv or MaxPool node. */
export function windowOf(node: GraphNode, kernel: readonly [number, number]): Window {
  const autoPad = textOf(node, "auto_pad", "NOTSET");
  if (autoPad !== "NOTSET" && autoPad !== "VALID") throw unsupported(`borders by ${autoPad}`);
  const [y = 1, x = 1] = intsOf(node, "strides", [1, 1]);
  const [top = 0, left = 0, bottom = 0, right = 0] = intsOf(node, "pads", [0, 0, 0, 0]);
  const pads = [top, left, bottom, right] as const;
  if (pads.some((pad) => pad < 0)) throw unsupported("borders below zero");
  return { kernel, strides: [y, x], pads };
}

/** Rows and columns of what a window gives. */
export function outputSize(
  { kernel, strides, pads }: Window,
  height: number,
  width: number,
): [number, number] {
  const rows = Math.floor((height + pads[0] + pads[2] - kernel[0]) / strides[0]) + 1;
  const columns = Math.floor((width + pads[1] + pads[3] - kernel[1]) / strides[1]) + 1;
  if (rows < 1 || columns < 1) throw unsupported(`a window larger than its input of ${height} × ${width}`);
  return [rows, columns];
}

/** Whether it takes every pixel by itself. */
export function isPointwise({ kernel, strides, pads, weights }: Convolution): boolean {
  return !!weights && [...kernel, ...strides].every((one) => one === 1) && pads.every((pad) => pad === 0);
}

/** Whether it only passes its channels on and adds zero channels after them. */
export function isCarry(convolution: Convolution): boolean {
  const { inputs, weights, bias } = convolution;
  if (!isPointwise(convolution) || bias.some((value) => value !== 0)) return false;
  return weights!.every((value, index) => {
    return value === (Math.floor(index / inputs) === index % inputs ? 1 : 0);
  });
}

/** A depthwise convolution and the 1×1 convolution that alone reads it, as one: the first bias moves through the weights of the second. */
export function joined(first: Convolution, second: Convolution): Convolution {
  const { inputs, outputs, weights } = second;
  const bias = Float32Array.from({ length: outputs }, (_, output) => {
    let sum = second.bias[output]!;
    for (let input = 0; input < inputs; input++)
      sum += weights![output * inputs + input]! * first.bias[input]!;
    return sum;
  });
  return { ...first, outputs, weights, bias };
}

function floatConstant(constants: Constants, name: string, what: string) {
  const constant = constants.get(name);
  if (!constant) throw unsupported(`${what} of a convolution that are no constant`);
  if (!(constant.data instanceof Float32Array)) throw unsupported(`${what} of the type ${constant.type}`);
  return { data: constant.data, dims: constant.dims };
}
