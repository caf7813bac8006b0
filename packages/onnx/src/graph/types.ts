/** What an ONNX graph is made of, as plain data. */

import type { ElementType, TensorArray } from "./element-type.ts";

/** A size, or the name of a size that is known only when the graph runs, such as "N". */
export type Dimension = number | string;

/** An input or output of a graph. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dimension[];
}

/** Numbers with a shape, row by row (the last dimension varies fastest). */
export interface TensorData {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorArray;
}

/** A named constant of a graph. */
export interface Initialiser extends TensorData {
  readonly name: string;
}

/** One attribute of an operator. The key says the type, because 1 could be an int or a float. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorData };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operator call. An empty input name leaves an optional input out. */
export interface GraphNode {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
  /** The operator set it is of, when that is not ONNX's own; such nodes are read, not written. */
  readonly domain?: string;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initialisers: readonly Initialiser[];
  readonly nodes: readonly GraphNode[];
}

/** What stands around the graph in a model file. */
export interface ModelHeader {
  /** Version of the standard operator set, for example 17. */
  readonly opset: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly metadata: Readonly<Record<string, string>>;
}
