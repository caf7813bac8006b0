/** The files of a results folder, named as the original names them: models, validation log, metrics, TensorBoard events. */

import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNetError, type Model, writeModel } from "@emotionnet/core";
import { makeFolder, writeWhole } from "@emotionnet/files";
import { removeCheckpoints } from "./checkpoint.ts";
import { EventFile } from "./event-file.ts";
import { modelExtension, writeModelBytes } from "./model-bytes.ts";

/** One line of `metrics.jsonl`. Losses are mean cross entropies; validation values are missing in epochs without validation. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Steps taken since the start of the run. */
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
  /** Share of the epoch's time in which the step stood waiting for faces, 0..1. */
  readonly waitingShare: number;
  readonly validationLoss?: number;
  /** 0..1 */
  readonly validationAccuracy?: number;
  /** Unweighted mean over the classes, 0..1. */
  readonly validationMacroF1?: number;
}

/** Intermediate models kept beside the best one: TensorFlow's own number of checkpoints. */
const KEPT_STEP_MODELS = 5;

const STEP_MODEL = /^model\.step-(\d+)\.(safetensors|tlt)$/;
/** What a killed run may leave: a file is written to its name with a number behind it first. */
const WRITTEN_ASIDE =
  /^(model(\.step-\d+)?|checkpoint|metrics|validation|experiment_spec)\.(safetensors|tlt|jsonl|log|yaml)\.\d+$/;

export interface RunFilesOptions {
  /**
   * Of the run that goes on: lines of later epochs are left out, as they are run again. Without it the run is fresh, and
   * an older run's checkpoint and intermediate models go, so that this one is never continued from them.
   */
  readonly epochsDone: number | undefined;
  /** Models are sealed with it. */
  readonly key: string | undefined;
  /** Copied to `experiment_spec.yaml`. */
  readonly specText: Uint8Array | undefined;
}

export class RunFiles {
  readonly modelPath: string;
  readonly #folder: string;
  readonly #key: string | undefined;
  readonly #records: EpochRecord[];
  readonly #events: EventFile;

  private constructor(folder: string, key: string | undefined, records: EpochRecord[], events: EventFile) {
    this.#folder = folder;
    this.#key = key;
    this.modelPath = join(folder, `model${modelExtension(key)}`);
    this.#records = records;
    this.#events = events;
  }

  /** Opens a results folder, made when missing. @throws EmotionNetError `file-unwritable`. */
  static async open(folder: string, options: RunFilesOptions): Promise<RunFiles> {
    const { epochsDone, key, specText } = options;
    const records = epochsDone ? await readRecords(folder, epochsDone) : [];
    return writing(folder, async () => {
      await makeFolder(folder);
      const isFresh = epochsDone === undefined;
      if (isFresh) await removeCheckpoints(folder);
      for (const name of await readdir(folder)) {
        if (WRITTEN_ASIDE.test(name) || (isFresh && STEP_MODEL.test(name))) await rm(join(folder, name));
      }
      if (specText) await writeWhole(join(folder, "experiment_spec.yaml"), Buffer.from(specText));
      const events = await EventFile.create(join(folder, "events"));
      const files = new RunFiles(folder, key, records, events);
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
    await writing(metricsPathIn(this.#folder), async () => {
      await this.#writeRecords();
      const { step, epoch: _, ...scalars } = record;
      await this.#events.scalars(step, scalars as Record<string, number>);
    });
  }

  /** Writes `model.step-<N>` and keeps the latest few and the best so far. */
  async saveStepModel(step: number, model: Model): Promise<void> {
    const path = join(this.#folder, `model.step-${step}${modelExtension(this.#key)}`);
    await writing(path, async () => {
      await writeModelBytes(path, writeModel(model), this.#key);
      const stored = (await readdir(this.#folder)).flatMap((name) => {
        const number = STEP_MODEL.exec(name)?.[1];
        return number === undefined ? [] : [{ name, step: Number(number) }];
      });
      const best = bestOf(this.#records)?.step;
      const late = stored.sort((a, b) => b.step - a.step).slice(KEPT_STEP_MODELS);
      for (const old of late) if (old.step !== best) await rm(join(this.#folder, old.name), { force: true });
    });
  }

  async saveModel(model: Model): Promise<void> {
    await writing(this.modelPath, () => writeModelBytes(this.modelPath, writeModel(model), this.#key));
  }

  async close(): Promise<void> {
    await this.#events.close();
  }

  async #writeRecords(): Promise<void> {
    const lines = this.#records.map((record) => `${JSON.stringify(record)}\n`);
    await writeWhole(metricsPathIn(this.#folder), lines.join(""));
    await writeWhole(join(this.#folder, "validation.log"), validationLog(this.#records));
  }
}

/** The record of the lowest validation loss, the first of equals. */
function bestOf(records: readonly EpochRecord[]): EpochRecord | undefined {
  return validated(records).reduce<EpochRecord | undefined>(
    (best, record) => (best && best.validationLoss! <= record.validationLoss! ? best : record),
    undefined,
  );
}

function validated(records: readonly EpochRecord[]): readonly EpochRecord[] {
  return records.filter(({ validationLoss }) => validationLoss !== undefined);
}

/** The original's first line, `best_model@global_step <N> : <cost>`, then one line a validation. Empty before the first. */
function validationLog(records: readonly EpochRecord[]): string {
  const best = bestOf(records);
  if (!best) return "";
  const lines = validated(records).map(
    ({ step, validationLoss }) => `validation@global_step ${step} : ${validationLoss}\n`,
  );
  return `best_model@global_step ${best.step} : ${best.validationLoss}\n${lines.join("")}`;
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
