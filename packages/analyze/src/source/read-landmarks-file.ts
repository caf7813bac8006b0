/** A `.json` file of landmarks → its point sets, each by itself: one bad set must not lose the others. */

import { EmotionNetError, type Points } from "@emotionnet/core";
import { readFileBytes } from "@emotionnet/media";

/**
 * Accepts one set of points or a list of sets; a set is a flat list of numbers (x1, y1, x2, …) or a list of pairs.
 * The number of points is not checked here, and `null` stands for a missing number. An entry that is no set is an error
 * (`landmarks-file`) in its place.
 * @throws EmotionNetError `landmarks-file` when the file is not such JSON; the file errors of `readFileBytes`.
 */
export async function readLandmarksFile(path: string): Promise<(Points | EmotionNetError)[]> {
  const text = new TextDecoder().decode(await readFileBytes(path));
  const data = parse(text, path);
  if (!Array.isArray(data) || data.length === 0) throw layoutError(path, describe(data));
  const sets = isFlat(data) || isPairs(data) ? [data] : data;
  return sets.map((set, index) => {
    if (isFlat(set)) return set.map(numberOrNaN);
    if (isPairs(set)) return set.map(([x, y]) => [numberOrNaN(x), numberOrNaN(y)] as const);
    return layoutError(path, `${describe(set)} as entry ${index} (counted from 0)`);
  });
}

type Value = number | null;

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw layoutError(path, `text that is not JSON (${(error as Error).message})`);
  }
}

function isValue(value: unknown): value is Value {
  return typeof value === "number" || value === null;
}

function isFlat(value: unknown): value is Value[] {
  return Array.isArray(value) && value.length > 0 && value.every(isValue);
}

function isPairs(value: unknown): value is [Value, Value][] {
  return Array.isArray(value) && value.length > 0 && value.every((pair) => isFlat(pair) && pair.length === 2);
}

function numberOrNaN(value: Value): number {
  return value ?? Number.NaN;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list of something else";
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function layoutError(path: string, found: string): EmotionNetError {
  return new EmotionNetError("landmarks-file", {
    got: `${JSON.stringify(path)} holding ${found}`,
    wanted: "136 numbers, 68 pairs, or a list of such, as JSON",
    mend: "Write one face as [x1, y1, x2, y2, …] or [[x1, y1], [x2, y2], …].",
  });
}
