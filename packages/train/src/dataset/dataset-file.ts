/** Data sets as TFRecord files: read whole, written as a stream, and where they lie in the original's folders. */

import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EmotionNetError, type ModelScheme } from "@emotionnet/core";
import { makeFolder } from "@emotionnet/files";
import { type Dataset, faceAt, occludedAt } from "./dataset.ts";
import { DatasetBuilder } from "./dataset-builder.ts";
import { decodeSample, encodeSample, type Sample, UnusableSample } from "./sample.ts";
import { damaged, frameRecord, readRecords } from "./tfrecord.ts";

/** The three files of a set. */
export interface RecordPaths {
  readonly train: string;
  readonly validate: string;
  readonly test: string;
}

/** `DIR/<set>/Ground_Truth_DataFactory/TfRecords_combined/{train,validate,test}.tfrecords`, the original's layout. */
export function recordPaths(directory: string, setName: string): RecordPaths {
  const folder = join(directory, setName, "Ground_Truth_DataFactory", "TfRecords_combined");
  return {
    train: join(folder, "train.tfrecords"),
    validate: join(folder, "validate.tfrecords"),
    test: join(folder, "test.tfrecords"),
  };
}

/** Looking on while a file is read. */
export interface ReadWatch {
  /** @param done bytes read @param total bytes of the file */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const RECORDS_PER_LOOK = 1024;

/**
 * Reads a TFRecord file of labelled landmarks.
 * @param classes names of the class ids in the file.
 * @param scheme of the points to take; records of more points give their first ones.
 * @throws EmotionNetError `dataset-missing`, `dataset-damaged` (with
 * the record's number), `dataset-empty`, `file-unreadable`; the signal's reason when aborted.
 */
export async function readDataset(
  path: string,
  classes: readonly string[],
  scheme: ModelScheme = "ibug-68",
  { onProgress, signal }: ReadWatch = {},
): Promise<Dataset> {
  const size = await sizeOf(path);
  const builder = new DatasetBuilder(classes, scheme);
  let done = 0;
  for await (const record of readRecords(path)) {
    try {
      builder.add(decodeSample(record, classes.length, scheme));
    } catch (error) {
      if (error instanceof UnusableSample)
        throw damaged(path, builder.count + 1, error.message, error.remedy);
      throw error;
    }
    done += record.length;
    if (builder.count % RECORDS_PER_LOOK === 0) {
      signal?.throwIfAborted();
      onProgress?.(done, size);
    }
  }
  if (builder.count === 0) {
    throw new EmotionNetError("dataset-empty", {
      got: `no record in ${path}`,
      wanted: "at least one labelled face",
      mend: "Make the data set again with more persons or images.",
    });
  }
  return builder.finish();
}

/** Bytes of the file. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return found.size;
  throw new EmotionNetError("dataset-missing", {
    got: `no file at ${path}`,
    wanted: "a TFRecord file of labelled landmarks",
    mend: "Make one with `emotionnet synth`, or check the paths of the spec file.",
  });
}

/**
 * Writes a data set as a TFRecord file, folders included, aside first and then renamed, so that a file is whole or absent.
 * @throws EmotionNetError `file-unwritable`.
 */
export async function writeDataset(path: string, dataset: Dataset): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await makeFolder(dirname(path));
    const file = await open(partial, "w");
    try {
      for (const block of blocksOf(dataset)) await file.write(block);
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => {});
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `${path}, which cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        wanted: "a place to write the data set",
        mend: "Choose a folder that you may write to, with enough room.",
      },
      { cause },
    );
  }
}

const SAMPLES_PER_BLOCK = 1024;

/** The framed records of a data set, about a megabyte at a time. */
function* blocksOf(dataset: Dataset): Generator<Uint8Array> {
  for (let start = 0; start < dataset.count; start += SAMPLES_PER_BLOCK) {
    const end = Math.min(start + SAMPLES_PER_BLOCK, dataset.count);
    const records: Uint8Array[] = [];
    for (let index = start; index < end; index++)
      records.push(frameRecord(encodeSample(sampleAt(dataset, index))));
    yield Buffer.concat(records);
  }
}

/** One sample of a data set, as views into it. */
function sampleAt(dataset: Dataset, index: number): Sample {
  return {
    name: dataset.names[index]!,
    label: dataset.labels[index]!,
    landmarks: faceAt(dataset, index),
    occluded: occludedAt(dataset, index),
  };
}
