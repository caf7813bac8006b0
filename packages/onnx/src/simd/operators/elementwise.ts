/** Operators that work number by number, with ONNX's broadcasting; on maps where the kernel has them. */

import type { GraphNode } from "../../graph/types.ts";
import { channelSlopes } from "../graph/fuse.ts";
import type { Planner } from "../plan/planner.ts";
import { sameDims } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";
import { planPassed } from "./convolution.ts";
import { broadcastDims, broadcastIndices } from "./indices.ts";

type Combine = (a: number, b: number) => number;

/** An operator of two inputs. */
export function binary(combine: Combine) {
  return (planner: Planner, node: GraphNode): void => {
    const [a, b] = node.inputs.map((name) => planner.plain(name));
    if (!a || !b) throw unsupported(`${node.opType} without two inputs`);
    const output = planner.definePlain(node.outputs[0]!, broadcastDims(a.dims, b.dims));
    const { data } = output;
    const ofA = broadcastIndices(a.dims, output.dims);
    const ofB = broadcastIndices(b.dims, output.dims);
    planner.step(() => {
      for (let index = 0; index < data.length; index++) {
        data[index] = combine(a.data[ofA[index]!]!, b.data[ofB[index]!]!);
      }
    });
  };
}

/** An operator of one input. */
export function unary(compute: (value: number) => number) {
  return (planner: Planner, node: GraphNode): void => {
    const input = planner.plain(node.inputs[0]!);
    const { data } = planner.definePlain(node.outputs[0]!, input.dims);
    planner.step(() => {
      for (let index = 0; index < data.length; index++) data[index] = compute(input.data[index]!);
    });
  };
}

const addPlain = binary((a, b) => a + b);

export function planAdd(planner: Planner, node: GraphNode): void {
  const [a, b] = node.inputs.map((name) => planner.value(name));
  if (a?.layout !== "map" || b?.layout !== "map" || !sameDims(a.dims, b.dims)) addPlain(planner, node);
  else planPassed(planner, planner.map(node.inputs[0]!), b, { type: "none" }, node.outputs[0]!);
}

const reluPlain = unary((value) => Math.max(value, 0));

export function planRelu(planner: Planner, node: GraphNode): void {
  const input = planner.value(node.inputs[0]!);
  if (input.layout === "map") planPassed(planner, input, undefined, { type: "relu" }, node.outputs[0]!);
  else reluPlain(planner, node);
}

const preluPlain = binary((value, slope) => (value < 0 ? value * slope : value));

export function planPrelu(planner: Planner, node: GraphNode): void {
  const input = planner.value(node.inputs[0]!);
  const slopes =
    input.layout === "map" && channelSlopes(planner.graph.constants.get(node.inputs[1]!), input.dims[1]);
  if (input.layout !== "map" || !slopes) preluPlain(planner, node);
  else planPassed(planner, input, undefined, { type: "prelu", slopes }, node.outputs[0]!);
}
