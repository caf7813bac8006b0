/** Where a training run stands, as one safetensors file: state, best weights so far, and the counters, written aside then renamed. */

import { readFile, stat } from "node:fs/promises";
import { EmotionNetError, readSafetensors, type Tensor, writeSafetensors } from "@emotionnet/core";
import writeFileAtomic from "write-file-atomic";
import type { StepState } from "../step/step-runner.ts";

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
  readonly counters: RunCounters;
  readonly state: StepState;
  /** Parameters of the best validation, empty before the first. */
  readonly best: StepState;
}

const BEST = "best.";

/**
 * Writes a checkpoint.
 * @param fingerprint what must be equal for the run to be continued
 */
export async function writeCheckpoint(
  path: string,
  checkpoint: Checkpoint,
  fingerprint: string,
): Promise<void> {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, data: Float32Array) =>
    tensors.set(name, { type: "F32", shape: [data.length], data });
  for (const [name, data] of checkpoint.state) add(name, data);
  for (const [name, data] of checkpoint.best) add(BEST + name, data);
  const counters = JSON.stringify({ ...checkpoint.counters, bestLoss: String(checkpoint.counters.bestLoss) });
  const bytes = writeSafetensors({
    tensors,
    metadata: { format: "emotionnet-checkpoint-1", fingerprint, counters },
  });
  await writeFileAtomic(path, Buffer.from(bytes.buffer));
}

/**
 * Reads a checkpoint; nothing when there is no file.
 * @throws EmotionNetError `checkpoint-invalid` when it is damaged or of a run with other data or another spec.
 */
export async function readCheckpoint(path: string, fingerprint: string): Promise<Checkpoint | undefined> {
  if (!(await stat(path).catch(() => undefined))) return undefined;
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
  try {
    file = readSafetensors(new Uint8Array(await readFile(path)));
    const parsed = JSON.parse(file.metadata.counters ?? "");
    counters = { ...parsed, bestLoss: Number(parsed.bestLoss) };
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
  return { counters, state, best };
}
