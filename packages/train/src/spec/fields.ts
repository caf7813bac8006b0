/** The kinds of value that a spec key may have, as data: how each is read, checked, and what stands where it is missing. */

import { EmotionNetError, nearestWord } from "@emotionnet/core";
import type { SpecNode } from "./yaml-tree.ts";

/** Where a value stands, for messages. */
export interface Place {
  readonly source: string;
  /** Dotted path of keys. */
  readonly path: string;
}

export interface Field<Value> {
  /** @throws EmotionNetError `spec-invalid` with line and key. */
  read(node: SpecNode, place: Place): Value;
  readonly otherwise: Value;
}

export type ValueOf<SomeField> = SomeField extends Field<infer Value> ? Value : never;

type Fields = Readonly<Record<string, Field<unknown>>>;

/** TAO writes `None` for "nothing", which YAML takes for text. */
function isNothing(node: SpecNode): boolean {
  return node.kind === "scalar" && (node.value === null || node.value === "None");
}

function invalid(node: SpecNode, place: Place, wanted: string, mend?: string): EmotionNetError {
  const value = node.kind === "scalar" ? JSON.stringify(node.value) : `a ${node.kind}`;
  return new EmotionNetError("spec-invalid", {
    got: `${value} for ${place.path} on line ${node.line} of ${place.source}`,
    wanted,
    mend: mend ?? "Change the line, or leave it out to get the default.",
  });
}

interface Range {
  readonly least?: number;
  readonly most?: number;
  /** The range excludes its upper end. */
  readonly below?: number;
}

/** A number, also in the text form that some YAML writers give it ("1e-08"). */
export function number(otherwise: number, range: Range = {}): Field<number> {
  return numeric("a number", Number.isFinite, otherwise, range);
}

export function integer(otherwise: number, range: Range = {}): Field<number> {
  return numeric("a whole number", Number.isSafeInteger, otherwise, range);
}

/** One of a few whole numbers, also in text form. */
export function oneOf(numbers: readonly number[], otherwise: number): Field<number> {
  return {
    otherwise,
    read(node, place) {
      const found = numbers.find((number) => node.kind === "scalar" && String(node.value) === String(number));
      if (found !== undefined) return found;
      throw invalid(node, place, `${numbers.slice(0, -1).join(", ")} or ${numbers.at(-1)}`);
    },
  };
}

function numeric(
  kind: string,
  isOfKind: (value: number) => boolean,
  otherwise: number,
  range: Range,
): Field<number> {
  const { least = -Infinity, most = Infinity, below = Infinity } = range;
  return {
    otherwise,
    read(node, place) {
      const isText = node.kind === "scalar" && typeof node.value !== "boolean";
      const text = isText ? String(node.value ?? "").trim() : "";
      const value = text === "" ? Number.NaN : Number(text);
      if (isOfKind(value) && value >= least && value <= most && value < below) return value;
      throw invalid(node, place, describeRange(kind, range));
    },
  };
}

function describeRange(kind: string, { least, most, below }: Range): string {
  const from = least === undefined ? "" : ` from ${least}`;
  const to = most !== undefined ? ` to ${most}` : below !== undefined ? ` to below ${below}` : "";
  return `${kind}${from}${to}`;
}

export function flag(otherwise: boolean): Field<boolean> {
  return {
    otherwise,
    read(node, place) {
      if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
      throw invalid(node, place, "True or False");
    },
  };
}

export function text(otherwise: string): Field<string> {
  return {
    otherwise,
    read(node, place) {
      if (node.kind === "scalar" && node.value !== null) return String(node.value);
      throw invalid(node, place, "text");
    },
  };
}

