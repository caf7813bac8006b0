/** A CSV file: a label and 136 numbers (160 or 208 for 80 or 104 points) a line, with the person and the picture when there are columns for them. */

import { basename, dirname, extname } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { personOf } from "../../dataset/dataset.ts";
import { numberOf } from "../../labels/annotations.ts";
import { nameToken } from "../../labels/label-name.ts";
import { type CsvColumns, columnsOfHeader, columnsWithoutHeader, isHeader } from "./csv-columns.ts";
import type { ImportedFace, ImportSource } from "./imported-face.ts";

const SEPARATORS = [",", ";", "\t"];
/** Digits of a line number in a frame name, so that files sort as the lines do. */
const LINE_DIGITS = 7;

export async function* importCsv({ path, inputs, tell, expect }: ImportSource): AsyncGenerator<ImportedFace> {
  const file = basename(path);
  const text = await inputs.readText(file);
  if (text === undefined) throw missing(path);
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const start = lines.findIndex((line) => line.trim() !== "");
  if (start < 0) throw unreadable(path, "no line");
  const separator = mostFrequentSeparator(lines[start]!);
  const first = splitLine(lines[start]!, separator) ?? [];
  const columns = isHeader(first) ? columnsOfHeader(first) : columnsWithoutHeader(first);
  if (typeof columns === "string") throw unreadable(path, columns);

  expect(lines.length - start);
  for (let index = start + (isHeader(first) ? 1 : 0); index < lines.length; index++) {
    if (lines[index]!.trim() === "") continue;
    const line = index + 1;
    const skip = (where: string, expected: string, received: string) =>
      tell({ file, line, where, expected, received, effect: "skipped" });
    const cells = splitLine(lines[index]!, separator);
    if (cells?.length !== first.length) {
      skip("", `${first.length} cells`, cells ? `${cells.length}` : "a quotation mark without its partner");
      continue;
    }
    const face = readRow(cells, columns, line);
    if (typeof face === "string")
      skip("", `a label, a person and ${columns.coordinates.length} numbers`, face);
    else yield face;
  }
}

/** A face, or what is wrong with the row. */
function readRow(cells: readonly string[], columns: CsvColumns, line: number): ImportedFace | string {
  const values = columns.coordinates.map((column) => numberOf(cells[column]));
  const wrong = values.indexOf(undefined);
  if (wrong >= 0) {
    const column = columns.coordinates[wrong]!;
    return `"${cells[column]!.slice(0, 40)}" in column ${column + 1}`;
  }
  const expression = cells[columns.label]!.trim();
  if (expression === "") return `an empty label in column ${columns.label + 1}`;
  const number = String(line).padStart(LINE_DIGITS, "0");
  const person = columns.person === undefined ? `line${number}` : cells[columns.person]!.trim();
  if (person === "") return `an empty person in column ${columns.person! + 1}`;
  const image = columns.image === undefined ? "" : cells[columns.image]!.trim();
  return {
    person,
    frame: frameOf(image, nameToken(person), number),
    expression,
    image,
    landmarks: Float32Array.from(values as number[]),
  };
}

/** The picture's name when it starts with the person, so that its further parts stay; else person and line. */
function frameOf(image: string, person: string, line: string): string {
  const stem = basename(image.replaceAll("\\", "/"), extname(image));
  return personOf(stem) === person && stem !== person
    ? stem.split("_").map(nameToken).join("_")
    : `${person}_${line}`;
}

/** Cells of a line, quoted ones unwrapped, or nothing when a quotation mark stays open. */
export function splitLine(line: string, separator: string): string[] | undefined {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (isQuoted && character === '"' && line[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  cells.push(cell.trim());
  return isQuoted ? undefined : cells;
}

/** The separator that splits a line into the most cells: comma, semicolon or tab. */
export function mostFrequentSeparator(line: string): string {
  const count = (separator: string) => line.split(separator).length;
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0]!;
}

function missing(path: string): EmotionNetError {
  return new EmotionNetError("dataset-missing", {
    got: `no readable file ${path}`,
    wanted: "a CSV file of labelled landmarks",
    mend: `Name the file with --source, for example --source ${dirname(path)}/labels.csv.`,
  });
}

function unreadable(path: string, problem: string): EmotionNetError {
  return new EmotionNetError("dataset-damaged", {
    got: `${path}, in which there is ${problem}`,
    wanted: "a label, 136 coordinates and, if possible, the person in every line",
    mend: "Name the columns in the first line: label, person, x1, y1, … x68, y68.",
  });
}
