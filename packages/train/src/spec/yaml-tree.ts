/** YAML text → a plain tree that knows the line of everything, with anchors and merge keys resolved. */

import { EmotionNetError } from "@emotionnet/core";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from "yaml";

/** Lines count from 1. */
export type SpecNode =
  | { readonly kind: "map"; readonly line: number; readonly entries: ReadonlyMap<string, SpecEntry> }
  | { readonly kind: "list"; readonly line: number; readonly items: readonly SpecNode[] }
  | { readonly kind: "scalar"; readonly line: number; readonly value: string | number | boolean | null };

export interface SpecEntry {
  /** Line of the key. */
  readonly line: number;
  readonly node: SpecNode;
}

/** @throws EmotionNetError `spec-invalid` with the line when the text is no YAML mapping. */
export function parseYaml(text: string, source: string): SpecNode {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) throw notYaml(source, lines.linePos(problem.pos[0]).line, problem.message);
  if (!isMap(document.contents)) throw notYaml(source, 1, "no `key: value` lines");
  return new TreeReader(document, lines).read(document.contents);
}

function notYaml(source: string, line: number, problem: string): EmotionNetError {
  return new EmotionNetError("spec-invalid", {
    got: `line ${line} of ${source}: ${problem}`,
    wanted: "a training spec in YAML",
    mend: "Compare the line with examples/specs/reference.yaml.",
  });
}

class TreeReader {
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  read(node: Node | null): SpecNode {
    if (isAlias(node)) return this.read(node.resolve(this.#document) ?? null);
    const line = this.#lineOf(node);
    if (isMap(node)) return { kind: "map", line, entries: this.#entriesOf(node) };
    if (isSeq(node)) return { kind: "list", line, items: node.items.map((item) => this.read(item as Node)) };
    const value = isScalar(node) ? node.value : null;
    const isPlain = value === null || ["string", "number", "boolean"].includes(typeof value);
    return { kind: "scalar", line, value: isPlain ? (value as string) : String(value) };
  }

  /** Own keys win over those that `<<` merges in. */
  #entriesOf(map: YAMLMap): Map<string, SpecEntry> {
    const own = new Map<string, SpecEntry>();
    const merged = new Map<string, SpecEntry>();
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      const node = this.read(pair.value as Node | null);
      if (key === "<<") for (const [name, entry] of mergedEntries(node)) merged.set(name, entry);
      else own.set(key, { line: this.#lineOf(pair.key as Node), node });
    }
    return new Map([...merged, ...own]);
  }

  #lineOf(node: Node | null): number {
    return node?.range ? this.#lines.linePos(node.range[0]).line : 1;
  }
}

function mergedEntries(node: SpecNode): Iterable<[string, SpecEntry]> {
  if (node.kind === "map") return node.entries;
  return node.kind === "list" ? node.items.toReversed().flatMap((item) => [...mergedEntries(item)]) : [];
}

/** The line of the key at a path, or of the nearest key above it that is there. */
export function lineOfKey(tree: SpecNode, path: readonly string[]): number {
  const [key, ...rest] = path;
  const entry = tree.kind === "map" && key !== undefined ? tree.entries.get(key) : undefined;
  if (!entry) return tree.line;
  return rest.length > 0 && entry.node.kind === "map" ? lineOfKey(entry.node, rest) : entry.line;
}
