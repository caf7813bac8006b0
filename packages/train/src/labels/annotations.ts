/**
 * The two annotations that a face needs, `FaceBbox` and `FiducialPoints`, read by the rules of the original's shared reader.
 * Where this reader differs is told in docs/reference/tao-compatibility.md.
 */

import type { Box } from "@emotionnet/core";
import { memberPath } from "./json-text.ts";
import { showValue } from "./label-problem.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A problem inside a file, before the file's name and line are known. */
export interface FieldProblem {
  readonly where: string;
  readonly expected: string;
  readonly received: string;
}

/** An annotation with its place in the file and its class in lower case. */
export interface Annotation {
  readonly fields: Fields;
  readonly path: string;
  readonly kind: string;
}

const TIGHT = ["face_tight_bboxx", "face_tight_bboxy", "face_tight_bboxwidth", "face_tight_bboxheight"];
const RECT = ["x", "y", "width", "height"];

/**
 * The tight face box: of the last complete `FaceBbox`, else the smallest legacy `rect`. Values are cut to whole numbers and
 * negative corners moved to 0; a box needs a positive size.
 */
export function readBox(annotations: readonly Annotation[], path: string): Box | FieldProblem {
  const boxes = annotations.filter(({ kind }) => kind === "facebbox");
  const rects = annotations.filter(({ kind }) => kind === "rect");
  if (boxes.length === 0 && rects.length === 0) {
    return { where: path, expected: "a FaceBbox annotation", received: kindsOf(annotations) };
  }
  if (boxes.length > 0) {
    const complete = boxes.findLast(({ fields }) => TIGHT.every((key) => fields[key] !== undefined));
    return boxFrom(complete ?? boxes[0]!, TIGHT);
  }
  const read = rects.map((rect) => boxFrom(rect, RECT));
  const usable = read
    .flatMap((box) => (isProblem(box) ? [] : [box]))
    .sort((a, b) => a.width * a.height - b.width * b.height);
  return usable[0] ?? read[0]!;
}

function boxFrom(annotation: Annotation, keys: readonly string[]): Box | FieldProblem {
  const values: number[] = [];
  for (const key of keys) {
    const value = numberOf(annotation.fields[key]);
    const where = memberPath(annotation.path, key);
    if (value === undefined) {
      return { where, expected: "a number", received: showValue(annotation.fields[key]) };
    }
    const whole = Math.max(0, Math.trunc(value));
    if (values.length >= 2 && whole === 0) {
      return { where, expected: "a size of at least 1 pixel", received: showValue(annotation.fields[key]) };
    }
    values.push(whole);
  }
  return { x: values[0]!, y: values[1]!, width: values[2]!, height: values[3]! };
}

export interface ReadPoints {
  /** x, y of `count` points; −1 where a file has none. */
  readonly landmarks: Float32Array;
  /** 1 where both coordinates of a point were given. */
  readonly known: Uint8Array;
  /** 1 where a point was marked as hidden. */
  readonly occluded: Uint8Array;
}

const UNKNOWN = -1;

/**
 * The points P1 to P`count` of the last `FiducialPoints`; higher numbers are ignored. A point at (−1, −1) or (0, 0) is
 * one that was never placed: the original's two marks for a missing point.
 */
export function readPoints(
  annotations: readonly Annotation[],
  path: string,
  count: number,
): ReadPoints | FieldProblem {
  const annotation = annotations.findLast(({ kind }) => kind === "fiducialpoints");
  if (!annotation) {
    return { where: path, expected: "a FiducialPoints annotation", received: kindsOf(annotations) };
  }
  const landmarks = new Float32Array(2 * count).fill(UNKNOWN);
  const given = new Uint8Array(2 * count);
  const occluded = new Uint8Array(count);
  for (const [key, value] of Object.entries(annotation.fields)) {
    const field = pointField(key);
    if (!field || field.number < 1 || field.number > count) continue;
    const point = field.number - 1;
    if (field.part === "occluded") {
      occluded[point] = isTrue(value) ? 1 : 0;
      continue;
    }
    const coordinate = numberOf(value);
    if (coordinate === undefined) {
      return {
        where: memberPath(annotation.path, key),
        expected: "a number",
        received: showValue(value),
      };
    }
    const at = 2 * point + (field.part === "x" ? 0 : 1);
    landmarks[at] = coordinate;
    given[at] = 1;
  }
  return { landmarks, known: knownPoints(landmarks, given), occluded };
}

function knownPoints(landmarks: Float32Array, given: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: given.length / 2 }, (_, point) => {
    const [x, y] = [landmarks[2 * point], landmarks[2 * point + 1]];
    const isPlaced = !(x === y && (x === 0 || x === UNKNOWN));
    return given[2 * point] && given[2 * point + 1] && isPlaced ? 1 : 0;
  });
}

/** The number is all digits of a key; `x`, `y`, `occ` may stand anywhere in it. */
function pointField(key: string): { number: number; part: "x" | "y" | "occluded" } | undefined {
  const lower = key.toLowerCase();
  if (lower.includes("class") || lower.includes("version")) return undefined;
  const digits = lower.replace(/\D/g, "");
  if (digits === "") return undefined;
  const number = Number(digits);
  if (lower.includes("occ")) return { number, part: "occluded" };
  if (lower.includes("x")) return { number, part: "x" };
  return lower.includes("y") ? { number, part: "y" } : undefined;
}

/** A finite number, or a text that holds one. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Truth as in Python, but the texts "0", "false", "no" and "none" are false. */
function isTrue(value: unknown): boolean {
  if (typeof value === "string")
    return !["", "0", "false", "no", "none"].includes(value.trim().toLowerCase());
  return Boolean(value);
}

export function isProblem(result: object): result is FieldProblem {
  return "expected" in result;
}

function kindsOf(annotations: readonly Annotation[]): string {
  return annotations.length === 0 ? "none" : `only ${annotations.map(({ kind }) => kind).join(", ")}`;
}
