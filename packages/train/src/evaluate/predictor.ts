/** Whatever file a model is kept in, one way to ask it: landmarks in, probabilities out. */

import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  EmotionNet,
  EmotionNetError,
  landmarkValues,
  type Model,
  type ModelScheme,
  modelSchemeOf,
  readModel,
  SCHEMES,
} from "@emotionnet/core";
import { createSession, type GraphSession, type OnnxModel, readOnnx } from "@emotionnet/onnx";
import { readModelFile } from "../key/read-model-file.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";

export interface Predictor {
  /** What the model calls itself; the file's name where it does not. */
  readonly name: string;
  /** In the order of the outputs; nothing when the file does not say. */
  readonly classes: readonly string[] | undefined;
  /** Number of outputs. */
  readonly classCount: number;
  /** Of the points it takes. */
  readonly scheme: ModelScheme;
  /** What runs it. */
  readonly engine: string;
  /** The model itself, when it is in its trainable form. */
  readonly model?: Model;
  /** SHA-256 by name of what the model was made from, as far as its file says. */
  readonly hashes: Readonly<Record<string, string>>;
  /**
   * Probabilities (count × classes).
   * @param landmarks (count × numbers of a face in `scheme`), any unit, y down
   * @param onProgress between parts of many faces, with the number of those done; what it throws ends the work
   * @throws EmotionNetError `landmarks-not-finite`, `landmarks-degenerate`, `onnx-graph`.
   */
  predict(landmarks: Float32Array, count: number, onProgress?: (done: number) => void): Promise<Float32Array>;
  /** Frees the engine's memory. */
  release(): Promise<void>;
}

/**
 * Opens a model file for predictions: a trainable one runs on core's classifier, an ONNX file as it is on ONNX Runtime.
 * @throws EmotionNetError like `readModelFile` and `readModel`; `onnx-graph` for a graph of other inputs and outputs.
 */
export async function openPredictor(path: string, key: string | undefined): Promise<Predictor> {
  const { format, bytes } = await readModelFile(path, key);
  return format === "onnx" ? onnxPredictor(bytes, path) : modelPredictor(readModel(bytes));
}

/** A model in memory, on the classifier that users run. */
export async function modelPredictor(model: Model): Promise<Predictor> {
  const net = await EmotionNet.load(model);
  return {
    name: net.metadata.name,
    classes: net.classes,
    classCount: net.classes.length,
    scheme: net.metadata.scheme,
    engine: `core (${net.kernelName})`,
    hashes: net.metadata.hashes,
    model: net.model,
    predict: (landmarks, count, onProgress) => classifyInParts(net, landmarks, count, onProgress),
    release: async () => {},
  };
}

/** Faces between two looks at what else there is to do, such as Ctrl-C. */
const FACES_PER_PART = 8192;

async function classifyInParts(
  net: EmotionNet,
  landmarks: Float32Array,
  count: number,
  onProgress: ((done: number) => void) | undefined,
): Promise<Float32Array> {
  const values = landmarkValues(net.metadata.scheme);
  const width = net.classes.length;
  const probabilities = new Float32Array(count * width);
  for (let start = 0; start < count; start += FACES_PER_PART) {
    const end = Math.min(start + FACES_PER_PART, count);
    const part = landmarks.subarray(start * values, end * values);
    net.classifyBatch(part, end - start, probabilities.subarray(start * width, end * width));
    await setImmediate();
    onProgress?.(end);
  }
  return probabilities;
}

/**
 * The classes of a model that must be those of a spec; a file that does not name its own gets the spec's.
 * @throws EmotionNetError `model-classes`.
 */
export function agreedClasses(predictor: Predictor, specClasses: readonly string[]): readonly string[] {
  const { classes, classCount } = predictor;
  const isAgreed = classes ? classes.join() === specClasses.join() : classCount === specClasses.length;
  if (isAgreed) return specClasses;
  throw new EmotionNetError("model-classes", {
    got: `a model of ${classes ? classes.join(", ") : `${classCount} classes without names`} and data of ${specClasses.join(", ")}`,
    wanted: "the same classes in the same order",
    mend: "Use the spec file that the model was trained with.",
  });
}

/**
 * The points that a model takes of the faces of a spec's data: all that the spec names, or the first 68 of them.
 * @throws EmotionNetError `spec-invalid` for a model of more points than the data have.
 */
export function agreedScheme({ scheme, name }: Predictor, spec: TrainingSpec): ModelScheme {
  const { num_keypoints: given } = spec.dataloader;
  const wanted = SCHEMES[scheme];
  if (given >= wanted) return scheme;
  throw new EmotionNetError("spec-invalid", {
    got: `num_keypoints ${given} of the spec for the model ${name} of ${wanted} points`,
    wanted: `data of ${wanted} points`,
    mend: `Use the spec that the model was trained with (num_keypoints: ${wanted}), or a model of ${given} points.`,
  });
}

/** Faces a run, where the graph leaves it open. */
const FACES_PER_RUN = 1024;

