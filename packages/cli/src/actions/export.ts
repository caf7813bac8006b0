/** `emotionnet export`: a trained model to an ONNX file and to folders for servers. */

import { basename, dirname, extname } from "node:path";
import { EmotionNetError, type Model } from "@emotionnet/core";
import {
  assertKey,
  type BatchSizes,
  type CalibrationData,
  deepstreamFiles,
  exportModel,
  keyFrom,
  readModelToExport,
  SEALED_EXTENSIONS,
  seal,
  tritonFiles,
  writeFolder,
} from "@emotionnet/train";
import { EXPORT_FLAGS_WITHOUT_EFFECT, type ExportFlags } from "../commands/export.ts";
import { EXIT, type Session } from "../session.ts";

/** Faces in a calibration batch when only the number of batches is given. */
const CALIBRATION_BATCH = 64;
/** The largest batch of the original's sample configs; a quarter of it is a fair aim. */
const DEFAULT_BATCH: BatchSizes = { largest: 32, preferred: 8 };

export async function runExport(session: Session, flags: ExportFlags): Promise<number> {
  const key = keyFrom(flags, process.env);
  assertOutput(flags, key);
  const batch = batchSizes(flags);
  for (const note of notesOn(flags)) session.notice(`note: ${note}`);
  const model = await readModelToExport(flags.model, key);
  const onnx = await exportModel(model, {
    dataType: flags.data_type,
    ...(flags.opset === undefined ? {} : { opset: flags.opset }),
    calibration: calibrationData(flags),
    log: session.notice,
    onProgress: session.progress.show,
    signal: session.signal,
  });
  session.progress.clear();
  const paths = [
    ...(await writeFile(flags.out_file, onnx, key)),
    ...(await writeFolders(flags, model, onnx, batch)),
  ];
  await session.print(`${paths.join("\n")}\n`);
  return EXIT.ok;
}

function isSealedName(path: string): boolean {
  return extname(path).toLowerCase() === SEALED_EXTENSIONS.deployable;
}

/** The extension says whether the file is sealed; both are checked before anything is read. */
function assertOutput({ out_file: path, triton, deepstream }: ExportFlags, key: string | undefined): void {
  if (path === undefined) {
    if (triton !== undefined || deepstream !== undefined) return;
    throw new EmotionNetError("usage", {
      got: "no place to write to",
      wanted: "-o FILE, --triton FOLDER or --deepstream FOLDER",
      mend: "Add one of them.",
    });
  }
  if (isSealedName(path)) {
    assertKey(key, `seal ${path} with`);
    return;
  }
  if (extname(path).toLowerCase() === ".onnx") return;
  throw new EmotionNetError("usage", {
    got: `the file name ${JSON.stringify(path)} for an exported model`,
    wanted: ".onnx for a plain file, or .etlt for one that is sealed with the key",
    mend: "Give the file one of these endings.",
  });
}

function notesOn(flags: ExportFlags): string[] {
  const notes = EXPORT_FLAGS_WITHOUT_EFFECT.filter(({ name }) => flags[name] !== undefined).map(
    ({ name, why }) => `--${name} has no effect: ${why}.`,
  );
  if (flags.key !== undefined && flags.out_file !== undefined && !isSealedName(flags.out_file)) {
    notes.push(`${flags.out_file} is written plain; call it .etlt to seal it with the key.`);
  }
  const calibrating = ["cal_data_file", "batches", "batch_size"].filter((name) => flags[name] !== undefined);
  if (flags.data_type !== "int8" && calibrating.length > 0) {
    notes.push(`--${calibrating.join(", --")}: only int8 is calibrated; this export is ${flags.data_type}.`);
  }
  const sizes = ["max_batch_size", "opt_batch_size"].filter((name) => flags[name] !== undefined);
  if (flags.triton === undefined && flags.deepstream === undefined && sizes.length > 0) {
    notes.push(
      `--${sizes.join(", --")}: the ONNX file takes any batch; sizes go into --triton and --deepstream.`,
    );
  }
  return notes;
}

function calibrationData({ cal_data_file, batches, batch_size }: ExportFlags): CalibrationData {
  return {
    ...(cal_data_file === undefined ? {} : { path: cal_data_file }),
    ...(batches === undefined ? {} : { faces: batches * (batch_size ?? CALIBRATION_BATCH) }),
    ...(batch_size === undefined ? {} : { batchSize: batch_size }),
  };
}

function batchSizes({ max_batch_size, opt_batch_size }: ExportFlags): BatchSizes {
  const largest = max_batch_size ?? Math.max(DEFAULT_BATCH.largest, opt_batch_size ?? 0);
  const preferred = opt_batch_size ?? Math.min(DEFAULT_BATCH.preferred, largest);
  if (preferred <= largest) return { largest, preferred };
  throw new EmotionNetError("usage", {
    got: `--opt_batch_size ${preferred} above --max_batch_size ${largest}`,
    wanted: "a size that is no larger than the largest",
    mend: "Lower the one or raise the other.",
  });
}

async function writeFile(
  path: string | undefined,
  onnx: Uint8Array,
  key: string | undefined,
): Promise<string[]> {
  if (path === undefined) return [];
  const content = isSealedName(path) && key !== undefined ? await seal(onnx, key) : onnx;
  await writeFolder(dirname(path), [{ path: basename(path), content }]);
  return [path];
}

async function writeFolders(
  { triton, deepstream, data_type }: ExportFlags,
  { metadata }: Model,
  onnx: Uint8Array,
  batch: BatchSizes,
): Promise<string[]> {
  const { spec } = metadata;
  return [
    ...(triton === undefined ? [] : await writeFolder(triton, tritonFiles(onnx, spec, batch))),
    ...(deepstream === undefined
      ? []
      : await writeFolder(deepstream, deepstreamFiles(onnx, spec, data_type, batch))),
  ];
}