/** One of a few words; `instead` says what to do about a word that the original knows and this project does not. */
export function choice<const Choice extends string>(
  choices: readonly Choice[],
  otherwise: Choice,
  instead?: string,
): Field<Choice> {
  return {
    otherwise,
    read(node, place) {
      const found = choices.find((word) => node.kind === "scalar" && node.value === word);
      if (found !== undefined) return found;
      const given = node.kind === "scalar" ? String(node.value) : "";
      const nearest = nearestWord(given, choices);
      const mend = instead ?? (nearest ? `Did you mean "${nearest}"?` : undefined);
      throw invalid(node, place, choices.map((word) => `"${word}"`).join(" or "), mend);
    },
  };
}

/** A list; a single value stands for a list of one. */
export function list<Value>(item: Field<Value>, otherwise: readonly Value[]): Field<readonly Value[]> {
  return {
    otherwise,
    read(node, place) {
      const items = node.kind === "list" ? node.items : [node];
      return items.map((each, index) => item.read(each, { ...place, path: `${place.path}[${index}]` }));
    },
  };
}

/** A mapping from any names to values. */
export function dictionary<Value>(item: Field<Value>): Field<Readonly<Record<string, Value>>> {
  return {
    otherwise: {},
    read(node, place) {
      if (node.kind !== "map") throw invalid(node, place, "a mapping from names to values");
      return Object.fromEntries(
        [...node.entries].map(([name, entry]) => [
          name,
          item.read(entry.node, { ...place, path: `${place.path}.${name}` }),
        ]),
      );
    },
  };
}

/** A value or nothing (null or None); nothing when the key is missing. */
export function optional<Value>(field: Field<Value>): Field<Value | null> {
  return {
    otherwise: null,
    read: (node, place) => (isNothing(node) ? null : field.read(node, place)),
  };
}

/** A value, or one word that stands for leaving it to the program. */
export function orWord<const Word extends string, Value>(
  word: Word,
  field: Field<Value>,
): Field<Value | Word> {
  return {
    otherwise: field.otherwise,
    read: (node, place) => (node.kind === "scalar" && node.value === word ? word : field.read(node, place)),
  };
}

/** A key of the original that has no effect here: checked, so that a slip shows, and kept nowhere; may be null. */
export function ignored(field: Field<unknown>): Field<undefined> {
  return {
    otherwise: undefined,
    read(node, place) {
      if (!isNothing(node)) field.read(node, place);
      return undefined;
    },
  };
}

/** A block of keys; `className` is the only `__class_name__` it may carry. Unknown keys are errors. */
export function block<const Keys extends Fields>(
  fields: Keys,
  className?: string,
): Field<{ readonly [Key in keyof Keys]: ValueOf<Keys[Key]> }> {
  const known = className ? ["__class_name__", ...Object.keys(fields)] : Object.keys(fields);
  type Block = { readonly [Key in keyof Keys]: ValueOf<Keys[Key]> };
  const otherwise = Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, field.otherwise]),
  ) as Block;
  return {
    otherwise,
    read(node, place) {
      if (isNothing(node)) return otherwise;
      if (node.kind !== "map") throw invalid(node, place, "a block of keys");
      for (const [key, { line }] of node.entries) {
        if (!known.includes(key)) throw unknownKey(key, line, known, place);
      }
      const name = node.entries.get("__class_name__")?.node;
      if (name && className) choice([className], className).read(name, inside(place, "__class_name__"));
      const values = Object.entries(fields).map(([key, field]) => {
        const entry = node.entries.get(key);
        return [key, entry ? field.read(entry.node, inside(place, key)) : field.otherwise];
      });
      return Object.fromEntries(values) as Block;
    },
  };
}

function inside(place: Place, key: string): Place {
  return { ...place, path: place.path ? `${place.path}.${key}` : key };
}

function unknownKey(key: string, line: number, known: readonly string[], place: Place): EmotionNetError {
  const nearest = nearestWord(key, known);
  return new EmotionNetError("spec-invalid", {
    got: `the unknown key "${inside(place, key).path}" on line ${line} of ${place.source}`,
    wanted: `one of ${known.join(", ")}`,
    mend: nearest ? `Did you mean "${nearest}"?` : "Remove the line.",
  });
}
