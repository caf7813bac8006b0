/** JSON text with line numbers: what a person needs who looks for one wrong value in a file. */

/** Why a text is no JSON. `line` counts from 1. */
export class JsonTextError extends Error {
  readonly line: number;
  readonly expected: string;
  readonly received: string;

  constructor(line: number, expected: string, received: string) {
    super(`line ${line}: expected ${expected}, received ${received}`);
    this.line = line;
    this.expected = expected;
    this.received = received;
  }
}

export interface JsonText {
  readonly value: unknown;
  /** The line (from 1) where the value of a path such as `[0].annotations[1].P5x` starts, or that of its nearest ancestor. */
  lineOf(path: string): number;
}

/**
 * Parses JSON; a byte-order mark is allowed. The line of a value is looked up only when asked for.
 * @throws JsonTextError with the line of the first error.
 */
export function parseJsonText(source: string): JsonText {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    scan(text);
    throw new JsonTextError(1, "JSON", error instanceof Error ? error.message : "something else");
  }
  let offsets: Map<string, number> | undefined;
  return {
    value,
    lineOf(path) {
      offsets ??= scan(text);
      for (let at = path; at !== ""; at = at.replace(/(\[\d+\]|\.?[^.[\]]+)$/, "")) {
        const offset = offsets.get(at);
        if (offset !== undefined) return lineAt(text, offset);
      }
      return 1;
    },
  };
}

/** The path of a member: `[0]` + `class` → `[0].class`. */
export function memberPath(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** Numbers, words and strings of RFC 8259, sticky so that they match at one place only. */
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SPACE = /[ \t\r\n]*/y;
/** Deeper than any label or config; keeps a hostile file from exhausting the stack. */
const DEEPEST = 500;
const ODD_TOKEN = /[^\s,:[\]{}]{1,20}|./y;

/** Offsets of all values by path. @throws JsonTextError at the first place that is no JSON. */
function scan(text: string): Map<string, number> {
  const offsets = new Map<string, number>();
  let at = 0;
  let depth = 0;

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }
  function fail(expected: string): never {
    const line = lineAt(text, at);
    const received = at >= text.length ? "the end of the file" : `\`${match(ODD_TOKEN) ?? ""}\``;
    throw new JsonTextError(line, expected, received);
  }
  function take(mark: string): boolean {
    match(SPACE);
    if (text[at] !== mark) return false;
    at++;
    match(SPACE);
    return true;
  }
  function readItems(close: string, readItem: (index: number) => void): void {
    if (take(close)) return;
    for (let index = 0; ; index++) {
      readItem(index);
      if (take(close)) return;
      if (!take(",")) fail(`\`,\` or \`${close}\``);
    }
  }
  function readMember(path: string): void {
    const key = match(STRING);
    if (key === undefined) fail("a name in double quotes");
    if (!take(":")) fail("`:`");
    readValue(memberPath(path, JSON.parse(key) as string));
  }
  function readValue(path: string): void {
    match(SPACE);
    offsets.set(path, at);
    if (++depth > DEEPEST) fail(`at most ${DEEPEST} levels`);
    if (take("{")) readItems("}", () => readMember(path));
    else if (take("[")) readItems("]", (index) => readValue(memberPath(path, index)));
    else if (match(STRING) === undefined && match(SCALAR) === undefined) fail("a value");
    match(SPACE);
    depth--;
  }

  readValue("");
  if (at < text.length) fail("the end of the file");
  return offsets;
}
