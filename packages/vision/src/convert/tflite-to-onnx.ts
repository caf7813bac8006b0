/** Translates the operators of a TensorFlow Lite graph one by one. */

import { EmotionNetError } from "@emotionnet/core";
import type { GraphBuilder } from "@emotionnet/onnx";
import type { FlatTable } from "./flatbuffer.ts";
import { type Constant, type Layers, permuted, type Window } from "./layers.ts";
import {
  cutRegion,
  type RegionOptions,
  readRegionOptions,
  regionTransform,
  transformPoints,
} from "./refined-regions.ts";
import type { TfliteGraph, TfliteOperator, TfliteTensor } from "./tflite.ts";

/** Numbers of `BuiltinOperator` in TensorFlow's schema.fbs. */
const CUSTOM = 32;
const DEQUANTISE = 6;

type Translate = (translation: TfliteTranslation, operator: TfliteOperator) => string;

const BUILTIN: Readonly<Record<number, Translate>> = {
  0: (t, operator) => t.sum(operator),
  3: (t, operator) => t.convolution(operator),
  4: (t, operator) => t.depthwise(operator),
  17: (t, operator) => t.maxPool(operator),
  18: (t, operator) => t.multiply(operator),
  22: (t, operator) => t.reshape(operator),
  34: (t, operator) => t.padChannels(operator),
  45: (t, operator) => t.wholeSlice(operator),
  54: (t, operator) => t.layers.prelu(t.value(operator.inputs[0]!), t.constant(operator.inputs[1]!)),
};

const CUSTOM_BY_NAME: Readonly<Record<string, Translate>> = {
  Landmarks2TransformMatrix: (t, operator) => t.regionTransform(operator),
  TransformTensorBilinear: (t, operator) => t.cutRegion(operator),
  TransformLandmarks: (t, operator) =>
    transformPoints(t.graph, t.value(operator.inputs[0]!), t.value(operator.inputs[1]!)),
};

/** What a translated graph offers to whoever builds the model around it. */
export interface Translated {
  /** The ONNX value of a named tensor. Tensors of four dimensions are (N, channels, height, width). */
  value(tensorName: string): string;
  /** Options of the region transforms, in the order of the graph. */
  readonly regions: readonly RegionOptions[];
}

/**
 * Adds all operators of `source` to the graph of `layers`.
 * @param input the ONNX value for the first input: (N, channels, height, width), its shape known to `layers`.
 * @throws EmotionNetError `vision-models-changed` for an operator that is not translated.
 */
export function translateTflite(source: TfliteGraph, layers: Layers, input: string): Translated {
  const translation = new TfliteTranslation(source, layers);
  translation.setValue(source.inputs[0]!, input);
  for (const operator of source.operators) translation.add(operator);
  return {
    regions: translation.regions,
    value: (name) => translation.value(source.tensors.find((tensor) => tensor.name === name)!.index),
  };
}

class TfliteTranslation {
  readonly graph: GraphBuilder;
  readonly layers: Layers;
  readonly regions: RegionOptions[] = [];
  readonly #source: TfliteGraph;
  readonly #values = new Map<number, string>();
  /** Half-precision constants by the tensor that they are widened into. */
  readonly #widened = new Map<number, TfliteTensor>();
  readonly #sides = new Map<number, number>();

  constructor(source: TfliteGraph, layers: Layers) {
    this.#source = source;
    this.graph = layers.graph;
    this.layers = layers;
  }

  add(operator: TfliteOperator): void {
    const output = operator.outputs[0]!;
    if (operator.code === DEQUANTISE) {
      this.#widened.set(output, this.tensor(operator.inputs[0]!));
      return;
    }
    const translate = operator.code === CUSTOM ? CUSTOM_BY_NAME[operator.customName] : BUILTIN[operator.code];
    if (!translate) throw unknownOperator(operator.customName || `number ${operator.code}`);
    this.setValue(output, translate(this, operator));
  }

  tensor(index: number): TfliteTensor {
    return this.#source.tensors[index]!;
  }

  setValue(index: number, value: string): void {
    this.#values.set(index, value);
  }

  /** The ONNX value of a tensor; a constant becomes one when it is first asked for. */
  value(index: number): string {
    const known = this.#values.get(index);
    if (known !== undefined) return known;
    const value = this.layers.weights(this.constant(index));
    this.#values.set(index, value);
    return value;
  }

  constant(index: number): Constant {
    const { name, type, dims, bytes } = this.#widened.get(index) ?? this.tensor(index);
    const buffer = bytes.slice().buffer;
    const data = type === "float16" ? new Uint16Array(buffer) : new Float32Array(buffer);
    return { name, type, dims, data };
  }

