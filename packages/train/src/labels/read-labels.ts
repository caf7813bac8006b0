/** Label JSON of the original's data factory → labelled faces, with everything that was wrong told. */

import { type Box, LANDMARK_COUNT } from "@emotionnet/core";
import { type Annotation, type Fields, isProblem, readBox, readPoints } from "./annotations.ts";
import { JsonTextError, memberPath, parseJsonText } from "./json-text.ts";
import { type LabelProblem, showValue } from "./label-problem.ts";
import { FEWEST_KNOWN_POINTS, fillMissingPoints } from "./missing-points.ts";

/** One face of a label file. */
export interface LabelledFace {
  /** Path of the picture as the file gives it; empty when it gives none. */
  readonly image: string;
  /** Tight box in whole pixels. */
  readonly box: Box;
  /** x, y of `numKeypoints` points in pixels, y down; all are placed. */
  readonly landmarks: Float32Array;
  /** 1 where a point was hidden or missing, so that its place is a guess. */
  readonly occluded: Uint8Array;
  /** The image object as it stands in the file. */
  readonly source: Fields;
}

export interface ReadLabels {
  readonly faces: readonly LabelledFace[];
  readonly problems: readonly LabelProblem[];
}

/**
 * Reads the text of a label file: a list of image objects or a single one. A face without a usable box or points is left
 * out and told; nothing is thrown. Annotations of other classes are ignored.
 * @param file name for the problems. @param numKeypoints points to read, at least 68.
 */
export function readLabels(text: string, file: string, numKeypoints: number = LANDMARK_COUNT): ReadLabels {
  const problems: LabelProblem[] = [];
  try {
    const { value, lineOf } = parseJsonText(text);
    const tell: Tell = (problem) => problems.push({ file, line: lineOf(problem.where), ...problem });
    const images: [unknown, string][] = Array.isArray(value)
      ? value.map((image, index) => [image, memberPath("", index)])
      : [[value, ""]];
    if (images.length === 0) {
      tell({
        where: "",
        expected: "at least one image object",
        received: "an empty list",
        effect: "skipped",
      });
    }
    const faces = images.map(([image, path]) => readFace(image, path, numKeypoints, tell));
    return { faces: faces.filter((face) => face !== undefined), problems };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const { line, expected, received } = error;
    return { faces: [], problems: [{ file, line, where: "", expected, received, effect: "skipped" }] };
  }
}

type Tell = (problem: Omit<LabelProblem, "file" | "line">) => void;

function readFace(image: unknown, path: string, count: number, tell: Tell): LabelledFace | undefined {
  const skip = (problem: { where: string; expected: string; received: string }) => {
    tell({ ...problem, effect: "skipped" });
    return undefined;
  };
  if (!isFields(image)) return skip({ where: path, expected: "an image object", received: showValue(image) });
  if (image.class !== undefined && String(image.class).toLowerCase() !== "image") {
    return skip({
      where: memberPath(path, "class"),
      expected: `the class "image"`,
      received: showValue(image.class),
    });
  }
  const annotationsPath = memberPath(path, "annotations");
  if (!Array.isArray(image.annotations)) {
    return skip({
      where: annotationsPath,
      expected: "a list of annotations",
      received: showValue(image.annotations),
    });
  }
  const annotations = knownAnnotations(image.annotations, annotationsPath);
  const box = readBox(annotations, annotationsPath);
  if (isProblem(box)) return skip(box);
  const points = readPoints(annotations, annotationsPath, count);
  if (isProblem(points)) return skip(points);

  const { landmarks, known, occluded } = points;
  const knownCount = known.subarray(0, LANDMARK_COUNT).reduce((sum, flag) => sum + flag, 0);
  const missing = {
    where: annotations.findLast(({ kind }) => kind === "fiducialpoints")!.path,
    expected: `${LANDMARK_COUNT} points`,
    received: `${knownCount}`,
  };
  if (knownCount < FEWEST_KNOWN_POINTS) return skip(missing);
  const further = known.subarray(LANDMARK_COUNT).indexOf(0);
  if (further >= 0) {
    const first = LANDMARK_COUNT + further + 1;
    return skip({
      ...missing,
      expected: `${count} points`,
      received: `no P${first}, for which the mean face has no place`,
    });
  }
  if (knownCount < LANDMARK_COUNT) {
    fillMissingPoints(landmarks, known);
    tell({ ...missing, received: `${knownCount}; the others were placed by the mean face`, effect: "kept" });
  }
  known.forEach((flag, point) => {
    if (!flag) occluded[point] = 1;
  });
  if (!hasSize(landmarks)) {
    return skip({ ...missing, expected: "68 distinct points", received: "points that coincide" });
  }
  return {
    image: typeof image.filename === "string" ? image.filename : "",
    box,
    landmarks,
    occluded,
    source: image,
  };
}

/** Annotations that are objects with a class; the others cannot say what they are and are ignored, as the original does. */
function knownAnnotations(list: readonly unknown[], path: string): Annotation[] {
  return list.flatMap((fields, index) =>
    isFields(fields) && fields.class !== undefined
      ? [{ fields, path: memberPath(path, index), kind: String(fields.class).toLowerCase() }]
      : [],
  );
}

function hasSize(landmarks: Float32Array): boolean {
  return landmarks.subarray(2, 2 * LANDMARK_COUNT).some((value, index) => value !== landmarks[index % 2]);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
