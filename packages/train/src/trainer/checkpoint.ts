/** Where a training run stands, as one safetensors file: state, best weights so far, and the counters; sealed when there is a key. */

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNetError, readSafetensors, type Tensor, writeSafetensors } from "@emotionnet/core";
import { openModel } from "../key/seal.ts";
import type { StepState } from "../step/step-runner.ts";
import type { SpeedChoice } from "./choose-speed.ts";
import { writeModelBytes } from "./model-bytes.ts";

/** The numbers of a run. All randomness is drawn from (seed, epoch, step), so they are the random state too. */
export interface RunCounters {
  /** Whole epochs done. */
  readonly epoch: number;
  /** Steps done of the epoch after them. */
  readonly step: number;
  /** Sum of the losses of those steps. */
  readonly lossSum: number;
  /** Epochs done when the best weights were found; 0 for none yet. */
  readonly bestEpoch: number;
  readonly bestLoss: number;
}

export interface Checkpoint {
  /** Threads and batch size of the run; missing in checkpoints of older versions. */
  readonly speed: SpeedChoice | undefined;
  readonly counters: RunCounters;
  readonly state: StepState;
  /** Parameters of the best validation, empty before the first. */
  readonly best: StepState;
}

const BEST = "best.";

/** Places of a checkpoint in a results folder; there is one at a time. */
function placesIn(folder: string): { readonly plain: string; readonly sealed: string } {
  return { plain: join(folder, "checkpoint.safetensors"), sealed: join(folder, "checkpoint.tlt") };
}

/** The checkpoint's path: it holds the weights, so it is sealed when the model is. */
export function checkpointPathIn(folder: string, key: string | undefined): string {
  const { plain, sealed } = placesIn(folder);
  return key ? sealed : plain;
}

/** Removes the checkpoint of an older run. */
export async function removeCheckpoints(folder: string): Promise<void> {
  for (const path of Object.values(placesIn(folder))) await rm(path, { force: true });
}

/**
 * Writes the checkpoint of a results folder.
 * @param fingerprint what must be equal for the run to be continued
 */
export async function writeCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  fingerprint: string,
  key: string | undefined,
): Promise<void> {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, data: Float32Array) =>
    tensors.set(name, { type: "F32", shape: [data.length], data });
  for (const [name, data] of checkpoint.state) add(name, data);
  for (const [name, data] of checkpoint.best) add(BEST + name, data);
  const counters = JSON.stringify({ ...checkpoint.counters, bestLoss: String(checkpoint.counters.bestLoss) });
  const bytes = writeSafetensors({
    tensors,
    metadata: {
      format: "emotionnet-checkpoint-1",
      fingerprint,
      counters,
      ...(checkpoint.speed ? { speed: JSON.stringify(checkpoint.speed) } : {}),
    },
  });
  await writeModelBytes(checkpointPathIn(folder, key), bytes, key);
  // A run that goes on with a key leaves no copy of its weights in the open, and the other way round no stale one.
  const { plain, sealed } = placesIn(folder);
  await rm(key ? plain : sealed, { force: true });
}

/**
 * Reads the checkpoint of a results folder; nothing when there is none.
 * @throws EmotionNetError `checkpoint-invalid` when it is damaged or of a run with other data or another spec; `key-missing`,
 * `key-wrong` and `sealed-damaged` for a sealed one.
 */
export async function readCheckpoint(
  folder: string,
  fingerprint: string,
  key: string | undefined,
): Promise<Checkpoint | undefined> {
  const { plain, sealed } = placesIn(folder);
  let stored: { readonly path: string; readonly bytes: Uint8Array } | undefined;
  for (const path of key ? [sealed, plain] : [plain, sealed]) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes) stored ??= { path, bytes };
  }
  if (!stored) return undefined;
  const { path } = stored;
  const bytes = path === sealed ? await openModel(stored.bytes, key, path) : stored.bytes;
  const invalid = (got: string, cause?: unknown) =>
    new EmotionNetError(
      "checkpoint-invalid",
      {
        got,
        wanted: "a checkpoint of this very run",
        mend: "Train without resume to start again, or restore the spec and the data it was started with.",
      },
      { cause },
    );
  let file: ReturnType<typeof readSafetensors>;
  let counters: RunCounters;
  let speed: SpeedChoice | undefined;
  try {
    file = readSafetensors(new Uint8Array(bytes));
    const parsed = JSON.parse(file.metadata.counters ?? "");
    counters = { ...parsed, bestLoss: Number(parsed.bestLoss) };
    speed = file.metadata.speed === undefined ? undefined : JSON.parse(file.metadata.speed);
  } catch (cause) {
    throw invalid(`a damaged checkpoint at ${path}`, cause);
  }
  if (file.metadata.fingerprint !== fingerprint) {
    throw invalid(`a checkpoint at ${path} of a run with another spec, seed or data`);
  }
  const [state, best] = [new Map<string, Float32Array>(), new Map<string, Float32Array>()];
  for (const [name, { data }] of file.tensors) {
    if (name.startsWith(BEST)) best.set(name.slice(BEST.length), data as Float32Array);
    else state.set(name, data as Float32Array);
  }
  return { counters, speed, state, best };
}
