/** `inference`: label JSON of the original in, `result.txt` out. */

import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { EmotionNetError, landmarkValues } from "@emotionnet/core";
import { makeFolder, writeWhole } from "@emotionnet/files";
import { describeProblem, type LabelProblem } from "../labels/label-problem.ts";
import { type LabelledFace, type ReadLabels, readLabels } from "../labels/read-labels.ts";
import { readTrainingSpec } from "../spec/read-spec.ts";
import { agreedClasses, agreedScheme, type Predictor } from "./predictor.ts";

export interface InferOptions {
  readonly predictor: Predictor;
  /** Gives classes and number of points. */
  readonly specPath: string;
  /** A label file, or a folder whose label files are all read, in the order of their names. */
  readonly input: string;
  /** Gets `result.txt`; made when missing. */
  readonly outputFolder: string;
  /** Put before picture paths that are relative. */
  readonly imageRoot?: string | undefined;
  /** Gets one line a problem. */
  readonly log?: (line: string) => void;
  readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
  readonly signal?: AbortSignal;
}

/** The answer for one face; the most likely class, even when it is not very likely. */
export interface InferredFace {
  /** Path of the picture; that of the label file where it names none. */
  readonly image: string;
  readonly expression: string;
  /** 0..1 */
  readonly confidence: number;
  /** By class. */
  readonly probabilities: Readonly<Record<string, number>>;
}

export interface Inference {
  readonly faces: readonly InferredFace[];
  /** What was wrong with label files; their other faces have answers. */
  readonly problems: readonly LabelProblem[];
  readonly resultPath: string;
}

/**
 * Answers every face of label files and writes `<output>/result.txt`: a line a face, `<image path> <expression> ` with the
 * original's space at the end.
 * @throws EmotionNetError `file-not-found`, `dataset-empty` (no usable face: nothing is written), `file-unwritable`, `interrupted`, and
 * like `readTrainingSpec`, `agreedClasses`, `agreedScheme` and `Predictor.predict`.
 */
export async function inferLabels(options: InferOptions): Promise<Inference> {
  const { predictor, specPath, input, outputFolder, imageRoot, log = () => {} } = options;
  const spec = await readTrainingSpec(specPath);
  const classes = agreedClasses(predictor, spec.class_list);
  const values = landmarkValues(agreedScheme(predictor, spec));
  const images: { readonly path: string; readonly face: LabelledFace }[] = [];
  const problems: LabelProblem[] = [];
  const files = await labelFilesIn(input);
  for (const [index, file] of files.entries()) {
    options.signal?.throwIfAborted();
    const read = await readFaces(file, values / 2);
    for (const problem of read.problems) {
      problems.push(problem);
      log(describeProblem(problem));
    }
    for (const face of read.faces) images.push({ path: imagePath(face.image || file, imageRoot), face });
    options.onProgress?.({ done: index + 1, total: files.length, label: "Reading labels" });
  }
  if (images.length === 0) {
    throw new EmotionNetError("dataset-empty", {
      got: `no usable face in ${input}`,
      wanted: `label JSON with a face box and ${values / 2} points`,
      mend: "Mend what was told above; docs/reference/tao-compatibility.md shows the form.",
    });
  }
  const landmarks = new Float32Array(images.length * values);
  for (const [index, { face }] of images.entries()) {
    landmarks.set(face.landmarks, index * values);
  }
  const answers = await predictor.predict(landmarks, images.length);
  const faces = images.map(({ path }, index) =>
    inferredFace(path, classes, answers.subarray(index * classes.length, (index + 1) * classes.length)),
  );
  const resultPath = await writeResult(outputFolder, faces);
  return { faces, problems, resultPath };
}

function inferredFace(image: string, classes: readonly string[], row: Float32Array): InferredFace {
  const confidence = Math.max(...row);
  return {
    image,
    expression: classes[row.indexOf(confidence)]!,
    confidence,
    probabilities: Object.fromEntries(classes.map((name, id) => [name, row[id]!])),
  };
}

async function labelFilesIn(input: string): Promise<string[]> {
  const kind = await stat(input).catch(() => undefined);
  if (kind?.isFile()) return [input];
  if (kind?.isDirectory()) {
    const names = (await readdir(input)).filter((name) => /\.json$/i.test(name)).sort();
    if (names.length > 0) return names.map((name) => join(input, name));
  }
  throw new EmotionNetError("file-not-found", {
    got: kind ? `no .json file in ${input}` : `no file at ${input}`,
    wanted: "a label JSON file, or a folder of them",
    mend: "Check the path given with -i.",
  });
}

async function readFaces(file: string, points: number): Promise<ReadLabels> {
  try {
    return readLabels(await readFile(file, "utf8"), file, points);
  } catch (error) {
    const received = String((error as NodeJS.ErrnoException).code ?? error);
    const problem = { file, where: "", expected: "a readable file", received, effect: "skipped" } as const;
    return { faces: [], problems: [problem] };
  }
}

function imagePath(image: string, root: string | undefined): string {
  return root && !isAbsolute(image) ? join(root, image) : image;
}

async function writeResult(folder: string, faces: readonly InferredFace[]): Promise<string> {
  const path = join(folder, "result.txt");
  try {
    await makeFolder(folder);
    await writeWhole(path, faces.map(({ image, expression }) => `${image} ${expression} \n`).join(""));
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `${path}, which cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        wanted: "a folder for result.txt",
        mend: "Choose a folder that you may write to.",
      },
      { cause },
    );
  }
  return path;
}
