/** Builds an ONNX graph call by call, in the order in which it runs. */

import { EmotionNetError } from "@emotionnet/core";
import { type ElementType, elementCount, elementTypeOf, type TensorArray } from "./element-type.ts";
import { encodeModel } from "./encode.ts";
import type { Attributes, Dimension, GraphNode, Initialiser, ModelHeader, ValueInfo } from "./types.ts";

const DEFAULT_HEADER: ModelHeader = {
  opset: 17,
  producer: "emotionnet",
  producerVersion: "",
  metadata: {},
};

/**
 * Values are known by name. Every method that makes a value returns its name; names that are made up are unique.
 * A call that names an unknown or taken value throws EmotionNetError `onnx-graph` at once.
 */
export class GraphBuilder {
  readonly name: string;
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #initialisers: Initialiser[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #names = new Set<string>();
  readonly #nameCounts = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** Declares an input; symbolic dimensions such as "N" may have any size when the graph runs. */
  input(name: string, type: ElementType, dims: readonly Dimension[]): string {
    this.#claim(name);
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /**
   * Adds a constant and returns its name: `name`, with a number after it when that is taken.
   * @param type needed only for `bool` (in a Uint8Array) and `float16` (in a Uint16Array).
   */
  constant(name: string, data: TensorArray, dims: readonly number[], type = elementTypeOf(data)): string {
    if (elementCount(dims) !== data.length) {
      throw new EmotionNetError("onnx-graph", {
        got: `${data.length} numbers for the constant "${name}"`,
        wanted: `${elementCount(dims)} for its shape [${dims.join(", ")}]`,
        mend: "Give the shape that the data has.",
      });
    }
    const unique = this.#names.has(name) ? this.#freshName(name) : this.#claim(name);
    this.#initialisers.push({ name: unique, type, dims, data });
    return unique;
  }

  /** A float32 constant of no dimensions. */
  scalar(name: string, value: number): string {
    return this.constant(name, Float32Array.of(value), []);
  }

  /** An int64 constant of one dimension, as shapes, axes and indices are given to operators. */
  integers(name: string, values: readonly number[]): string {
    return this.constant(name, BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** Adds an operator with one output. `inputs` may hold "" for an optional input left out. */
  node(opType: string, inputs: readonly string[], attributes?: Attributes, output?: string): string;
  /** Adds an operator with several outputs, by their number (2 or more) or by their names. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: number | readonly string[],
  ): string[];
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    outputs: string | number | readonly string[] = 1,
  ): string | string[] {
    for (const input of inputs) this.#assertKnown(input, `an input of ${opType}`);
    const names = this.#outputNames(opType, outputs);
    this.#nodes.push({ opType, inputs: [...inputs], outputs: names, attributes });
    return Array.isArray(outputs) || Number(outputs) > 1 ? names : names[0]!;
  }

  /** Declares that the value `name` is an output of the graph. */
  output(name: string, type: ElementType, dims: readonly Dimension[]): string {
    this.#assertKnown(name, "an output of the graph");
    this.#outputs.push({ name, type, dims });
    return name;
  }

  /** The bytes of an ONNX file: operator set 17 unless told otherwise. Equal calls give equal bytes. */
  toModel(header: Partial<ModelHeader> = {}): Uint8Array {
    if (this.#outputs.length === 0) {
      throw new EmotionNetError("onnx-graph", {
        got: `the graph "${this.name}" without outputs`,
        wanted: "at least one output",
        mend: "Call output() for the values that the graph is to return.",
      });
    }
    const graph = {
      name: this.name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initialisers: this.#initialisers,
      nodes: this.#nodes,
    };
    return encodeModel(graph, { ...DEFAULT_HEADER, ...header });
  }

  #outputNames(opType: string, outputs: string | number | readonly string[]): string[] {
    if (typeof outputs === "number") return Array.from({ length: outputs }, () => this.#freshName(opType));
    return (typeof outputs === "string" ? [outputs] : outputs).map((name) => this.#claim(name));
  }

  #freshName(stem: string): string {
    let count = this.#nameCounts.get(stem) ?? 0;
    let name: string;
    do name = `${stem}_${++count}`;
    while (this.#names.has(name));
    this.#nameCounts.set(stem, count);
    return this.#claim(name);
  }

  #claim(name: string): string {
    if (name === "" || this.#names.has(name)) {
      throw new EmotionNetError("onnx-graph", {
        got: name === "" ? "an empty value name" : `the value name "${name}" twice`,
        wanted: "a different name for every value",
        mend: "Choose another name, or let node() make one up.",
      });
    }
    this.#names.add(name);
    return name;
  }

  #assertKnown(name: string, role: string): void {
    if (name === "" || this.#names.has(name)) return;
    throw new EmotionNetError("onnx-graph", {
      got: `"${name}" as ${role}`,
      wanted: "a value that an earlier call made",
      mend: "Add inputs, constants and operators before they are used.",
    });
  }
}