async function onnxPredictor(bytes: Uint8Array, path: string): Promise<Predictor> {
  const graph = readOnnx(bytes);
  const doors = doorsOf(graph, path);
  const session = await createSession(bytes);
  return {
    name: graph.metadata.name ?? basename(path),
    classes: classesOf(graph),
    classCount: doors.classCount,
    scheme: doors.scheme,
    engine: session.engine,
    hashes: hashesOf(graph),
    predict: (landmarks, count, onProgress) => runGraph(session, doors, landmarks, count, onProgress),
    release: () => session.release(),
  };
}

interface Doors {
  readonly input: string;
  /** Dimensions of the input after the batch. */
  readonly faceShape: readonly number[];
  /** Faces a run; fixed when the graph says so. */
  readonly batch: number;
  readonly isBatchFixed: boolean;
  readonly output: string;
  readonly scheme: ModelScheme;
  readonly classCount: number;
}

/** The one input that takes the points of a face, and the output of one row a face. */
function doorsOf({ inputs, outputs, initialisers }: OnnxModel, path: string): Doors {
  const stored = new Set(initialisers.map(({ name }) => name));
  const [input, ...others] = inputs.filter(({ name }) => !stored.has(name));
  const output = outputs[0];
  const [batch, ...rest] = input?.dims ?? [];
  const faceShape = rest.filter((size) => typeof size === "number");
  const classCount = output?.dims.at(-1);
  const scheme = modelSchemeOf(faceShape.reduce((product, size) => product * size, 1) / 2);
  const isFitting =
    others.length === 0 &&
    input?.type === "float32" &&
    output?.type === "float32" &&
    faceShape.length === rest.length &&
    scheme !== undefined &&
    typeof classCount === "number" &&
    output.dims.length === 2;
  if (!isFitting) {
    const shown = [...inputs.filter(({ name }) => !stored.has(name)), ...outputs]
      .map(({ name, type, dims }) => `${name} ${type}[${dims.join(", ")}]`)
      .join(", ");
    throw new EmotionNetError("onnx-graph", {
      got: `${path} with ${shown || "no inputs and outputs"}`,
      wanted: "one float32 input of N x 1 x 136 x 1 and a float32 output of N x classes",
      mend: "Give a file that export wrote, or another classifier of 68, 80 or 104 landmarks.",
    });
  }
  const isBatchFixed = typeof batch === "number" && batch > 0;
  return {
    input: input.name,
    faceShape,
    batch: isBatchFixed ? batch : FACES_PER_RUN,
    isBatchFixed,
    output: output.name,
    scheme,
    classCount,
  };
}

/** As export writes them; graphs of other tools have none. */
function classesOf({ metadata }: OnnxModel): readonly string[] | undefined {
  try {
    const { classes } = JSON.parse(metadata.spec ?? "") as { classes?: unknown };
    const isList = Array.isArray(classes) && classes.every((name) => typeof name === "string");
    return isList ? classes : undefined;
  } catch {
    return undefined;
  }
}

function hashesOf({ metadata }: OnnxModel): Readonly<Record<string, string>> {
  try {
    const hashes: unknown = JSON.parse(metadata.hashes ?? "{}");
    const isRecord = typeof hashes === "object" && hashes !== null;
    return isRecord ? (hashes as Record<string, string>) : {};
  } catch {
    return {};
  }
}

async function runGraph(
  session: GraphSession,
  { input, faceShape, batch, isBatchFixed, output, scheme, classCount }: Doors,
  landmarks: Float32Array,
  count: number,
  onProgress: ((done: number) => void) | undefined,
): Promise<Float32Array> {
  const values = landmarkValues(scheme);
  const probabilities = new Float32Array(count * classCount);
  for (let start = 0; start < count; start += batch) {
    const end = Math.min(start + batch, count);
    const rows = isBatchFixed ? batch : end - start;
    const data = new Float32Array(rows * values);
    // A batch of fixed size is filled up with faces that are there already.
    for (let row = 0; row < rows; row++) {
      const face = Math.min(start + row, end - 1) * values;
      data.set(landmarks.subarray(face, face + values), row * values);
    }
    const outputs = await session.run({
      [input]: session.tensor("float32", [rows, ...faceShape], data),
    });
    const answers = outputs[output]!.data as Float32Array;
    probabilities.set(answers.subarray(0, (end - start) * classCount), start * classCount);
    onProgress?.(end);
  }
  assertProbabilities(probabilities, classCount);
  return probabilities;
}

/** Exported in low precision, a row may miss 1 by a little. */
const ROW_TOLERANCE = 0.02;

function assertProbabilities(rows: Float32Array, classCount: number): void {
  for (let start = 0; start < rows.length; start += classCount) {
    const row = rows.subarray(start, start + classCount);
    const sum = row.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) <= ROW_TOLERANCE && row.every((value) => value >= 0)) continue;
    throw new EmotionNetError("onnx-graph", {
      got: `the answer [${Array.from(row, (value) => value.toPrecision(4)).join(", ")}] for face ${start / classCount + 1}`,
      wanted: "probabilities that sum to 1",
      mend: "Export the model with its softmax; if only some faces fail, their points coincide: leave them out.",
    });
  }
}
