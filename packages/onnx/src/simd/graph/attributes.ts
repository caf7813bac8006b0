/** Attributes of operators, with what ONNX takes when they are left out. */

import type { GraphNode } from "../../graph/types.ts";
import { unsupported } from "../unsupported.ts";

export function intOf(node: GraphNode, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  if (!attribute) return otherwise;
  if ("int" in attribute) return attribute.int;
  throw unsupported(`${node.opType} with an odd ${name}`);
}

export function intsOf(node: GraphNode, name: string, otherwise: readonly number[]): readonly number[] {
  const attribute = node.attributes[name];
  if (!attribute) return otherwise;
  if ("ints" in attribute) return attribute.ints;
  throw unsupported(`${node.opType} with an odd ${name}`);
}

export function textOf(node: GraphNode, name: string, otherwise: string): string {
  const attribute = node.attributes[name];
  if (!attribute) return otherwise;
  if ("string" in attribute) return attribute.string;
  throw unsupported(`${node.opType} with an odd ${name}`);
}

/** @throws EmotionNetError when an attribute is there that is not in `known`. */
export function onlyAttributes(node: GraphNode, known: readonly string[]): void {
  for (const name of Object.keys(node.attributes)) {
    if (!known.includes(name)) throw unsupported(`${node.opType} with the attribute ${name}`);
  }
}
