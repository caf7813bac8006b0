/** Runs ONNX graphs: one interface over ONNX Runtime for Node and for the web, and over the own engine. */

import { EmotionNetError } from "@emotionnet/core";
import { loadEngine } from "#engine";
import type { ElementType, TensorArray } from "../graph/element-type.ts";
import type { Engine, EngineSession, Tensor } from "./engine.ts";

export interface SessionOptions {
  /**
   * Threads inside an operator, 1 or more; 1 when left out. Take as many as there are cores really free. The own engine has one, and
   * so has ONNX Runtime's WebAssembly build in Node.
   */
  readonly threads?: number;
}

/** A loaded graph. Calls of `run` may overlap; they are worked off one after another. */
export interface GraphSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Which engine runs the graph: a build of ONNX Runtime, or the own one. */
  readonly engine: Engine["name"];
  /** Wraps `data` without copying it, so that one tensor can be fed again and again (change `data` in between). */
  tensor(type: ElementType, dims: readonly number[], data: TensorArray): Tensor;
  /**
   * Runs the graph once.
   * @param feeds one tensor for every input name; tensors of `tensor()` or of an earlier `run` are fastest.
   * @param outputs tensors to write into, so that a hot loop allocates nothing; what is left out is allocated. They
   * come back as they are, except from ONNX Runtime's WebAssembly build, which returns new ones: always go on with those returned.
   * @throws EmotionNetError `onnx-graph` when feeds and graph do not fit together or an operator fails.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  /** Frees the memory of the graph; the session cannot run afterwards. */
  release(): Promise<void>;
}

/**
 * Loads an ONNX model.
 * @throws EmotionNetError `engine` when ONNX Runtime cannot be loaded, `onnx-graph` when it refuses the model.
 */
export async function createSession(model: Uint8Array, options: SessionOptions = {}): Promise<GraphSession> {
  const threads = options.threads ?? 1;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new EmotionNetError("engine", {
      got: `${threads} threads`,
      wanted: "a whole number from 1 up",
      mend: "Pass the number of free processor cores.",
    });
  }
  const engine = await loadedEngine(model);
  try {
    return new LoadedSession(engine, await engine.createSession(model, threads));
  } catch (cause) {
    throw new EmotionNetError(
      "onnx-graph",
      {
        got: `a model that ONNX Runtime refuses (${firstLine(cause)})`,
        wanted: "a complete ONNX model",
        mend: "Write the file again, or check that it is an ONNX model.",
      },
      { cause },
    );
  }
}

class LoadedSession implements GraphSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly engine: Engine["name"];
  readonly #fillsOutputs: boolean;
  readonly #Tensor: Engine["Tensor"];
  #session: EngineSession | undefined;
  /** Outputs to be allocated are named to the engine as null; kept so that a hot loop allocates nothing here. */
  readonly #allFetches: Record<string, null>;

  constructor(engine: Engine, session: EngineSession) {
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    this.engine = engine.name;
    this.#fillsOutputs = engine.fillsOutputs;
    this.#Tensor = engine.Tensor;
    this.#session = session;
    this.#allFetches = Object.fromEntries(session.outputNames.map((name) => [name, null]));
  }

  tensor(type: ElementType, dims: readonly number[], data: TensorArray): Tensor {
    return new this.#Tensor(type, data, dims);
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>> {
    const session = this.#session;
    if (!session) {
      throw new EmotionNetError("engine", {
        got: "a run of a session that was released",
        wanted: "a session in use",
        mend: "Create the session again before running it.",
      });
    }
    const targets = outputs && this.#fillsOutputs ? this.#wrapped(outputs) : undefined;
    const fetches = targets ? { ...this.#allFetches, ...targets } : this.#allFetches;
    try {
      const results = await session.run(this.#wrapped(feeds), fetches);
      // The engine returns other objects over the filled memory: the caller's own tensors are the ones to go on with.
      return targets ? { ...results, ...targets } : results;
    } catch (cause) {
      throw new EmotionNetError(
        "onnx-graph",
        {
          got: `a run that failed (${firstLine(cause)})`,
          wanted: `tensors for the inputs ${this.inputNames.join(", ")} in the shapes of the graph`,
          mend: "Check the names, types and shapes of what is fed.",
        },
        { cause },
      );
    }
  }

  async release(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  #wrapped(tensors: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> {
    const names = Object.keys(tensors);
    if (names.every((name) => tensors[name] instanceof this.#Tensor)) return tensors;
    return Object.fromEntries(
      names.map((name) => {
        const { type, dims, data } = tensors[name]!;
        return [name, this.tensor(type, dims, data)];
      }),
    );
  }
}

async function loadedEngine(model: Uint8Array): Promise<Engine> {
  try {
    return await loadEngine(model);
  } catch (cause) {
    throw new EmotionNetError(
      "engine",
      {
        got: `ONNX Runtime failing to load (${firstLine(cause)})`,
        wanted: "its native or its WebAssembly build",
        mend: "Run npm install again; on an unusual system open an issue with this message.",
      },
      { cause },
    );
  }
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0]!.trim();
}
