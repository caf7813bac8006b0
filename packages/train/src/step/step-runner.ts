/** Runs the training step again and again on one state. */

import { createSession, type GraphSession, type Tensor } from "@emotionnet/onnx";
import {
  maskName,
  nextName,
  type StateValue,
  type StepOptions,
  stateOf,
  trainingStepModel,
} from "./training-step.ts";

type Tensors = Record<string, Tensor>;

/** What one step is fed. */
export interface StepFeeds {
  /** (batch × inputs) normalised landmarks */
  readonly inputs: Float32Array;
  /** (batch × classes) rows of `targetRows` */
  readonly targets: Float32Array;
  /** one a hidden layer, from `DropoutMasks` */
  readonly masks: readonly Float32Array[];
  /** with Adam's bias correction folded in */
  readonly learningRate: number;
  /** how far batch norm's running statistics move towards those of the batch, 0..1; needed with batch norm */
  readonly statisticsRate?: number;
}

/** State values by name: parameters and Adam's moments. */
export type StepState = ReadonlyMap<string, Float32Array>;

export class StepRunner {
  readonly #session: GraphSession;
  readonly #options: StepOptions;
  readonly #values: readonly StateValue[];
  readonly #changing: readonly StateValue[];
  /** The state in use, and the tensors that the next step writes: they change places after each step. */
  #current: Tensors;
  #spare: Tensors;
  readonly #loss: Tensor;

  private constructor(session: GraphSession, options: StepOptions, start: StepState) {
    this.#session = session;
    this.#options = options;
    this.#values = stateOf(options);
    this.#changing = this.#values.filter(({ name }) => session.outputNames.includes(nextName(name)));
    const tensorsOf = (dataOf: (value: StateValue) => Float32Array) =>
      Object.fromEntries(
        this.#values.map((value) => [value.name, session.tensor("float32", value.dims, dataOf(value))]),
      );
    this.#current = tensorsOf((value) => startOf(value, start));
    this.#spare = tensorsOf(
      ({ dims }) => new Float32Array(dims.reduce((product, size) => product * size, 1)),
    );
    this.#loss = session.tensor("float32", [], new Float32Array(1));
  }

  /**
   * @param start values of all parameters; what is left out starts at 0. Copied.
   * @param threads threads of the engine. Equal starts, feeds and threads give equal bits.
   */
  static async create(options: StepOptions, start: StepState, threads: number): Promise<StepRunner> {
    const session = await createSession(trainingStepModel(options), { threads });
    return new StepRunner(session, options, start);
  }

  /** Takes one step and returns the mean cross entropy of the batch before it. */
  async run(step: StepFeeds): Promise<number> {
    const { inputs, targets, masks, learningRate, statisticsRate = 0 } = step;
    const { spec, batchSize } = this.#options;
    const session = this.#session;
    const scalar = (value: number) => session.tensor("float32", [], Float32Array.of(value));
    const feeds: Tensors = {
      ...this.#current,
      x: session.tensor("float32", [batchSize, spec.inputs], inputs),
      targets: session.tensor("float32", [batchSize, spec.classes.length], targets),
      learning_rate: scalar(learningRate),
    };
    if (spec.batchNorm) feeds.statistics_rate = scalar(statisticsRate);
    masks.forEach((mask, layer) => {
      feeds[maskName(layer)] = session.tensor("float32", [batchSize, spec.hidden[layer]!], mask);
    });
    const wanted: Tensors = { loss: this.#loss };
    for (const { name } of this.#changing) wanted[nextName(name)] = this.#spare[name]!;
    const outputs = await session.run(feeds, wanted);
    const next: Tensors = { ...this.#current };
    for (const { name } of this.#changing) next[name] = outputs[nextName(name)]!;
    this.#spare = this.#current;
    this.#current = next;
    return Number(outputs.loss!.data[0]);
  }

  /** Copies of all state values. */
  state(): Map<string, Float32Array> {
    return new Map(
      this.#values.map(({ name }) => [name, (this.#current[name]!.data as Float32Array).slice()]),
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function startOf({ name, dims }: StateValue, start: StepState): Float32Array {
  return start.get(name)?.slice() ?? new Float32Array(dims.reduce((product, size) => product * size, 1));
}
