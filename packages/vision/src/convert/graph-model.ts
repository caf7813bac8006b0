/** A TensorFlow.js graph model (model.json and its weights) as plain data. */

import type { Constant } from "./layers.ts";

/** A node of the TensorFlow graph; attributes as they stand in the file. */
export interface GraphModelNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, GraphModelAttribute>>;
}

export interface GraphModelAttribute {
  /** Text in base 64. */
  readonly s?: string;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
}

interface GraphModelJson {
  readonly modelTopology: { readonly node: readonly GraphModelNode[] };
  readonly weightsManifest: readonly { readonly weights: readonly WeightJson[] }[];
}

interface WeightJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
}

export interface GraphModel {
  /** In the order in which they can run. */
  readonly nodes: readonly GraphModelNode[];
  readonly constants: ReadonlyMap<string, Constant>;
}

/** Reads the two files. Weights lie one after another in the order of the manifest. */
export function readGraphModel(json: string, weights: Uint8Array): GraphModel {
  const model = JSON.parse(json) as GraphModelJson;
  const constants = new Map<string, Constant>();
  let offset = 0;
  for (const { name, shape, dtype } of model.weightsManifest.flatMap((group) => group.weights)) {
    const length = 4 * shape.reduce((size, dim) => size * dim, 1);
    const buffer = weights.slice(offset, offset + length).buffer;
    const data = dtype === "float32" ? new Float32Array(buffer) : new Int32Array(buffer);
    constants.set(name, { name, type: dtype, dims: shape, data });
    offset += length;
  }
  return { nodes: inRunningOrder(model.modelTopology.node), constants };
}

/** Text of an attribute. */
export function attributeText(attribute: GraphModelAttribute | undefined): string {
  return fromBase64(attribute?.s ?? "");
}

/** Texts of a list attribute. */
export function attributeTexts(attribute: GraphModelAttribute | undefined): string[] {
  return (attribute?.list?.s ?? []).map(fromBase64);
}

/** Whole numbers of a list attribute. */
export function attributeIntegers(attribute: GraphModelAttribute | undefined): number[] {
  return (attribute?.list?.i ?? []).map(Number);
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("latin1");
}

/** Every node after its inputs; the file promises no order. */
function inRunningOrder(nodes: readonly GraphModelNode[]): GraphModelNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered = new Set<GraphModelNode>();
  const visit = (node: GraphModelNode) => {
    if (ordered.has(node)) return;
    for (const input of node.input ?? []) visit(byName.get(input)!);
    ordered.add(node);
  };
  for (const node of nodes) visit(node);
  return [...ordered];
}
