/** One dense layer as ONNX operators, in float32, float16 or int8. */

import { type DenseWeights, EmotionNetError } from "@emotionnet/core";
import { fromFloat16, type GraphBuilder, toFloat16 } from "@emotionnet/onnx";
import type { CalibrationRanges } from "./calibrate.ts";

/** Where a layer stands. */
export interface LayerPlace {
  readonly index: number;
  /** Stem of the names of its constants. */
  readonly name: string;
  readonly isHead: boolean;
}

/** Adds y = x·W + b and returns the name of y (before the activation function). */
export type DenseWriter = (layer: DenseWeights, activation: string, place: LayerPlace) => string;

/** `TensorProto.DataType` for Cast. */
const CAST_TO = { float32: 1, float16: 10 } as const;
/** int8 from −127: as many steps below zero as above, which TensorRT asks for. */
const LARGEST_INT8 = 127;
/**
 * Of a weight: processors with AVX2 or AVX-512 but without VNNI add two products of a uint8 and an int8 in 16 bits, and
 * 2 · 255 · 64 is the most that fits (ONNX Runtime's documentation calls it reduce_range).
 */
const LARGEST_WEIGHT = 64;

/** float32 throughout. */
export function floatDense(graph: GraphBuilder): DenseWriter {
  return (layer, activation, { name }) => {
    const kernel = graph.constant(`${name}.kernel`, layer.kernel, [layer.inputs, layer.outputs]);
    const bias = graph.constant(`${name}.bias`, layer.bias, [layer.outputs]);
    return graph.node("Gemm", [activation, kernel, bias]);
  };
}

/**
 * float16 weights; float16 arithmetic between the hidden layers. The first layer and the head multiply in float32: landmarks
 * rounded to float16 move probabilities by up to 0.003, and logits of 16 have steps of 1/64 in it.
 */
export function halfDense(graph: GraphBuilder): DenseWriter {
  const to = (type: keyof typeof CAST_TO) => ({ to: { int: CAST_TO[type] } });
  return (layer, activation, { name, index, isHead }) => {
    if (index > 0 && !isHead) {
      const kernel = half(graph, `${name}.kernel`, layer.kernel, [layer.inputs, layer.outputs]);
      return graph.node("Gemm", [
        activation,
        kernel,
        half(graph, `${name}.bias`, layer.bias, [layer.outputs]),
      ]);
    }
    const wide = index === 0 ? activation : graph.node("Cast", [activation], to("float32"));
    const linear = halfStoredDense(graph, layer, wide, name);
    return isHead ? linear : graph.node("Cast", [linear], to("float16"));
  };
}

function half(graph: GraphBuilder, name: string, values: Float32Array, dims: readonly number[]): string {
  const bits = toFloat16(values);
  const lost = fromFloat16(bits).findIndex((value) => !Number.isFinite(value));
  if (lost >= 0) {
    throw new EmotionNetError("model-shape", {
      got: `the weight ${values[lost]} in "${name}"`,
      wanted: "weights below 65520, which float16 can hold",
      mend: "Export as fp32.",
    });
  }
  return graph.constant(name, bits, dims, "float16");
}

/**
 * int8 by pairs of QuantizeLinear and DequantizeLinear, symmetric (zero point 0): weights with one scale an output,
 * activations with one scale a tensor, from calibration. The landmarks themselves and the biases stay float32: 255 steps
 * for a whole face cost probabilities up to 0.5. So the first layer multiplies in float32, and its weights are float16.
 * Runtimes that know int8 (TensorRT, ONNX Runtime) fuse the pairs into the products; others compute the same numbers in float32.
 */
export function quantisedDense(graph: GraphBuilder, ranges: CalibrationRanges): DenseWriter {
  return (layer, activation, { name, index }) => {
    const { inputs, outputs } = layer;
    if (index === 0) return halfStoredDense(graph, layer, activation, name);
    const input = rounded(graph, `${name}.input`, activation, ranges[index - 1]!);
    const { values, scales } = quantiseColumns(layer);
    const constants = [
      graph.constant(`${name}.kernel`, values, [inputs, outputs]),
      graph.constant(`${name}.kernel_scale`, scales, [outputs]),
      graph.constant(`${name}.kernel_zero`, new Int8Array(outputs), [outputs]),
    ];
    const kernel = graph.node("DequantizeLinear", constants, { axis: { int: 1 } });
    // Subtracted, because ONNX Runtime would make MatMul and Add one Gemm, which it cannot do in whole numbers with a float32
    // bias: it would dequantise all weights anew in every run.
    const negative = layer.bias.map((value) => -value);
    const product = graph.node("MatMul", [input, kernel]);
    return graph.node("Sub", [product, graph.constant(`${name}.negative_bias`, negative, [outputs])]);
  };
}

/** Weights kept in float16 and made float32 once, when the graph is loaded; float32 arithmetic. */
function halfStoredDense(
  graph: GraphBuilder,
  { inputs, outputs, ...layer }: DenseWeights,
  activation: string,
  name: string,
): string {
  const kernel = half(graph, `${name}.kernel`, layer.kernel, [inputs, outputs]);
  const bias = half(graph, `${name}.bias`, layer.bias, [outputs]);
  const weights = [kernel, bias].map((value) =>
    graph.node("Cast", [value], { to: { int: CAST_TO.float32 } }),
  );
  return graph.node("Gemm", [activation, ...weights]);
}

/** An activation in steps of range / 127, cut at the range. */
function rounded(graph: GraphBuilder, name: string, activation: string, range: number): string {
  const scale = graph.scalar(`${name}_scale`, range / LARGEST_INT8);
  const zero = graph.constant(`${name}_zero`, Int8Array.of(0), []);
  return graph.node("DequantizeLinear", [
    graph.node("QuantizeLinear", [activation, scale, zero]),
    scale,
    zero,
  ]);
}

/** Each output's weights in steps of its largest one / 64. */
function quantiseColumns({ kernel, outputs }: DenseWeights): { values: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(outputs);
  kernel.forEach((weight, index) => {
    const unit = index % outputs;
    scales[unit] = Math.max(scales[unit]!, Math.abs(weight) / LARGEST_WEIGHT);
  });
  for (let unit = 0; unit < outputs; unit++) scales[unit] ||= 1;
  const values = Int8Array.from(kernel, (weight, index) => Math.round(weight / scales[index % outputs]!));
  return { values, scales };
}
