/** What a plan is made of: nodes of the graph, some of them joined. */

import type { GraphNode } from "../../graph/types.ts";
import type { Convolution } from "./convolution.ts";

/** What follows a sum; slopes are one a channel. */
export type Activation =
  | { readonly type: "relu" }
  | { readonly type: "prelu"; readonly slopes: Float32Array };

/** A convolution, then the addition of another map (which may lack the last channels), then an activation. */
export interface ConvolutionOperation {
  readonly type: "convolution";
  readonly convolution: Convolution;
  readonly input: string;
  readonly added: string | undefined;
  /** How many of the channels the added map has. */
  readonly addedChannels: number;
  readonly activation: Activation | undefined;
  readonly output: string;
}

/** Pictures pixel by pixel become a map: value · scale + shift. */
export interface EnterOperation {
  readonly type: "enter";
  readonly input: string;
  readonly scale: number;
  readonly shift: number;
  readonly output: string;
}

export interface NodeOperation {
  readonly type: "node";
  readonly node: GraphNode;
}

export type Operation = ConvolutionOperation | EnterOperation | NodeOperation;

/** Names of the values that an operation reads. */
export function inputsOf(operation: Operation): readonly string[] {
  if (operation.type === "node") return operation.node.inputs.filter((name) => name !== "");
  if (operation.type === "enter" || operation.added === undefined) return [operation.input];
  return [operation.input, operation.added];
}
