/** One training run: its state, its epochs, its checkpoints. Everything random is drawn from (seed, epoch or step). */

import { EmotionNetError } from "@emotionnet/core";
import { BatchFeeder } from "../feed/batch-feeder.ts";
import type { TrainingFaces } from "../feed/batch-maker.ts";
import { STREAM } from "../feed/streams.ts";
import { Random } from "../generator/random.ts";
import { correctedLearningRate } from "../step/adam.ts";
import { BATCH_NORM_MOMENTUM } from "../step/batch-norm.ts";
import { DropoutMasks } from "../step/dropout-masks.ts";
import { initialParameters, type ParameterValues, parametersOf } from "../step/parameters.ts";
import { targetRows } from "../step/softmax-cross-entropy.ts";
import { StepRunner, type StepState } from "../step/step-runner.ts";
import type { Checkpoint, RunCounters } from "./checkpoint.ts";
import { learningRateAt } from "./learning-rate.ts";
import type { EpochRecord } from "./run-files.ts";
import type { StepLog } from "./step-log.ts";
import type { TrainingPlan } from "./training-plan.ts";

/** `done` and `total` are steps. */
export interface TrainProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
  readonly detail: string;
}

export interface RunOptions {
  readonly plan: TrainingPlan;
  readonly seed: number;
  /** Of the engine. */
  readonly threads: number;
  readonly faces: TrainingFaces;
  /** Threads that make batches. */
  readonly feedThreads: number;
  /** Where to go on from. */
  readonly resumed: Checkpoint | undefined;
  /** Values to start from; fresh ones when left out. */
  readonly pretrained: ParameterValues | undefined;
  /** Keeps a checkpoint; returns where it is. */
  readonly keep: (checkpoint: Checkpoint) => Promise<string>;
  readonly stepLog: StepLog;
  readonly onProgress: ((progress: TrainProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

export class TrainingRun {
  /** Whole epochs done. */
  epoch: number;
  #step: number;
  #lossSum: number;
  #best: { readonly epoch: number; readonly loss: number; readonly values: StepState };
  readonly #options: RunOptions;
  readonly #runner: StepRunner;
  readonly #feeder: BatchFeeder;
  readonly #masks: DropoutMasks;

  private constructor(options: RunOptions, runner: StepRunner) {
    const { plan, seed, faces, feedThreads, resumed } = options;
    const { spec, batchSize } = plan.step;
    const counters = resumed?.counters;
    this.#options = options;
    this.#runner = runner;
    this.epoch = counters?.epoch ?? 0;
    this.#step = counters?.step ?? 0;
    this.#lossSum = counters?.lossSum ?? 0;
    this.#best = {
      epoch: counters?.bestEpoch ?? 0,
      loss: counters?.bestLoss ?? Number.POSITIVE_INFINITY,
      values: resumed?.best ?? new Map(),
    };
    const { stepsPerEpoch, augmentation } = plan;
    const rows = targetRows(spec.classes.length, plan.targets);
    this.#feeder = new BatchFeeder({
      job: { faces, rows, batchSize, stepsPerEpoch, augmentation, network: spec, seed },
      first: this.epoch * stepsPerEpoch + this.#step,
      end: plan.lastStep,
      threads: feedThreads,
    });
    this.#masks = new DropoutMasks(spec, batchSize, new Random(seed, STREAM.masks));
  }

  static async start(options: RunOptions): Promise<TrainingRun> {
    const { plan, resumed, pretrained, seed, threads } = options;
    const fresh = () => initialParameters(plan.step.spec, new Random(seed, STREAM.weights));
    const state = resumed?.state ?? pretrained ?? fresh();
    return new TrainingRun(options, await StepRunner.create(plan.step, state, threads));
  }

  get best(): { readonly epoch: number; readonly loss: number; readonly values: StepState } {
    return this.#best;
  }

  /** Whether all epochs are done, or too many went by without a better validation. */
  isDone(): boolean {
    const { epochs, patience } = this.#options.plan;
    return this.epoch >= epochs || this.epoch - this.#best.epoch >= patience;
  }

