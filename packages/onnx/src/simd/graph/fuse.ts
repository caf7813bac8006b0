/** Joins nodes that are worth running as one. */

import type { OnnxModel } from "../../graph/read.ts";
import type { GraphNode, TensorData } from "../../graph/types.ts";
import { intsOf } from "./attributes.ts";
import type { Folded } from "./constants.ts";
import { type Convolution, convolutionOf, isCarry, isPointwise, joined } from "./convolution.ts";
import type { Activation, Operation } from "./operation.ts";

/** The operations of a graph in an order in which they can run. */
export function fuse(model: OnnxModel, folded: Folded): Operation[] {
  const links = new Links(model, folded);
  const convolutions = new Map<GraphNode, Convolution>();
  for (const node of folded.nodes) {
    if (node.opType === "Conv") convolutions.set(node, convolutionOf(node, folded.constants));
  }
  const carries = new Set([...convolutions].filter(([, one]) => isCarry(one)).map(([node]) => node));
  const fusion = new Fusion(links, folded.constants, convolutions, carries);
  const isCarrying = (node: GraphNode) => carries.has(node);
  for (const node of convolutions.keys()) if (!isCarrying(node)) fusion.convolution(node);
  // What only carries channels is joined with its addition by the convolutions above, if by any.
  for (const node of carries) fusion.convolution(node);
  for (const node of folded.nodes) if (node.opType === "Transpose") fusion.entry(node);
  return fusion.operations(folded.nodes);
}

/** Who makes a value and who reads it. */
class Links {
  readonly #producers = new Map<string, GraphNode>();
  readonly #readers = new Map<string, (GraphNode | undefined)[]>();

  constructor({ outputs }: OnnxModel, { nodes }: Folded) {
    for (const node of nodes) {
      for (const name of node.outputs) this.#producers.set(name, node);
      for (const name of node.inputs) this.#addReader(name, node);
    }
    for (const { name } of outputs) this.#addReader(name, undefined);
  }

  producer(name: string): GraphNode | undefined {
    return this.#producers.get(name);
  }

  /** The node that alone reads what `node` makes, once. */
  onlyReader(node: GraphNode): GraphNode | undefined {
    const readers = this.#readers.get(node.outputs[0]!);
    return readers?.length === 1 ? readers[0] : undefined;
  }

  #addReader(name: string, node: GraphNode | undefined): void {
    const readers = this.#readers.get(name);
    if (readers) readers.push(node);
    else this.#readers.set(name, [node]);
  }
}

class Fusion {
  readonly #links: Links;
  readonly #constants: ReadonlyMap<string, TensorData>;
  readonly #convolutions: ReadonlyMap<GraphNode, Convolution>;
  readonly #carries: ReadonlySet<GraphNode>;
  /** Nodes that run within another operation. */
  readonly #taken = new Set<GraphNode>();
  /** By the last of the nodes that an operation joins: there all that it reads is known. */
  readonly #joined = new Map<GraphNode, Operation>();

  constructor(
    links: Links,
    constants: ReadonlyMap<string, TensorData>,
    convolutions: ReadonlyMap<GraphNode, Convolution>,
    carries: ReadonlySet<GraphNode>,
  ) {
    this.#links = links;
    this.#constants = constants;
    this.#convolutions = convolutions;
    this.#carries = carries;
  }

  operations(nodes: readonly GraphNode[]): Operation[] {
    return nodes.flatMap((node) => {
      const operation = this.#joined.get(node);
      if (operation) return [operation];
      return this.#taken.has(node) ? [] : [{ type: "node", node } as const];
    });
  }