  /** Pictures are added layer by layer; what has three dimensions is transforms and points. */
  sum(operator: TfliteOperator): string {
    refuseActivation(operator, 0);
    const [left, right] = operator.inputs as [number, number];
    if (this.tensor(left).dims.length === 4) return this.layers.add(this.value(left), this.value(right));
    return this.graph.node("Add", [this.value(left), this.value(right)]);
  }

  /** Constants here broadcast the same with channels first: single numbers, or transforms of (1, 4, 4). */
  multiply(operator: TfliteOperator): string {
    refuseActivation(operator, 0);
    return this.graph.node("Mul", [this.value(operator.inputs[0]!), this.value(operator.inputs[1]!)]);
  }

  convolution(operator: TfliteOperator): string {
    refuseActivation(operator, 3);
    const [input, kernel, bias] = operator.inputs as [number, number, number];
    return this.layers.convolution(
      this.value(input),
      permuted(this.constant(kernel), [0, 3, 1, 2]),
      this.constant(bias),
      windowOf(operator.options),
    );
  }

  depthwise(operator: TfliteOperator): string {
    refuseActivation(operator, 4);
    const [input, kernel, bias] = operator.inputs as [number, number, number];
    const channelKernels = permuted(this.constant(kernel), [3, 0, 1, 2]);
    return this.layers.convolution(
      this.value(input),
      channelKernels,
      this.constant(bias),
      windowOf(operator.options),
      channelKernels.dims[0],
    );
  }

  maxPool(operator: TfliteOperator): string {
    refuseActivation(operator, 5);
    const options = operator.options!;
    const size = [options.int32(4), options.int32(3)] as const;
    return this.layers.maxPool(this.value(operator.inputs[0]!), size, windowOf(options));
  }

  /** Only values of one place in height and width are reshaped here: their order is the same with channels first. */
  reshape(operator: TfliteOperator): string {
    const dims = this.tensor(operator.outputs[0]!).dims;
    const shape = dims.length === 4 ? [0, dims[3]!, 1, 1] : [0, ...dims.slice(1)];
    const value = this.value(operator.inputs[0]!);
    return this.graph.node("Reshape", [value, this.graph.integers("shape", shape)]);
  }

  /** Only channels are padded, and only behind. */
  padChannels(operator: TfliteOperator): string {
    const [input, output] = [this.tensor(operator.inputs[0]!), this.tensor(operator.outputs[0]!)];
    if (input.dims.slice(0, 3).join() !== output.dims.slice(0, 3).join())
      throw unknownOperator("a wider pad");
    return this.layers.padChannels(this.value(input.index), output.dims[3]! - input.dims[3]!);
  }

  /** The one slice takes all of its input. */
  wholeSlice(operator: TfliteOperator): string {
    const [input, output] = [this.tensor(operator.inputs[0]!), this.tensor(operator.outputs[0]!)];
    if (input.dims.join() !== output.dims.join()) throw unknownOperator("a slice of a part");
    return this.value(input.index);
  }

  regionTransform(operator: TfliteOperator): string {
    const options = readRegionOptions(operator.customOptions);
    this.regions.push(options);
    this.#sides.set(operator.outputs[0]!, options.side);
    return regionTransform(this.graph, this.value(operator.inputs[0]!), options);
  }

  cutRegion(operator: TfliteOperator): string {
    const [features, transform] = operator.inputs as [number, number];
    const [, , size, channels] = this.tensor(features).dims as [number, number, number, number];
    const side = this.#sides.get(transform)!;
    const region = cutRegion(this.graph, this.value(features), this.value(transform), { size, side });
    return this.layers.shaped(region, { channels, height: side, width: side });
  }
}

/** Convolution and pooling options begin alike: padding, stride across, stride down. */
function windowOf(options: FlatTable | undefined): Window {
  return {
    padding: options!.int8(0) === 0 ? "SAME" : "VALID",
    strides: [options!.int32(2), options!.int32(1)],
  };
}

/** No operator of these models has an activation fused into it. */
function refuseActivation(operator: TfliteOperator, field: number): void {
  if (operator.options && operator.options.int8(field) !== 0) throw unknownOperator("a fused activation");
}

function unknownOperator(what: string): EmotionNetError {
  return new EmotionNetError("vision-models-changed", {
    got: `a source model with the operator ${what}`,
    wanted: "the operators of the model that this converter was written for",
    mend: "Install the version of the source package that package.json names.",
  });
}
