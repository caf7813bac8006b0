/** What every plan of a graph shares: its operations, the borders of its maps, the packed weights. */

import { type OnnxModel, readOnnx } from "../../graph/read.ts";
import type { TensorData } from "../../graph/types.ts";
import { foldConstants } from "../graph/constants.ts";
import { fuse } from "../graph/fuse.ts";
import { type ConvolutionOperation, inputsOf, type Operation } from "../graph/operation.ts";
import { unsupported } from "../unsupported.ts";
import { Arena } from "./arena.ts";
import { chunkOf, jobActivation, type PackedConvolution, type Scratch } from "./job.ts";
import { packChannels, packDepthwise, packWeights } from "./pack.ts";
import { type Border, FLOAT_BYTES, inFours } from "./values.ts";

/** Left free at the start: compilers may use low addresses. */
const FIRST_ADDRESS = 1024;
const PLACE_BYTES = 12;
/** Between them the operators that are used mean the same. */
const OPERATOR_SETS = { oldest: 13, newest: 19 } as const;
const MOST_PIXELS_OF_A_CHUNK = 1536;

/** Floats at an address of the kernel's memory. */
export interface Block {
  readonly address: number;
  readonly data: Float32Array;
}

export interface PreparedGraph {
  readonly model: OnnxModel;
  readonly constants: ReadonlyMap<string, TensorData>;
  readonly operations: readonly Operation[];
  /** Of the maps that need one. */
  readonly borders: ReadonlyMap<string, Border>;
  /** Maps of fewer than four channels whose pixels are not filled up. */
  readonly tight: ReadonlySet<string>;
  readonly packed: ReadonlyMap<Operation, PackedConvolution>;
  readonly scratch: Scratch;
  readonly blocks: readonly Block[];
  /** First address after all of these. */
  readonly end: number;
}

/** @throws EmotionNetError for a graph that the own engine does not know how to run. */
export function prepareGraph(bytes: Uint8Array): PreparedGraph {
  const model = readOnnx(bytes);
  if (model.opset < OPERATOR_SETS.oldest || model.opset > OPERATOR_SETS.newest) {
    throw unsupported(`the operator set ${model.opset}`);
  }
  const foreign = model.nodes.find((node) => node.domain !== undefined);
  if (foreign) throw unsupported(`the operator ${foreign.domain}.${foreign.opType}`);
  const folded = foldConstants(model);
  const operations = fuse(model, folded);
  const convolutions = operations.filter((one) => one.type === "convolution");
  const tight = tightMaps(operations);
  const arena = new Arena(FIRST_ADDRESS);
  const blocks: Block[] = [];
  const place = (data: Float32Array | undefined) => {
    if (!data) return 0;
    const address = arena.take(data.byteLength);
    blocks.push({ address, data });
    return address;
  };
  const packed = new Map(convolutions.map((one) => [one, packedOf(one, tight, place)]));
  const scratch = scratchFor(arena, convolutions, packed);
  const borders = bordersOf(operations);
  const { constants } = folded;
  return { ...{ model, constants, operations, borders, tight, packed, scratch, blocks }, end: arena.end };
}

function packedOf(
  operation: ConvolutionOperation,
  tight: ReadonlySet<string>,
  place: (data: Float32Array | undefined) => number,
): PackedConvolution {
  const { convolution, activation, input } = operation;
  const { depthwise, weights, inputs, kernel, bias } = convolution;
  const pixel = tight.has(input) ? inputs : inFours(inputs);
  const taps = kernel[0] * kernel[1];
  const acrossTaps = depthwise ? 1 : taps;
  return {
    kind: depthwise ? (weights ? "separable" : "depthwise") : taps === 1 ? "pointwise" : "gathered",
    depth: weights ? acrossTaps * pixel : 0,
    weights: place(weights && packWeights(convolution, acrossTaps, pixel)),
    depthwiseWeights: place(depthwise && packDepthwise(depthwise, inputs, taps)),
    bias: place(packChannels(bias)),
    slopes: place(activation?.type === "prelu" ? packChannels(activation.slopes) : undefined),
    activation: jobActivation(activation),
  };
}

function scratchFor(
  arena: Arena,
  operations: readonly ConvolutionOperation[],
  packed: ReadonlyMap<Operation, PackedConvolution>,
): Scratch {
  const depths = operations.map((one) => Math.max(packed.get(one)!.depth, inFours(one.convolution.inputs)));
  const floats = Math.max(0, ...depths.map((depth) => depth * chunkOf(depth, MOST_PIXELS_OF_A_CHUNK)));
  const widest = Math.max(0, ...operations.map(({ convolution }) => inFours(convolution.outputs)));
  return {
    panels: arena.take(floats * FLOAT_BYTES),
    places: arena.take(MOST_PIXELS_OF_A_CHUNK * PLACE_BYTES),
    line: arena.take(floats * FLOAT_BYTES),
    waste: arena.take(widest * FLOAT_BYTES),
  };
}

/** The largest border that any reader of a map wants. */
function bordersOf(operations: readonly Operation[]): Map<string, Border> {
  const borders = new Map<string, Border>();
  for (const operation of operations) {
    if (operation.type !== "convolution") continue;
    const { pads } = operation.convolution;
    const before = borders.get(operation.input) ?? [0, 0, 0, 0];
    const larger = (side: 0 | 1 | 2 | 3) => Math.max(before[side], pads[side]);
    borders.set(operation.input, [larger(0), larger(1), larger(2), larger(3)]);
  }
  return borders;
}

/** Maps made of pictures that only convolutions across channels read: they read their pixels as they lie side by side. */
function tightMaps(operations: readonly Operation[]): Set<string> {
  const entered = operations.filter((one) => one.type === "enter").map((one) => one.output);
  const tight = new Set(entered);
  for (const operation of operations) {
    const isAcross = operation.type === "convolution" && !operation.convolution.depthwise;
    for (const name of inputsOf(operation)) {
      const isChannelsOnly = isAcross && name === operation.input && operation.convolution.inputs < 4;
      if (!isChannelsOnly || operation.added === name) tight.delete(name);
    }
  }
  return tight;
}
