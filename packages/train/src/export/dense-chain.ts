/** The dense layers of an ONNX classifier, read along its chain of operators. */

import { BATCH_NORM_EPSILON, type DenseWeights, EmotionNetError } from "@emotionnet/core";
import type { Attribute, GraphNode, OnnxModel } from "@emotionnet/onnx";
import { type Constant, constantsOf } from "./onnx-constants.ts";

/** One layer, with what it was made of. */
export interface FoundLayer extends DenseWeights {
  /** The operators, with the names of their constants, in order. */
  readonly parts: readonly string[];
}

interface Layer {
  inputs: number;
  outputs: number;
  kernel: Float32Array;
  bias: Float32Array;
  batchNorm?: { gamma: Float32Array; beta: Float32Array; mean: Float32Array; variance: Float32Array };
  parts: string[];
  isActivated: boolean;
}

/** y = x · scale + shift, for each value. */
interface Affine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** Operators between layers that do not change numbers. */
const neutral = ["Identity", "Cast", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze"];
/** ONNX's default for BatchNormalization. */
const ONNX_BATCH_NORM_EPSILON = 1e-5;

/**
 * The layers in order, from the first product with `inputs` rows to the softmax: MatMul or Gemm, then Add, Sub, Mul, Div or
 * BatchNormalization with constants, then Relu. Batch norm right after a product is kept; other scales and shifts are
 * folded into the weights, also those after a Relu (into the next layer) and before the first layer.
 * @throws EmotionNetError `model-shape` for branches and operators that such a network does not have.
 */
export function denseChain(model: OnnxModel, inputs: number): FoundLayer[] {
  const constants = constantsOf(model);
  const chain = new Chain(constants);
  const first = model.nodes.find((node) => productOf(node, constants)?.inputs === inputs);
  chain.pending = first && affineBefore(first, model, constants, inputs);
  let last: GraphNode | undefined;
  for (let node = first; node && node.opType !== "Softmax"; node = followerOf(node, model)) {
    chain.take(node);
    last = node;
  }
  if (last && chain.pending) throw unknownOperator(last, "a dense layer behind a scale after Relu");
  return chain.layers.map(({ isActivated: _, ...layer }) => layer);
}

/** The layers so far, and what waits for the next one. */
class Chain {
  readonly layers: Layer[] = [];
  /** Scale and shift of the next layer's inputs. */
  pending: Affine | undefined;
  readonly #constants: ReadonlyMap<string, Constant>;

  constructor(constants: ReadonlyMap<string, Constant>) {
    this.#constants = constants;
  }

  take(node: GraphNode): void {
    const product = productOf(node, this.#constants);
    if (product) this.#begin(product, node);
    else this.#goOn(this.layers.at(-1)!, node);
  }

  #begin(product: Layer, node: GraphNode): void {
    if (this.layers.at(-1)?.isActivated === false) throw unknownOperator(node, "a Relu between two layers");
    this.layers.push(this.pending ? withInput(product, this.pending) : product);
    this.pending = undefined;
  }

  #goOn(layer: Layer, node: GraphNode): void {
    if (node.opType === "Relu") {
      layer.isActivated = true;
      return;
    }
    const norm =
      node.opType === "BatchNormalization" ? batchNormOf(node, this.#constants, layer.outputs) : undefined;
    const affine = norm ? affineOfBatchNorm(norm) : affineOf(node, this.#constants, layer.outputs);
    if (!affine) {
      if (neutral.includes(node.opType)) return;
      throw unknownOperator(node, "dense layers, batch norm and Relu");
    }
    layer.parts.push(partName(node, this.#constants));
    const isKept = norm && !layer.batchNorm && norm.variance.every((value) => value >= 0);
    if (layer.isActivated) this.pending = chained(this.pending, affine);
    else if (isKept) layer.batchNorm = norm;
    else scaleOutput(layer, affine);
  }
}

/** The layer that a node begins, if it is a product with constant weights. */
function productOf(node: GraphNode, constants: ReadonlyMap<string, Constant>): Layer | undefined {
  const isGemm = node.opType === "Gemm";
  const weights = isGemm || node.opType === "MatMul" ? constants.get(node.inputs[1]!) : undefined;
  if (weights?.dims.length !== 2 || constants.has(node.inputs[0]!)) return undefined;
  const number = (name: string, otherwise: number) => numberOf(node.attributes[name], otherwise);
  const isTransposed = isGemm && number("transB", 0) === 1;
  if (isGemm && number("transA", 0) === 1) throw unknownOperator(node, "a product with faces as rows");
  const [rows, columns] = weights.dims as [number, number];
  const [inputs, outputs] = isTransposed ? [columns, rows] : [rows, columns];
  const alpha = isGemm ? number("alpha", 1) : 1;
  const beta = isGemm ? number("beta", 1) : 1;
  const kernel = new Float32Array(inputs * outputs);
  for (let input = 0; input < inputs; input++) {
    for (let unit = 0; unit < outputs; unit++) {
      const place = isTransposed ? unit * inputs + input : input * outputs + unit;
      kernel[input * outputs + unit] = alpha * weights.values[place]!;
    }
  }
  const added = isGemm && node.inputs[2] ? constants.get(node.inputs[2]) : undefined;
  const bias = added ? spread(added, outputs) : new Float32Array(outputs);
  if (!bias) throw unknownOperator(node, `one bias for each of ${outputs} outputs`);
  return {
    inputs,
    outputs,
    kernel,
    bias: bias.map((value) => beta * value),
    parts: [partName(node, constants)],
    isActivated: false,
  };
}

/** The scale and shift of an element-wise operator with one constant. */
function affineOf(
  { opType, inputs }: GraphNode,
  constants: ReadonlyMap<string, Constant>,
  width: number,
): Affine | undefined {
  const isCommutative = opType === "Add" || opType === "Mul";
  const constant = constants.get(inputs[1]!) ?? (isCommutative ? constants.get(inputs[0]!) : undefined);
  const values = constant && spread(constant, width);
  if (!values) return undefined;
  const ones = new Float32Array(width).fill(1);
  const zeros = new Float32Array(width);
  if (opType === "Add") return { scale: ones, shift: values };
  if (opType === "Sub") return { scale: ones, shift: values.map((value) => -value) };
  if (opType === "Mul") return { scale: values, shift: zeros };
  if (opType === "Div") return { scale: values.map((value) => 1 / value), shift: zeros };
  return undefined;
}

/** Scales and shifts right before the first layer, such as a mean that is subtracted. */
function affineBefore(
  first: GraphNode,
  { nodes }: OnnxModel,
  constants: ReadonlyMap<string, Constant>,
  width: number,
): Affine | undefined {
  const before = nodes.find(({ outputs }) => outputs.includes(first.inputs[0]!));
  const affine = before && affineOf(before, constants, width);
  if (affine) return chained(affineBefore(before, { nodes } as OnnxModel, constants, width), affine);
  return before && neutral.includes(before.opType)
    ? affineBefore(before, { nodes } as OnnxModel, constants, width)
    : undefined;
}

/** The one operator that takes a node's output; nothing at the end of the graph. */
function followerOf(node: GraphNode, { nodes }: OnnxModel): GraphNode | undefined {
  const followers = nodes.filter(({ inputs }) => inputs.includes(node.outputs[0]!));
  if (followers.length <= 1) return followers[0];
  throw unknownOperator(followers[1]!, "layers in one row, without branches");
}

function batchNormOf(node: GraphNode, constants: ReadonlyMap<string, Constant>, width: number) {
  const [gamma, beta, mean, variance] = node.inputs.slice(1, 5).map((name) => {
    const constant = constants.get(name);
    const values = constant && spread(constant, width);
    if (!values) throw unknownOperator(node, `batch norm of ${width} values with constant statistics`);
    return values;
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const epsilon = numberOf(node.attributes.epsilon, ONNX_BATCH_NORM_EPSILON);
  // Ours adds its own epsilon before the square root.
  return { gamma, beta, mean, variance: variance.map((value) => value + epsilon - BATCH_NORM_EPSILON) };
}

function affineOfBatchNorm({ gamma, beta, mean, variance }: ReturnType<typeof batchNormOf>): Affine {
  const scale = gamma.map((value, unit) => value / Math.sqrt(variance[unit]! + BATCH_NORM_EPSILON));
  return { scale, shift: beta.map((value, unit) => value - mean[unit]! * scale[unit]!) };
}

function chained(first: Affine | undefined, second: Affine): Affine {
  if (!first) return second;
  return {
    scale: first.scale.map((value, unit) => value * second.scale[unit]!),
    shift: first.shift.map((value, unit) => value * second.scale[unit]! + second.shift[unit]!),
  };
}

/** A scale and shift of the outputs, moved into the layer. */
function scaleOutput(layer: Layer, { scale, shift }: Affine): void {
  const moved = (values: Float32Array) => values.map((value, unit) => value * scale[unit]! + shift[unit]!);
  const { batchNorm, outputs } = layer;
  if (batchNorm) {
    batchNorm.gamma = batchNorm.gamma.map((value, unit) => value * scale[unit]!);
    batchNorm.beta = moved(batchNorm.beta);
    return;
  }
  layer.kernel = layer.kernel.map((value, index) => value * scale[index % outputs]!);
  layer.bias = moved(layer.bias);
}

/** A scale and shift of the inputs, moved into the layer: (x·s + t)W + b = x(sW) + (b + tW). */
function withInput(layer: Layer, { scale, shift }: Affine): Layer {
  const { kernel, outputs } = layer;
  const bias = layer.bias.map((start, unit) =>
    shift.reduce((sum, value, input) => sum + value * kernel[input * outputs + unit]!, start),
  );
  const scaled = kernel.map((value, index) => value * scale[Math.floor(index / outputs)]!);
  return { ...layer, kernel: scaled, bias };
}

/** One value for each unit, from as many or from a single one. */
function spread({ values }: Constant, width: number): Float32Array | undefined {
  if (values.length === width) return values;
  return values.length === 1 ? new Float32Array(width).fill(values[0]!) : undefined;
}

function numberOf(attribute: Attribute | undefined, otherwise: number): number {
  if (!attribute) return otherwise;
  if ("int" in attribute) return attribute.int;
  return "float" in attribute ? attribute.float : otherwise;
}

function partName({ opType, inputs }: GraphNode, constants: ReadonlyMap<string, Constant>): string {
  const names = inputs.flatMap((name) => constants.get(name)?.name ?? []);
  return `${opType} ${names.map((name) => JSON.stringify(name)).join(", ")}`;
}

function unknownOperator({ opType, outputs }: GraphNode, wanted: string): EmotionNetError {
  return new EmotionNetError("model-shape", {
    got: `the operator ${opType} that makes "${outputs[0]}" in the ONNX file`,
    wanted,
    mend: "Give an ONNX file of dense layers with Relu, as this project's export writes.",
  });
}