  /** A depthwise convolution with the 1×1 one after it, the addition after that and the activation after that. */
  convolution(node: GraphNode): void {
    if (this.#taken.has(node)) return;
    let last = node;
    let convolution = this.#convolutions.get(node)!;
    const take = (next: GraphNode) => {
      this.#taken.add(last);
      last = next;
    };
    const second = this.#links.onlyReader(node);
    const pointwise = second && this.#convolutions.get(second);
    if (convolution.depthwise && pointwise && !this.#taken.has(second) && isPointwise(pointwise)) {
      convolution = joined(convolution, pointwise);
      take(second);
    }
    const addition = this.#links.onlyReader(last);
    const added = addition && this.#addedTo(last, addition);
    if (added) take(addition!);
    const next = this.#links.onlyReader(last);
    const activation = next && this.#activation(next, convolution.outputs);
    if (activation) take(next);
    this.#taken.add(last);
    const input = node.inputs[0]!;
    const output = last.outputs[0]!;
    this.#joined.set(last, {
      ...{ type: "convolution", convolution, input, activation, output },
      ...{ added: added?.name, addedChannels: added?.channels ?? convolution.outputs },
    });
  }

  /** The other map of an addition that no other convolution has taken; without `channels` it must have all of them. */
  #addedTo(node: GraphNode, addition: GraphNode): { name: string; channels?: number } | undefined {
    if (addition.opType !== "Add" || this.#taken.has(addition)) return undefined;
    const other = addition.inputs.find((name) => name !== node.outputs[0]);
    if (other === undefined || this.#constants.has(other)) return undefined;
    const producer = this.#links.producer(other);
    if (!producer || !this.#carries.has(producer) || this.#taken.has(producer)) return { name: other };
    if (this.#links.onlyReader(producer) !== addition) return { name: other };
    this.#taken.add(producer);
    return { name: producer.inputs[0]!, channels: this.#convolutions.get(producer)!.inputs };
  }

  #activation(node: GraphNode, channels: number): Activation | undefined {
    if (node.opType === "Relu") return { type: "relu" };
    if (node.opType !== "PRelu") return undefined;
    const slopes = channelSlopes(this.#constants.get(node.inputs[1]!), channels);
    return slopes && { type: "prelu", slopes };
  }

  /** Pictures [N, height, width, channels], scaled and shifted by constants, that are turned into maps. */
  entry(node: GraphNode): void {
    if (intsOf(node, "perm", []).join() !== "0,3,1,2") return;
    let input = node.inputs[0]!;
    let scale = 1;
    let shift = 0;
    const source = () => {
      const producer = this.#links.producer(input);
      return producer && this.#links.onlyReader(producer) ? producer : undefined;
    };
    const shifting = source();
    const shifted = shifting && this.#scalarOperand(shifting, ["Sub", "Add"]);
    if (shifting && shifted) {
      shift = shifting.opType === "Sub" ? -shifted.value : shifted.value;
      input = shifted.input;
      this.#taken.add(shifting);
    }
    const scaling = source();
    const scaled = scaling && this.#scalarOperand(scaling, ["Mul"]);
    if (scaling && scaled) {
      scale = scaled.value;
      input = scaled.input;
      this.#taken.add(scaling);
    }
    this.#joined.set(node, { type: "enter", input, scale, shift, output: node.outputs[0]! });
  }

  #scalarOperand(node: GraphNode, types: readonly string[]): { input: string; value: number } | undefined {
    const [input, name] = node.inputs;
    const constant = this.#constants.get(name ?? "");
    if (!types.includes(node.opType) || !input || this.#constants.has(input)) return undefined;
    if (constant?.data.length !== 1 || constant.dims.length > 4) return undefined;
    return constant.data instanceof Float32Array ? { input, value: constant.data[0]! } : undefined;
  }
}

/** The slopes of a PRelu if there is one a channel or one for all. */
export function channelSlopes(constant: TensorData | undefined, channels: number): Float32Array | undefined {
  if (!constant || !(constant.data instanceof Float32Array)) return undefined;
  const { data, dims } = constant;
  if (data.length === 1) return new Float32Array(channels).fill(data[0]!);
  const isOneAChannel = data.length === channels && dims.at(-3) === channels;
  return isOneAChannel ? data : undefined;
}
