/** A model made ready to be timed: which engine, in which numbers. */

import { EmotionNet, EmotionNetError, LANDMARK_VALUES, type Model } from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import { calibrate } from "../export/calibrate.ts";
import {
  CLASSIFIER_INPUT,
  CLASSIFIER_OUTPUT,
  type ClassifierGraphOptions,
  classifierGraph,
} from "../export/classifier-graph.ts";
import type { TimedCall } from "./timing.ts";

/** What each engine can compute in; the first is its default. */
export const BENCHMARK_PRECISIONS = {
  kernel: ["fp32", "int16"],
  onnx: ["fp32", "fp16", "int8"],
} as const;

export type BenchmarkEngine = keyof typeof BENCHMARK_PRECISIONS;
export type BenchmarkPrecision = (typeof BENCHMARK_PRECISIONS)[BenchmarkEngine][number];

export interface CandidateOptions {
  readonly model: Model;
  readonly engine: BenchmarkEngine;
  readonly precision: BenchmarkPrecision;
  /** Threads of ONNX Runtime, or workers of the kernel's pool; the kernel on one thread needs no worker. */
  readonly threads: number;
  /** (count × 136) faces that int8 is calibrated on. */
  readonly calibration: Float32Array;
}

export interface Candidate {
  /** What runs it, by name. */
  readonly engine: string;
  /** A call that classifies the next `batch` of the faces, (count × 136), going round. */
  caller(faces: Float32Array, batch: number): TimedCall;
  /** Probabilities (count × classes). */
  predict(faces: Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/** @throws EmotionNetError `usage` for numbers that the engine does not have, or a number of threads that is none. */
export async function createCandidate(options: CandidateOptions): Promise<Candidate> {
  const { model, engine, precision, threads } = options;
  const known: readonly string[] = BENCHMARK_PRECISIONS[engine];
  if (!known.includes(precision)) {
    throw new EmotionNetError("usage", {
      got: `precision ${precision} with the engine ${engine}`,
      wanted: known.join(" or "),
      mend: "fp16 and int8 belong to the engine onnx, int16 to the engine kernel.",
    });
  }
  if (engine === "onnx") return onnxCandidate(options);
  const net = await EmotionNet.load(model, { precision: precision === "int16" ? "int16" : "f32" });
  return threads === 1 ? kernelCandidate(net) : poolCandidate(net, threads);
}

function kernelCandidate(net: EmotionNet): Candidate {
  return {
    engine: `core kernel (${net.kernelName}, ${net.precision})`,
    caller(faces, batch) {
      const inputs = batchesOf(faces, batch);
      const target = new Float32Array(batch * net.classes.length);
      let turn = 0;
      return () => {
        net.classifyBatch(inputs[turn]!, batch, target);
        turn = turn + 1 < inputs.length ? turn + 1 : 0;
        return undefined;
      };
    },
    predict: async (faces) => net.classifyBatch(faces, faces.length / LANDMARK_VALUES),
    release: async () => {},
  };
}

async function poolCandidate(net: EmotionNet, threads: number): Promise<Candidate> {
  const pool = await net.pool({ threads });
  return {
    engine: `core kernel (${net.kernelName}, ${net.precision}, ${threads} threads)`,
    caller(faces, batch) {
      const inputs = batchesOf(faces, batch);
      let turn = 0;
      return () => pool.classifyBatch(inputs[turn++ % inputs.length]!, batch);
    },
    predict: (faces) => pool.classifyBatch(faces, faces.length / LANDMARK_VALUES),
    release: async () => pool.close(),
  };
}

async function onnxCandidate(options: CandidateOptions): Promise<Candidate> {
  const { model, precision, threads } = options;
  const session = await createSession(classifierGraph(model, await graphOptions(options)), { threads });
  const tensorOf = (faces: Float32Array) =>
    session.tensor("float32", [faces.length / LANDMARK_VALUES, 1, LANDMARK_VALUES, 1], faces);
  return {
    engine: `${session.engine} (${precision}, ${threads} ${threads === 1 ? "thread" : "threads"})`,
    caller(faces, batch) {
      const feeds = batchesOf(faces, batch).map((input) => ({ [CLASSIFIER_INPUT]: tensorOf(input) }));
      const width = model.metadata.spec.classes.length;
      const target = session.tensor("float32", [batch, width], new Float32Array(batch * width));
      let turn = 0;
      return () => session.run(feeds[turn++ % feeds.length]!, { [CLASSIFIER_OUTPUT]: target });
    },
    async predict(faces) {
      const outputs = await session.run({ [CLASSIFIER_INPUT]: tensorOf(faces) });
      return outputs[CLASSIFIER_OUTPUT]!.data as Float32Array;
    },
    release: () => session.release(),
  };
}

async function graphOptions(options: CandidateOptions): Promise<ClassifierGraphOptions> {
  const { model, precision, calibration } = options;
  if (precision !== "int8") return { dataType: precision === "fp16" ? "fp16" : "fp32" };
  return { dataType: "int8", ranges: await calibrate(model, { landmarks: calibration }) };
}

/** Views of `batch` faces each; one batch at least, repeating the faces where there are too few. */
function batchesOf(faces: Float32Array, batch: number): Float32Array[] {
  const length = batch * LANDMARK_VALUES;
  if (length > faces.length) {
    return [Float32Array.from({ length }, (_, index) => faces[index % faces.length]!)];
  }
  return Array.from({ length: Math.floor(faces.length / length) }, (_, index) =>
    faces.subarray(index * length, (index + 1) * length),
  );
}