  /**
   * Trains to the end of the epoch; the last partial batch is left out.
   * @throws EmotionNetError `interrupted` when the signal is aborted, after a checkpoint was written.
   */
  async trainEpoch(): Promise<EpochRecord> {
    const { plan, signal, stepLog, onProgress } = this.#options;
    const { batchSize, adam } = plan.step;
    const started = performance.now();
    const firstStep = this.#step;
    const samplesPerSecond = () =>
      ((this.#step - firstStep) * batchSize * 1000) / Math.max(performance.now() - started, 1);
    let learningRate = 0;
    let waited = 0;
    while (this.#step < plan.stepsPerEpoch) {
      if (signal?.aborted) await this.#interrupt();
      const taken = this.epoch * plan.stepsPerEpoch + this.#step;
      const asked = performance.now();
      const batch = await this.#feeder.next();
      waited += performance.now() - asked;
      learningRate = learningRateAt(taken, plan.lastStep, plan.schedule);
      const loss = await this.#runner.run({
        inputs: batch.inputs,
        targets: batch.targets,
        masks: this.#masks.at(batch.maskOffsets),
        learningRate: correctedLearningRate(learningRate, taken + 1, adam),
        statisticsRate: statisticsRateAt(taken),
      });
      this.#feeder.giveBack(batch);
      this.#lossSum += loss;
      this.#step++;
      stepLog.tick(taken, loss, performance.now());
      onProgress?.({
        done: taken + 1,
        total: plan.lastStep,
        label: `Training epoch ${this.epoch + 1}/${plan.epochs}`,
        detail: `loss ${(this.#lossSum / this.#step).toFixed(4)}, ${Math.round(samplesPerSecond())} samples/s`,
      });
    }
    const record = {
      epoch: this.epoch + 1,
      step: (this.epoch + 1) * plan.stepsPerEpoch,
      loss: this.#lossSum / plan.stepsPerEpoch,
      learningRate,
      samplesPerSecond: Math.round(samplesPerSecond()),
      waitingShare: Number((waited / Math.max(performance.now() - started, 1)).toFixed(3)),
    };
    this.epoch++;
    this.#step = 0;
    this.#lossSum = 0;
    if (!Number.isFinite(record.loss)) throw diverged(record.epoch);
    return record;
  }

  /** The parameters as they are now. */
  values(): ParameterValues {
    const state = this.#runner.state();
    const parameters = parametersOf(this.#options.plan.step.spec);
    return new Map(parameters.map(({ name }) => [name, state.get(name)!]));
  }

  /** Remembers `values` of the epoch just done when their validation loss is the lowest so far. */
  keepIfBest(values: ParameterValues, loss: number): void {
    if (this.#best.epoch === 0 || loss < this.#best.loss) this.#best = { epoch: this.epoch, loss, values };
  }

  /** @returns the path of the checkpoint */
  async saveCheckpoint(): Promise<string> {
    const counters: RunCounters = {
      epoch: this.epoch,
      step: this.#step,
      lossSum: this.#lossSum,
      bestEpoch: this.#best.epoch,
      bestLoss: this.#best.loss,
    };
    return this.#options.keep({
      counters,
      speed: { threads: this.#options.threads, batchSize: this.#options.plan.step.batchSize },
      state: this.#runner.state(),
      best: this.#best.values,
    });
  }

  async release(): Promise<void> {
    await Promise.all([this.#feeder.close(), this.#runner.release()]);
  }

  async #interrupt(): Promise<never> {
    const path = await this.saveCheckpoint();
    throw new EmotionNetError("interrupted", {
      got: `a request to stop in epoch ${this.epoch + 1}`,
      wanted: `${this.#options.plan.epochs} epochs`,
      mend: `Go on with --resume; the checkpoint is ${path}.`,
    });
  }
}

/**
 * How far the running statistics move in a step: 1 − momentum, but faster at first, so that they forget their start
 * (the `num_updates` rule of TensorFlow's ExponentialMovingAverage).
 */
function statisticsRateAt(step: number): number {
  return 1 - Math.min(BATCH_NORM_MOMENTUM, (1 + step) / (10 + step));
}

function diverged(epoch: number): EmotionNetError {
  return new EmotionNetError("spec-invalid", {
    got: `a loss that is not a number in epoch ${epoch}`,
    wanted: "a loss that falls",
    mend: "Lower base_learning_rate.",
  });
}
