/** The files of a results folder: one metrics line an epoch, TensorBoard events, the checkpoint's place. */

import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import writeFileAtomic from "write-file-atomic";
import { EventFile } from "./event-file.ts";

/** One line of `metrics.jsonl`. Losses are mean cross entropies; validation values are missing in epochs without validation. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Steps taken since the start of the run. */
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  readonly validationLoss?: number;
  /** 0..1 */
  readonly validationAccuracy?: number;
  /** Unweighted mean over the classes, 0..1. */
  readonly validationMacroF1?: number;
}

export class RunFiles {
  readonly checkpointPath: string;
  readonly modelPath: string;
  readonly #metricsPath: string;
  readonly #records: EpochRecord[];
  readonly #events: EventFile;

  private constructor(folder: string, records: EpochRecord[], events: EventFile) {
    this.checkpointPath = checkpointPathIn(folder);
    this.modelPath = join(folder, "model.safetensors");
    this.#metricsPath = metricsPathIn(folder);
    this.#records = records;
    this.#events = events;
  }

  /**
   * Opens a results folder, made when missing.
   * @param epochsDone of the run that goes on: lines of later epochs are left out, as they are run again. Without it the run
   * is fresh, and an older run's checkpoint goes, so that this one is never continued from it.
   * @throws EmotionNetError `file-unwritable`.
   */
  static async open(folder: string, epochsDone: number | undefined): Promise<RunFiles> {
    const records = epochsDone ? await readRecords(folder, epochsDone) : [];
    return writing(folder, async () => {
      await mkdir(folder, { recursive: true });
      if (epochsDone === undefined) await rm(checkpointPathIn(folder), { force: true });
      const files = new RunFiles(folder, records, await EventFile.create(join(folder, "events")));
      await files.#writeRecords();
      return files;
    });
  }

  get records(): readonly EpochRecord[] {
    return this.#records;
  }

  /** Adds the line of an epoch and its scalars. */
  async add(record: EpochRecord): Promise<void> {
    this.#records.push(record);
    await writing(this.#metricsPath, async () => {
      await this.#writeRecords();
      const { step, epoch: _, ...scalars } = record;
      await this.#events.scalars(step, scalars as Record<string, number>);
    });
  }

  async close(): Promise<void> {
    await this.#events.close();
  }

  async #writeRecords(): Promise<void> {
    const lines = this.#records.map((record) => `${JSON.stringify(record)}\n`);
    await writeFileAtomic(this.#metricsPath, lines.join(""));
  }
}

/** Runs a write; any failure becomes the error `file-unwritable`. */
export async function writing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `${path}, which cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        wanted: "a results folder with room",
        mend: "Choose a folder that you may write to.",
      },
      { cause },
    );
  }
}

/** The checkpoint of the run in a results folder. */
export function checkpointPathIn(folder: string): string {
  return join(folder, "checkpoint.safetensors");
}

function metricsPathIn(folder: string): string {
  return join(folder, "metrics.jsonl");
}

/** The lines up to an epoch; a missing file has none, a half line at the end (of a killed run) is left out. */
async function readRecords(folder: string, upTo: number): Promise<EpochRecord[]> {
  const text = await readFile(metricsPathIn(folder), "utf8").catch(() => "");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EpochRecord)
    .filter(({ epoch }) => epoch <= upTo);
}
