/** Attributes of faces from a CSV file: a column with frame names, and one more for every attribute. */

import { readFile } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";
import { mostFrequentSeparator, splitLine } from "../convert/import/csv.ts";
import type { Attribute } from "./slices.ts";

/** Names of the column that holds frame names; the first column when none is called so. */
const FRAME_COLUMNS = ["frame", "name", "frame_name", "image", "file"];

/**
 * Reads a CSV file with a header. Every column but the frame names becomes an attribute; faces that no row names have none.
 * @param names frame names of the samples @throws EmotionNetError `file-not-found`, `usage` for a file that names no sample
 */
export async function readAttributes(path: string, names: readonly string[]): Promise<Attribute[]> {
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
    .filter((line) => line.trim() !== "");
  const separator = mostFrequentSeparator(lines[0] ?? "");
  const rows = lines.map((line) => (splitLine(line, separator) ?? []).map((cell) => cell.trim()));
  const header = rows[0] ?? [];
  const keyColumn = Math.max(
    0,
    header.findIndex((name) => FRAME_COLUMNS.includes(name.toLowerCase())),
  );
  const byName = new Map(rows.slice(1).map((row) => [row[keyColumn], row]));
  const found = names.filter((name) => byName.has(name)).length;
  if (header.length < 2 || found === 0) {
    throw new EmotionNetError("usage", {
      got: `${path} with ${header.length} columns, of which ${found} rows name a face of the data set`,
      wanted: `a header with a column of frame names such as ${JSON.stringify(names[0] ?? "001_01_01_051_00")} and columns of attributes`,
      mend: "Name the column of frame names frame, and write the names as they are in the records.",
    });
  }
  return header
    .map((name, column) => ({
      name,
      values: names.map((frame) => byName.get(frame)?.[column] || undefined),
      column,
    }))
    .filter(({ column }) => column !== keyColumn)
    .map(({ name, values }) => ({ name, values }));
}
