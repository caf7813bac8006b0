/** Constants of a graph: initialisers, Constant nodes, and constants that are cast. */

import { fromFloat16 } from "../../graph/float16.ts";
import type { OnnxModel } from "../../graph/read.ts";
import type { GraphNode, TensorData } from "../../graph/types.ts";

const FLOAT32_CODE = 1;

export interface Folded {
  readonly constants: ReadonlyMap<string, TensorData>;
  /** The nodes that are left. */
  readonly nodes: readonly GraphNode[];
}

/** Takes out of the nodes what does not depend on the inputs: Constant, Identity and casts to float32. */
export function foldConstants(model: OnnxModel): Folded {
  const constants = new Map<string, TensorData>(model.initialisers.map((one) => [one.name, one]));
  const nodes: GraphNode[] = [];
  for (const node of model.nodes) {
    const value = constantOf(node, constants);
    if (value) constants.set(node.outputs[0]!, value);
    else nodes.push(node);
  }
  return { constants, nodes };
}

function constantOf(node: GraphNode, constants: ReadonlyMap<string, TensorData>): TensorData | undefined {
  const { value, to } = node.attributes;
  if (node.opType === "Constant") return value && "tensor" in value ? value.tensor : undefined;
  const source = constants.get(node.inputs[0] ?? "");
  if (!source) return undefined;
  if (node.opType === "Identity") return source;
  if (node.opType !== "Cast" || !to || !("int" in to) || to.int !== FLOAT32_CODE) return undefined;
  return { type: "float32", dims: source.dims, data: floatsOf(source) };
}

function floatsOf({ type, data }: TensorData): Float32Array {
  if (type === "float16") return fromFloat16(data as Uint16Array);
  if (data instanceof Float32Array) return data;
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
