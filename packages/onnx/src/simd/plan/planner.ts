/** Makes the plan of a graph for inputs of given shapes: a list of steps over values that have their places. */

import { elementCount } from "../../graph/element-type.ts";
import type { GraphNode, TensorData } from "../../graph/types.ts";
import { inputsOf } from "../graph/operation.ts";
import type { Kernel } from "../kernel.ts";
import { planConvolution } from "../operators/convolution.ts";
import { planEntry } from "../operators/entry.ts";
import { leaveMap, toMap } from "../operators/layout.ts";
import { operators } from "../operators/operators.ts";
import { unsupported } from "../unsupported.ts";
import { Arena } from "./arena.ts";
import type { Block, PreparedGraph } from "./prepared-graph.ts";
import { type Border, type FeatureMap, inFours, type Plain, type Value } from "./values.ts";

/** A part of a run. The kernel's memory may have been replaced since the plan was made: a step asks the kernel for it. */
export type Step = (kernel: Kernel) => void;

/** Finds the shape of what an operator gives and appends its steps. */
export type PlanOperator = (planner: Planner, node: GraphNode) => void;

export interface Plan {
  readonly inputs: ReadonlyMap<string, Plain>;
  readonly outputs: ReadonlyMap<string, Plain>;
  readonly steps: readonly Step[];
  /** What must lie in the memory before the first step; all else between `start` and `end` must be zero then. */
  readonly jobs: readonly { readonly address: number; readonly words: Int32Array }[];
  readonly blocks: readonly Block[];
  readonly start: number;
  readonly end: number;
}

const NO_BORDER: Border = [0, 0, 0, 0];

export class Planner {
  readonly graph: PreparedGraph;
  readonly #arena: Arena;
  readonly #values = new Map<string, Value>();
  /** Maps by the names of their values, to be given back after their last reader. */
  readonly #maps = new Map<string, FeatureMap>();
  readonly #steps: Step[] = [];
  readonly #jobs: { address: number; words: Int32Array }[] = [];
  readonly #blocks: Block[] = [];

  constructor(graph: PreparedGraph) {
    this.graph = graph;
    this.#arena = new Arena(graph.end);
  }

  plan(inputDims: ReadonlyMap<string, readonly number[]>): Plan {
    const inputs = new Map(
      [...inputDims].map(([name, dims]) => {
        return [name, { layout: "plain", dims, data: new Float32Array(0), isFed: true } as Plain];
      }),
    );
    for (const [name, value] of inputs) this.define(name, value);
    const { operations, model } = this.graph;
    const lastReaders = new Map<string, number>();
    for (const [index, operation] of operations.entries()) {
      for (const name of inputsOf(operation)) lastReaders.set(name, index);
    }
    for (const { name } of model.outputs) lastReaders.set(name, operations.length);
    for (const [index, operation] of operations.entries()) {
      if (operation.type === "convolution") planConvolution(this, operation);
      else if (operation.type === "enter") planEntry(this, operation);
      else this.#planNode(operation.node);
      for (const name of inputsOf(operation)) if (lastReaders.get(name) === index) this.#release(name);
    }
    const outputs = new Map(model.outputs.map(({ name }) => [name, this.plain(name)]));
    return {
      ...{ inputs, outputs, steps: this.#steps, jobs: this.#jobs, blocks: this.#blocks },
      ...{ start: this.graph.end, end: this.#arena.end },
    };
  }

  #planNode(node: GraphNode): void {
    const plan = operators.get(node.opType);
    if (!plan) throw unsupported(`the operator ${node.opType}`);
    if (node.outputs.length !== 1) throw unsupported(`${node.opType} with ${node.outputs.length} outputs`);
    plan(this, node);
  }

  /** The value of a name, wherever it lies. */
  value(name: string): Value {
    const value = this.#values.get(name);
    if (value) return value;
    const constant = this.#constant(name);
    if (!(constant.data instanceof Float32Array)) throw unsupported(`a value of the type ${constant.type}`);
    return { layout: "plain", dims: constant.dims, data: constant.data, isFed: false };
  }

  /** The value as numbers row by row; maps are copied out. */
  plain(name: string): Plain {
    const value = this.value(name);
    if (value.layout === "plain") return value;
    const plain = this.newPlain(value.dims);
    this.step(leaveMap(value, plain, "channels first"));
    this.#values.set(name, plain);
    return plain;
  }

  /** The value as a map with the border that its readers want; plain values are copied. */
  map(name: string): FeatureMap {
    const made = this.#maps.get(name);
    if (made) return made;
    const value = this.plain(name);
    const [images, channels, height, width] = value.dims;
    if (value.dims.length !== 4) throw unsupported(`a map of ${value.dims.length} dimensions`);
    const map = this.#newMap(name, [images!, channels!, height!, width!]);
    this.step(toMap(value, map));
    return map;
  }

  /** Whole numbers that an operator must know when it is planned. */
  integers(name: string): number[] {
    const { data, type } = this.#constant(name);
    if (type !== "int64" && type !== "int32") throw unsupported(`whole numbers of the type ${type}`);
    return Array.from(data as ArrayLike<number | bigint>, Number);
  }

  define(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** A new map as the value of `name`. */
  defineMap(name: string, dims: FeatureMap["dims"]): FeatureMap {
    const map = this.#newMap(name, dims);
    this.#values.set(name, map);
    return map;
  }

  /** A new plain value as the value of `name`. */
  definePlain(name: string, dims: readonly number[]): Plain {
    const value = this.newPlain(dims);
    this.#values.set(name, value);
    return value;
  }

  newPlain(dims: readonly number[]): Plain {
    if (dims.some((size) => size < 1)) throw unsupported(`the empty shape [${dims.join(", ")}]`);
    return { layout: "plain", dims, data: new Float32Array(elementCount(dims)), isFed: false };
  }

  step(step: Step): void {
    this.#steps.push(step);
  }

  /** Room for `bytes` while the plan lasts. */
  room(bytes: number): number {
    return this.#arena.take(bytes);
  }

  /** Places the words of a job; returns their address. */
  job(words: Int32Array): number {
    const address = this.#arena.take(words.byteLength);
    this.#jobs.push({ address, words });
    return address;
  }

  /** Places floats that the plan needs; returns their address. */
  block(data: Float32Array): number {
    const address = this.#arena.take(data.byteLength);
    this.#blocks.push({ address, data });
    return address;
  }

  #newMap(name: string, dims: FeatureMap["dims"]): FeatureMap {
    const channels = this.graph.tight.has(name) ? dims[1] : inFours(dims[1]);
    const map = this.#arena.map(dims, this.#border(name), channels);
    this.#maps.set(name, map);
    return map;
  }

  #border(name: string): Border {
    return this.graph.borders.get(name) ?? NO_BORDER;
  }

  #release(name: string): void {
    const map = this.#maps.get(name);
    if (map) this.#arena.release(map, this.#border(name));
    this.#maps.delete(name);
  }

  #constant(name: string): TensorData {
    const constant = this.graph.constants.get(name);
    if (!constant) throw unsupported(`"${name}" where a constant is wanted`);
    return constant;
  }
}
