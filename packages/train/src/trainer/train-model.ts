/** The training loop: labelled landmarks in, the best model out, every step reproducible from the seed. */

import { availableParallelism } from "node:os";
import type { Model } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import type { TrainingFaces } from "../feed/batch-maker.ts";
import { type DrawnTraining, spreadOfDrawn } from "../generator/drawn-faces.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { parametersFromLayers } from "../step/parameters.ts";
import { checkpointPathIn, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { chooseSpeed } from "./choose-speed.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { draftModel, finishModel } from "./finish-model.ts";
import { type EpochRecord, RunFiles, writing } from "./run-files.ts";
import { StepLog } from "./step-log.ts";
import { stepModel } from "./step-model.ts";
import { planTraining } from "./training-plan.ts";
import { TrainingRun, type TrainProgress } from "./training-run.ts";
import { type Validation, validate } from "./validate.ts";

export interface TrainOptions {
  /** In memory, or to be drawn while training. */
  readonly train: Dataset | DrawnTraining;
  readonly validation: Dataset;
  readonly spec: TrainingSpec;
  /**
   * Gets the model, `model.step-<N>` of the latest checkpoints and the best one, the checkpoint, `validation.log`,
   * `metrics.jsonl` and `events/`; made when missing.
   */
  readonly resultsDirectory: string;
  /** Seals model and checkpoint (`.tlt`); without it they are plain `.safetensors` files. It goes into no file and no message. */
  readonly key?: string;
  /** Kept as `experiment_spec.yaml`. */
  readonly specText?: Uint8Array;
  /**
   * Threads of the engine: a number, or `auto` for the best by a short probe. Default: those of the checkpoint when resuming,
   * else 1. Batches are made in threads of their own.
   */
  readonly threads?: number | "auto";
  /** Default: `random_seed` of the spec. Equal seeds, data, spec and threads give equal weights. */
  readonly seed?: number;
  /** True: go on from the checkpoint in the results folder, if there is one. */
  readonly resume?: boolean;
  /** Weights to start from. */
  readonly pretrained?: Model;
  /** SHA-256 by name of what the model is made from, kept in its metadata. */
  readonly hashes?: Readonly<Record<string, string>>;
  /** No person stands behind the faces; faces that are drawn and specs that say so need not be told. */
  readonly isSimulated?: boolean;
  readonly onProgress?: (progress: TrainProgress) => void;
  /** When aborted, the run stops before its next step, writes its checkpoint and throws `interrupted`. */
  readonly signal?: AbortSignal;
  /** Gets one line of text an event. */
  readonly log?: (line: string) => void;
}

export interface TrainingOutcome {
  /** The best model by validation loss, its temperature fitted. */
  readonly model: Model;
  readonly modelPath: string;
  readonly bestEpoch: number;
  /** One an epoch, as in `metrics.jsonl`. */
  readonly epochs: readonly EpochRecord[];
  /** Of the finished model, on the validation data. */
  readonly validation: { readonly loss: number; readonly accuracy: number; readonly macroF1: number };
  /** Whether the figures are of simulated faces. */
  readonly isSimulated: boolean;
  /** `early`: no better validation for `early_stop_epochs`. */
  readonly stopped: "finished" | "early";
}

/**
 * Trains a network on landmarks in memory.
 * @throws EmotionNetError `spec-invalid` (data and spec do not fit, or the loss diverged), `landmarks-degenerate`,
 * `checkpoint-invalid`, `file-unwritable`, `interrupted`, and for a sealed checkpoint what `openModel` throws; none of them leaves half a file.
 */
export async function trainModel(options: TrainOptions): Promise<TrainingOutcome> {
  const { train, validation, spec, resultsDirectory, pretrained, key } = options;
  const seed = options.seed ?? spec.random_seed;
  const hashes = options.hashes ?? {};
  const log = options.log ?? (() => {});
  const isDrawn = "sets" in train;
  const planFor = (batchSize: number) => planTraining(spec, batchSize, train, validation, pretrained);
  const fingerprint = fingerprintOf(spec, seed, [train, validation], pretrained);
  const resumed = options.resume ? await readCheckpoint(resultsDirectory, fingerprint, key) : undefined;
  const { threads, batchSize } = await chooseSpeed({
    threads: options.threads,
    batchSize: spec.dataloader.batch_size,
    stored: resumed?.speed,
    samples: train.count,
    isDrawn,
    stepOf: (size) => planFor(size).step,
    log,
  });
  const plan = planFor(batchSize);
  log(`steps_per_epoch: ${plan.stepsPerEpoch}`);
  log(`last_step: ${plan.lastStep}`);
  const network = plan.step.spec;
  const faces = facesOf(train);
  const validationLandmarks = normalisedLandmarks(validation);

  const files = await RunFiles.open(resultsDirectory, {
    epochsDone: resumed?.counters.epoch,
    key,
    specText: options.specText,
  });
  const checkpointPath = checkpointPathIn(resultsDirectory, key);
  const run = await TrainingRun.start({
    plan,
    seed,
    threads,
    faces,
    feedThreads: isDrawn ? feedThreadsFor(threads) : 1,
    resumed,
    pretrained: pretrained && parametersFromLayers(pretrained.layers),
    keep: async (checkpoint) => {
      await writing(checkpointPath, () => writeCheckpoint(resultsDirectory, checkpoint, fingerprint, key));
      return checkpointPath;
    },
    stepLog: new StepLog({
      everySeconds: spec.log_every_n_secs,
      stepsPerEpoch: plan.stepsPerEpoch,
      batchSize: plan.step.batchSize,
      log,
    }),
    onProgress: options.onProgress,
    signal: options.signal,
  });
  log("Build trainer finished. Starting training...");
  if (resumed) log(`Going on in epoch ${run.epoch + 1} of ${plan.epochs}.`);
  try {
    while (!run.isDone()) {
      const record = await run.trainEpoch();
      const isDue = run.epoch % plan.validateEvery === 0 || run.epoch === plan.epochs;
      if (!isDue) {
        await files.add(record);
        continue;
      }
      const values = run.values();
      const measured = await validate(
        draftModel(network, values),
        validationLandmarks,
        validation.labels,
        threads,
      );
      run.keepIfBest(values, measured.loss);
      await files.add({ ...record, ...recordOf(measured) });
      log(`Saving checkpoints for step-${record.step}.`);
      await files.saveStepModel(record.step, stepModel(network, values, spec, hashes));
      await run.saveCheckpoint();
      log(lineOf(record, measured, plan.epochs));
    }
  } finally {
    await run.release();
    await files.close();
  }

  const isSimulated = isDrawn || spec.model_card.simulated || options.isSimulated === true;
  const { model, validation: measured } = await finishModel(network, run.best.values, {
    spec,
    hashes,
    bestEpoch: run.best.epoch,
    threads,
    trainCount: train.count,
    trainLandmarks:
      faces.kind === "stored" ? faces.landmarks : spreadOfDrawn(train as DrawnTraining, MOST_DESCRIBING),
    isSimulated,
    validationLandmarks,
    validationLabels: validation.labels,
  });
  await files.saveModel(model);
  return {
    model,
    modelPath: files.modelPath,
    bestEpoch: run.best.epoch,
    epochs: files.records,
    validation: { loss: measured.loss, accuracy: measured.accuracy, macroF1: measured.macroF1 },
    isSimulated,
    stopped: run.epoch < plan.epochs ? "early" : "finished",
  };
}

/** Faces that shape and plausibility are fitted to when none are stored: as many as those look at. */
const MOST_DESCRIBING = 30_000;

/** More threads that draw than this outrun any step. */
const MOST_FEED_THREADS = 8;

/** The cores that the step leaves free, for drawing. */
function feedThreadsFor(stepThreads: number): number {
  return Math.min(MOST_FEED_THREADS, Math.max(1, availableParallelism() - stepThreads));
}

/** The training faces in the form that goes to the thread that makes batches. */
function facesOf(train: Dataset | DrawnTraining): TrainingFaces {
  if ("sets" in train) return { kind: "drawn", sets: train.sets };
  const shared = new SharedArrayBuffer(train.landmarks.length * Float32Array.BYTES_PER_ELEMENT);
  return {
    kind: "stored",
    landmarks: normalisedLandmarks(train, new Float32Array(shared)),
    labels: train.labels,
  };
}

function recordOf({ loss, accuracy, macroF1 }: Validation) {
  return { validationLoss: loss, validationAccuracy: accuracy, validationMacroF1: macroF1 };
}

/** Worth a word only when a faster source of faces would make the run faster. */
function waitingOf({ waitingShare }: EpochRecord): string {
  return waitingShare < 0.05
    ? ""
    : ` (${Math.round(100 * waitingShare)} % of the time spent waiting for faces)`;
}

function lineOf(record: EpochRecord, measured: Validation, epochs: number): string {
  const validation = `loss ${measured.loss.toFixed(4)}, accuracy ${measured.accuracy.toFixed(4)}, macro F1 ${measured.macroF1.toFixed(4)}`;
  return `Epoch ${record.epoch}/${epochs}: loss ${record.loss.toFixed(4)}, validation ${validation}, ${record.samplesPerSecond} samples/s${waitingOf(record)}`;
}
