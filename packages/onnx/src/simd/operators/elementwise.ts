/** Operators that work number by number, with ONNX's broadcasting; on maps where the kernel has them. */

import type { GraphNode } from "../../graph/types.ts";
import { channelSlopes } from "../graph/fuse.ts";
import type { Planner, PlanOperator } from "../plan/planner.ts";
import { sameDims } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";
import { planPassed } from "./convolution.ts";
import { broadcastDims, broadcastIndices } from "./indices.ts";

/** Fills `target` from a and b, whose numbers stand at the places `ofA` and `ofB`. */
type Loop = (
  target: Float32Array,
  a: Float32Array,
  ofA: Int32Array,
  b: Float32Array,
  ofB: Int32Array,
) => void;

// A loop of its own for each: one that calls a function it is given takes three times as long.
const add: Loop = (target, a, ofA, b, ofB) => {
  for (let at = 0; at < target.length; at++) target[at] = a[ofA[at]!]! + b[ofB[at]!]!;
};
const subtract: Loop = (target, a, ofA, b, ofB) => {
  for (let at = 0; at < target.length; at++) target[at] = a[ofA[at]!]! - b[ofB[at]!]!;
};
const multiply: Loop = (target, a, ofA, b, ofB) => {
  for (let at = 0; at < target.length; at++) target[at] = a[ofA[at]!]! * b[ofB[at]!]!;
};
const divide: Loop = (target, a, ofA, b, ofB) => {
  for (let at = 0; at < target.length; at++) target[at] = a[ofA[at]!]! / b[ofB[at]!]!;
};
const slope: Loop = (target, a, ofA, b, ofB) => {
  for (let at = 0; at < target.length; at++) {
    const value = a[ofA[at]!]!;
    target[at] = value < 0 ? value * b[ofB[at]!]! : value;
  }
};

/** An operator of two inputs. */
function binary(loop: Loop): PlanOperator {
  return (planner, node) => {
    const [a, b] = node.inputs.map((name) => planner.plain(name));
    if (!a || !b) throw unsupported(`${node.opType} without two inputs`);
    const { data, dims } = planner.definePlain(node.outputs[0]!, broadcastDims(a.dims, b.dims));
    const ofA = broadcastIndices(a.dims, dims);
    const ofB = broadcastIndices(b.dims, dims);
    planner.step(() => loop(data, a.data, ofA, b.data, ofB));
  };
}

export const planSub: PlanOperator = binary(subtract);
export const planMul: PlanOperator = binary(multiply);
export const planDiv: PlanOperator = binary(divide);

/** An operator of one input. */
export function unary(compute: (value: number) => number): PlanOperator {
  return (planner, node) => {
    const input = planner.plain(node.inputs[0]!);
    const { data } = planner.definePlain(node.outputs[0]!, input.dims);
    planner.step(() => {
      for (let index = 0; index < data.length; index++) data[index] = compute(input.data[index]!);
    });
  };
}

const addPlain = binary(add);

export function planAdd(planner: Planner, node: GraphNode): void {
  const [a, b] = node.inputs.map((name) => planner.value(name));
  if (a?.layout !== "map" || b?.layout !== "map" || !sameDims(a.dims, b.dims)) addPlain(planner, node);
  else planPassed(planner, planner.map(node.inputs[0]!), b, undefined, node.outputs[0]!);
}

const reluPlain = unary((value) => Math.max(value, 0));

export function planRelu(planner: Planner, node: GraphNode): void {
  const input = planner.value(node.inputs[0]!);
  if (input.layout === "map") planPassed(planner, input, undefined, { type: "relu" }, node.outputs[0]!);
  else reluPlain(planner, node);
}

const preluPlain = binary(slope);

export function planPrelu(planner: Planner, node: GraphNode): void {
  const input = planner.value(node.inputs[0]!);
  const slopes =
    input.layout === "map" && channelSlopes(planner.graph.constants.get(node.inputs[1]!), input.dims[1]);
  if (input.layout !== "map" || !slopes) preluPlain(planner, node);
  else planPassed(planner, input, undefined, { type: "prelu", slopes }, node.outputs[0]!);
}
