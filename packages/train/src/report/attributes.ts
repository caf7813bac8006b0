/** Attributes of faces or persons from a CSV file: a column that says who, and one more for every attribute. */

import { readFile } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";
import { mostFrequentSeparator, splitLine } from "../convert/import/csv.ts";
import { personOf } from "../dataset/dataset.ts";
import type { Attribute } from "./slices.ts";

/** Names of the column that holds frame names; the first column when no column says who. */
const FRAME_COLUMNS = ["frame", "name", "frame_name", "image", "file"];
/** Names of a column that holds persons, for files with a row for each of them. */
const PERSON_COLUMNS = ["person", "subject", "person_id", "subject_id"];

/** A column of more different numbers than this is shown in bands. */
const MOST_NUMBERS = 12;
/** Bands of about equally many faces. */
const BANDS = 4;
/** A column of more different words than this says who a face is rather than what it has. */
const MOST_WORDS = 50;

/**
 * Reads a CSV file with a header. Every column but the one that says who becomes an attribute; faces that no row names have none.
 * @param names frame names of the samples @param log gets what a reader should know, one sentence a line
 * @throws EmotionNetError `file-not-found`; `usage` for a file that names no sample, says two things of one, or cannot be read
 */
export async function readAttributes(
  path: string,
  names: readonly string[],
  log: (line: string) => void = () => {},
): Promise<Attribute[]> {
  const [header = [], ...rows] = await readRows(path);
  const key = keyOf(header, rows, names);
  const keys = names.map(key.of);
  const byKey = rowsByKey(path, rows, key.column);
  const known = keys.filter((one) => byKey.has(one)).length;
  if (header.length < 2 || known === 0) {
    const example = JSON.stringify(keys[0] ?? "001_01_01_051_00");
    throw new EmotionNetError("usage", {
      got: `${path} with ${header.length} ${header.length === 1 ? "column" : "columns"}, in which no row names a ${key.what} of the data set`,
      wanted: `a header with a column of ${key.what}s such as ${example}, and columns of attributes`,
      mend: "Call the column of frame names frame, or that of persons person, and write them as they are in the records.",
    });
  }
  if (known < names.length) log(`${path} says something of ${known} of ${names.length} faces`);
  const wanted = new Set(keys);
  const others = [...byKey.keys()].filter((one) => !wanted.has(one)).length;
  if (others > 0) log(`${path} has ${others} rows of no ${key.what} in the data set`);
  return header.flatMap((name, column) => {
    if (column === key.column) return [];
    return attributeOf(
      name,
      keys.map((one) => byKey.get(one)?.[column] || undefined),
      log,
    );
  });
}

async function readRows(path: string): Promise<string[][]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new EmotionNetError(
      "file-not-found",
      { got: `no readable file at ${path}`, wanted: "a CSV file of attributes", mend: "Check the path." },
      { cause },
    );
  }
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "");
  const separator = mostFrequentSeparator(lines[0]?.line ?? "");
  return lines.map(({ line, number }) => {
    const cells = splitLine(line, separator);
    if (cells) return cells.map((cell) => cell.trim());
    throw new EmotionNetError("usage", {
      got: `line ${number} of ${path}, in which a quotation mark has no partner`,
      wanted: "a CSV file of attributes",
      mend: 'Write a quotation mark inside a quoted cell twice (""), and each row on one line.',
    });
  });
}

interface Key {
  readonly column: number;
  readonly what: "frame" | "person";
  /** What the column says of a sample. */
  readonly of: (name: string) => string;
}

/** Frame names before persons, unless only the persons are those of the data set. */
function keyOf(header: readonly string[], rows: readonly string[][], names: readonly string[]): Key {
  const columnOf = (known: readonly string[]) =>
    header.findIndex((name) => known.includes(name.toLowerCase()));
  const frame: Key = { column: columnOf(FRAME_COLUMNS), what: "frame", of: (name) => name };
  const person: Key = { column: columnOf(PERSON_COLUMNS), what: "person", of: personOf };
  const named = [frame, person].filter(({ column }) => column >= 0);
  const isOfData = ({ column, of }: Key) => {
    const wanted = new Set(names.map(of));
    return rows.some((row) => wanted.has(row[column] ?? ""));
  };
  return named.find(isOfData) ?? named[0] ?? { ...frame, column: 0 };
}

function rowsByKey(path: string, rows: readonly string[][], column: number): Map<string, string[]> {
  const byKey = new Map<string, string[]>();
  for (const row of rows) {
    const who = row[column] ?? "";
    const earlier = byKey.get(who);
    if (earlier && earlier.join("\0") !== row.join("\0")) {
      throw new EmotionNetError("usage", {
        got: `${path} with two different rows of ${JSON.stringify(who)}`,
        wanted: "one row for each",
        mend: "Leave one of them out.",
      });
    }
    byKey.set(who, row);
  }
  return byKey;
}

/** Numbers in bands when there are many; nothing for a column that tells no parts apart. */
function attributeOf(
  name: string,
  values: readonly (string | undefined)[],
  log: (line: string) => void,
): Attribute[] {
  const different = [...new Set(values.filter((value) => value !== undefined))];
  if (different.length < 2) {
    log(`The column ${name} has ${different.length === 0 ? "no value" : "one value"} and is left out`);
    return [];
  }
  if (different.length <= MOST_NUMBERS) return [{ name, values }];
  if (different.every((value) => Number.isFinite(Number(value)))) return [inBands(name, values)];
  if (different.length <= MOST_WORDS) return [{ name, values }];
  log(
    `The column ${name} has ${different.length} different values, more than ${MOST_WORDS}, and is left out`,
  );
  return [];
}

/** Numbers as bands of about equally many faces, each named by the least and the largest number in it. */
function inBands(name: string, values: readonly (string | undefined)[]): Attribute {
  const numbers = values.map((value) => (value === undefined ? Number.NaN : Number(value)));
  const sorted = Float64Array.from(numbers.filter((number) => !Number.isNaN(number))).sort();
  const starts = Array.from(
    { length: BANDS },
    (_, band) => sorted[Math.floor((band * sorted.length) / BANDS)]!,
  );
  // A number that fills a whole band has one of its own, and the next band begins behind it.
  const behind = starts.flatMap((start, band) =>
    start === starts[band + 1] ? [sorted.find((number) => number > start) ?? start] : [],
  );
  const edges = [...new Set([...starts, ...behind])].sort((one, other) => one - other);
  const order = edges.map((edge, band) => {
    const next = edges[band + 1];
    const last = sorted.findLast((number) => next === undefined || number < next)!;
    return last === edge ? `${edge}` : `${edge} to ${last}`;
  });
  return {
    name,
    order,
    values: numbers.map((number) => order[edges.findLastIndex((edge) => number >= edge)]),
  };
}
