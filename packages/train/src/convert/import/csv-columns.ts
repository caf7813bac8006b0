/** Which column of a CSV file is what, told by its header. */

import { LANDMARK_VALUES, landmarkValues, MODEL_SCHEMES } from "@emotionnet/core";
import { numberOf } from "../../labels/annotations.ts";

export interface CsvColumns {
  readonly label: number;
  readonly person?: number;
  readonly image?: number;
  /** Columns of x1, y1, x2, y2, … */
  readonly coordinates: readonly number[];
}

/** Numbers in a face of each scheme, most first. */
const WIDTHS = MODEL_SCHEMES.map(landmarkValues).toReversed();

const NAMES = {
  label: ["label", "expression", "emotion", "class", "classname", "category"],
  person: ["person", "personid", "subject", "subjectid", "user", "userid", "participant", "identity", "id"],
  image: ["image", "imagename", "filename", "file", "frame", "path", "picture"],
} as const;

/** Whether a first row is a header: too few of its cells are numbers for it to be a face. */
export function isHeader(cells: readonly string[]): boolean {
  return cells.filter((cell) => numberOf(cell) !== undefined).length < LANDMARK_VALUES;
}

/**
 * Columns by header: coordinates are named in any way that holds an x or y and a number (`x1`, `p1_x`, `landmark_0_y`; all x
 * before all y as well), or are the only other columns, 136, 160 or 208 of them, x1, y1, x2, y2, …
 * @returns what is missing, as text, when the header cannot be understood
 */
export function columnsOfHeader(header: readonly string[]): CsvColumns | string {
  const plain = header.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const find = (names: readonly string[]) => plain.findIndex((name) => names.includes(name));
  const [label, person, image] = [find(NAMES.label), find(NAMES.person), find(NAMES.image)];
  if (label < 0) return `no column named ${NAMES.label.join(", ")}`;
  const others = header
    .map((_, column) => column)
    .filter((column) => ![label, person, image].includes(column));
  const coordinates =
    namedCoordinates(plain, others) ?? (WIDTHS.includes(others.length) ? others : undefined);
  if (!coordinates) return `${others.length} columns for coordinates that are not named x1, y1 to x68, y68`;
  return {
    label,
    coordinates,
    ...(person < 0 ? {} : { person }),
    ...(image < 0 ? {} : { image }),
  };
}

/** Columns without header: 136, 160 or 208 numbers and one more column, the label, first or last. */
export function columnsWithoutHeader(cells: readonly string[]): CsvColumns | string {
  const values = cells.length - 1;
  if (!WIDTHS.includes(values)) {
    return `${cells.length} columns without a header, where the label and ${LANDMARK_VALUES} numbers make ${LANDMARK_VALUES + 1}`;
  }
  const isLast = numberOf(cells.at(-1)) === undefined && numberOf(cells[0]) !== undefined;
  const label = isLast ? values : 0;
  return {
    label,
    coordinates: Array.from({ length: values }, (_, index) => index + (isLast ? 0 : 1)),
  };
}

/** Points are numbered from 0 or from 1; as many as the largest scheme that has all of its columns. */
function namedCoordinates(plain: readonly string[], others: readonly number[]): number[] | undefined {
  const places = new Map<string, number>();
  for (const column of others) {
    const name = plain[column]!;
    const parts = /([xy])(\d+)$/.exec(name)?.slice(1) ?? /(\d+)([xy])$/.exec(name)?.slice(1).reverse();
    if (parts) places.set(`${parts[0]}${Number(parts[1])}`, column);
  }
  const first = places.has("x0") ? 0 : 1;
  const width = WIDTHS.find((values) =>
    Array.from({ length: values / 2 }, (_, point) => point + first).every(
      (point) => places.has(`x${point}`) && places.has(`y${point}`),
    ),
  );
  if (width === undefined) return undefined;
  return Array.from(
    { length: width },
    (_, index) => places.get(`${index % 2 === 0 ? "x" : "y"}${(index >> 1) + first}`)!,
  );
}
