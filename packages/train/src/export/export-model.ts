/** A model file to the ONNX bytes that are deployed. */

import { EmotionNetError, type Model, readModel } from "@emotionnet/core";
import { readDataset } from "../dataset/dataset-file.ts";
import { spreadIndices } from "../dataset/spread-indices.ts";
import { generateFaces } from "../generator/generate-faces.ts";
import { readModelFile } from "../key/read-model-file.ts";
import { type CalibrateOptions, type CalibrationRanges, calibrate } from "./calibrate.ts";
import { classifierGraph, type DataType } from "./classifier-graph.ts";
import { readDeployedModel } from "./model-from-onnx.ts";
import { assertOpset, DEFAULT_OPSET } from "./opset.ts";

/** Which faces int8 is calibrated with. */
export interface CalibrationData {
  /** TFRecords like those of training; simulated faces when left out. */
  readonly path?: string;
  /** Faces taken, spread evenly over the file; all of them when left out. */
  readonly faces?: number;
  /** Faces in a run. */
  readonly batchSize?: number;
}

export interface ExportOptions {
  /** `fp32` when left out. */
  readonly dataType?: DataType;
  readonly opset?: number;
  readonly calibration?: CalibrationData;
  /** Gets one line on the calibration. */
  readonly log?: (line: string) => void;
  readonly onProgress?: CalibrateOptions["onProgress"];
  readonly signal?: AbortSignal;
}

/**
 * The model of a file to export: `.safetensors` and `.tlt`, or `.onnx` and `.etlt` that this project exported.
 * @throws EmotionNetError like `readModelFile`, `readModel` and `readDeployedModel`.
 */
export async function readModelToExport(path: string, key: string | undefined): Promise<Model> {
  const { format, bytes } = await readModelFile(path, key);
  return format === "onnx" ? readDeployedModel(bytes) : readModel(bytes);
}

/**
 * Model → ONNX bytes, calibrated first for int8.
 * @throws EmotionNetError like `classifierGraph`, `calibrate` and, for calibration data, `readDataset`.
 */
export async function exportModel(model: Model, options: ExportOptions = {}): Promise<Uint8Array> {
  const { dataType = "fp32", opset = DEFAULT_OPSET } = options;
  assertOpset(opset, dataType);
  if (dataType !== "int8") return classifierGraph(model, { dataType, opset });
  return classifierGraph(model, { dataType, opset, ranges: await calibratedRanges(model, options) });
}

async function calibratedRanges(model: Model, options: ExportOptions): Promise<CalibrationRanges> {
  const { calibration = {}, log, onProgress, signal } = options;
  const { path, faces, batchSize } = calibration;
  const { spec, scheme } = model.metadata;
  const all = path ? (await readDataset(path, spec.classes, scheme)).landmarks : simulatedFaces(model);
  const landmarks = faces === undefined ? all : spreadOver(all, faces, spec.inputs);
  const count = landmarks.length / spec.inputs;
  log?.(
    `Calibrating with ${count} faces of ${path ?? "the generator (simulated; name others with --cal_data_file)"}.`,
  );
  return calibrate(model, {
    landmarks,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** Free and studio pictures, so that activations of profiles are seen too. */
function simulatedFaces({ metadata }: Model): Float32Array {
  if (metadata.scheme !== "ibug-68") {
    throw new EmotionNetError("usage", {
      got: `int8 for a model of the scheme ${metadata.scheme}, and no faces to calibrate it with`,
      wanted: "faces of that many points: simulated ones have 68",
      mend: "Add --cal_data_file with the train.tfrecords of the training.",
    });
  }
  const sets = (["wild", "multipie"] as const).map((protocol) =>
    generateFaces({ persons: 40, samplesPerPerson: 45, seed: 20_210_708, protocol }),
  );
  const landmarks = new Float32Array(sets.reduce((sum, set) => sum + set.landmarks.length, 0));
  sets.reduce((offset, set) => {
    landmarks.set(set.landmarks, offset);
    return offset + set.landmarks.length;
  }, 0);
  return landmarks;
}

/** @param values numbers in one face */
function spreadOver(landmarks: Float32Array, wanted: number, values: number): Float32Array {
  const count = landmarks.length / values;
  if (wanted >= count) return landmarks;
  const chosen = new Float32Array(wanted * values);
  for (const [index, face] of spreadIndices(count, wanted).entries()) {
    const start = face * values;
    chosen.set(landmarks.subarray(start, start + values), index * values);
  }
  return chosen;
}
