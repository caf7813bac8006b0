/** What every importer gives: labelled faces, one after the other. */

import type { LabelProblem } from "../../labels/label-problem.ts";
import type { InputFiles } from "./input-files.ts";

export interface ImportedFace {
  /** Who it is, in the words of the data. */
  readonly person: string;
  /** Frame name; its first `_` token stands for the person. */
  readonly frame: string;
  /** Expression as the data calls it. */
  readonly expression: string;
  /** Path of the picture; it need not exist. */
  readonly image: string;
  /** x, y of at least 68 points in pixels, y down. */
  readonly landmarks: Float32Array;
  /** Values to count apart, for example `{ camera: "05_1" }`. */
  readonly slices?: Readonly<Record<string, string>>;
}

export interface ImportSource {
  /** Folder or file of the data. */
  readonly path: string;
  readonly inputs: InputFiles;
  readonly tell: (problem: LabelProblem) => void;
  /** To be called before the first face with the number of faces to come, as far as it is known. */
  readonly expect: (faces: number) => void;
}

/** Reads a data set face by face; what cannot be used goes to `tell`. */
export type Importer = (source: ImportSource) => AsyncIterable<ImportedFace>;
