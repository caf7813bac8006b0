/** All label files of one person → samples. */

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Box, SCHEMES } from "@emotionnet/core";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import type { Fields } from "../labels/annotations.ts";
import type { LabelName } from "../labels/label-name.ts";
import type { LabelProblem } from "../labels/label-problem.ts";
import { type LabelledFace, readLabels } from "../labels/read-labels.ts";
import type { DatasetConfig } from "./config.ts";

/** A label file whose expression is wanted. */
export interface LabelFile {
  /** File name inside the label folder. */
  readonly file: string;
  readonly name: LabelName;
}

export interface PersonSamples {
  readonly person: string;
  readonly dataset: Dataset;
  /** Tight boxes of the samples. */
  readonly boxes: readonly Box[];
  /** The image objects as they stood in the files, each with its expression. */
  readonly images: readonly Fields[];
  readonly problems: readonly LabelProblem[];
}

interface Row {
  readonly frame: string;
  readonly expression: string;
  readonly face: LabelledFace;
}

/** Files that are read at once. */
const READ_AT_ONCE = 32;

/** Reads the files of one person in the order given; what cannot be used is told in `problems`. */
export async function readPerson(
  folder: string,
  person: string,
  files: readonly LabelFile[],
  config: DatasetConfig,
): Promise<PersonSamples> {
  const rows: Row[] = [];
  const points = SCHEMES[config.scheme];
  const problems: LabelProblem[] = [];
  const fileOfFrame = new Map<string, string>();
  for (let start = 0; start < files.length; start += READ_AT_ONCE) {
    const block = files.slice(start, start + READ_AT_ONCE);
    const texts = await Promise.all(block.map(({ file }) => readText(join(folder, file))));
    block.forEach(({ file, name }, index) => {
      const text = texts[index]!;
      if (typeof text !== "string") {
        problems.push({
          file,
          where: "",
          expected: "a readable file",
          received: text.code,
          effect: "skipped",
        });
        return;
      }
      const read = readLabels(text, file, points);
      problems.push(...read.problems);
      for (const face of read.faces) {
        const frame = frameName(face.image, name, read.faces.length);
        const earlier = fileOfFrame.get(frame);
        if (earlier !== undefined && earlier !== file) {
          const received = `${frame} again, which ${earlier} has labelled`;
          problems.push({ file, where: "", expected: "a frame of its own", received, effect: "skipped" });
          continue;
        }
        fileOfFrame.set(frame, file);
        rows.push({ frame, expression: name.expression, face });
      }
    });
  }
  return { person, ...samplesOf(rows, config), problems };
}

async function readText(path: string): Promise<string | { code: string }> {
  return readFile(path, "utf8").catch((error) => ({ code: String(error.code ?? error) }));
}

/**
 * The frame's name in the record: that of the label file; in a file with several faces that of each picture, when it
 * starts with the same person.
 */
function frameName(image: string, name: LabelName, facesInFile: number): string {
  if (facesInFile === 1) return name.frame;
  const stem = basename(image.replaceAll("\\", "/")).replace(/\.\w+$/, "");
  return personOf(stem) === name.person ? stem : name.frame;
}

function samplesOf(rows: readonly Row[], config: DatasetConfig): Omit<PersonSamples, "person" | "problems"> {
  const points = SCHEMES[config.scheme];
  const landmarks = new Float32Array(rows.length * 2 * points);
  const occluded = new Uint8Array(rows.length * points);
  rows.forEach(({ face }, index) => {
    landmarks.set(face.landmarks, index * 2 * points);
    occluded.set(face.occluded, index * points);
  });
  return {
    dataset: {
      classes: config.classes,
      count: rows.length,
      scheme: config.scheme,
      landmarks,
      labels: Int32Array.from(rows, ({ expression }) => config.emotionMap.get(expression)!),
      occluded,
      names: rows.map(({ frame }) => frame),
    },
    boxes: rows.map(({ face }) => face.box),
    images: rows.map(({ face, expression }) => withExpression(face.source, expression)),
  };
}

/** Regrouped files lose their names and with them the expression: it is kept as an annotation that readers ignore. */
function withExpression(image: Fields, expression: string): Fields {
  const annotations = image.annotations as readonly unknown[];
  return { ...image, annotations: [...annotations, { class: "Expression", expression }] };
}
