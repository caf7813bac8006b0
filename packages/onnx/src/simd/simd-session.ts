/** Runs a prepared graph: one plan for every set of input shapes, all in the same memory. */

import { EmotionNetError } from "@emotionnet/core";
import { elementCount } from "../graph/element-type.ts";
import type { ValueInfo } from "../graph/types.ts";
import type { EngineSession, Tensor } from "../session/engine.ts";
import type { Kernel } from "./kernel.ts";
import { type Plan, Planner } from "./plan/planner.ts";
import { type PreparedGraph, prepareGraph } from "./plan/prepared-graph.ts";
import { FLOAT_BYTES } from "./plan/values.ts";
import { unsupported } from "./unsupported.ts";

/** Plans that are kept: one for each number of faces that is common. */
const MOST_PLANS = 8;

export class SimdSession implements EngineSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #graph: PreparedGraph;
  readonly #kernel: Kernel;
  readonly #plans = new Map<string, Plan>();
  /** The plan whose jobs lie in the memory. */
  #loaded: Plan | undefined;

  /** @throws EmotionNetError `onnx-graph` for a graph that is damaged or that needs what this engine does not know. */
  constructor(model: Uint8Array, kernel: Kernel) {
    this.#graph = prepareGraph(model);
    this.#kernel = kernel;
    const { inputs, outputs } = this.#graph.model;
    const graphInputs = inputs.filter(({ name }) => !this.#graph.constants.has(name));
    for (const { name, type, dims } of graphInputs) {
      if (type !== "float32") throw unsupported(`the input ${name} of the type ${type}`);
      if (dims.slice(1).some((size) => typeof size === "string")) throw unsupported(`an input of [${dims}]`);
    }
    this.inputNames = graphInputs.map(({ name }) => name);
    this.outputNames = outputs.map(({ name }) => name);
    kernel.reserve(this.#graph.end);
    for (const { address, data } of this.#graph.blocks) kernel.floats.set(data, address / FLOAT_BYTES);
    // What cannot be planned must show now, while another engine can still be taken.
    for (const images of [1, 2]) {
      this.#planFor(
        new Map(
          graphInputs.map(({ name, dims }) => [
            name,
            dims.map((size) => (typeof size === "string" ? images : size)),
          ]),
        ),
      );
    }
  }

  async run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches: Readonly<Record<string, Tensor | null>> = {},
  ): Promise<Record<string, Tensor>> {
    const plan = this.#planFor(this.#checkedDims(feeds));
    this.#load(plan);
    for (const [name, value] of plan.inputs) value.data = feeds[name]!.data as Float32Array;
    for (const step of plan.steps) step(this.#kernel);
    const results = [...plan.outputs].map(([name, { dims, data }]) => {
      const target = fetches[name];
      if (!target) return [name, { type: "float32", dims, data: data.slice() } as const] as const;
      if (!(target.data instanceof Float32Array) || target.data.length !== data.length) {
        throw shapeError(name, target.dims, dims);
      }
      target.data.set(data);
      return [name, target] as const;
    });
    return Object.fromEntries(results);
  }

  async release(): Promise<void> {
    this.#plans.clear();
    this.#loaded = undefined;
  }

  #checkedDims(feeds: Readonly<Record<string, Tensor>>): Map<string, readonly number[]> {
    for (const name of Object.keys(feeds)) {
      if (!this.inputNames.includes(name)) throw nameError(name, this.inputNames);
    }
    return new Map(
      this.inputNames.map((name) => {
        const info = this.#graph.model.inputs.find((one) => one.name === name)!;
        const tensor = feeds[name];
        if (!tensor) throw nameError("nothing", [name]);
        if (!fits(tensor, info)) throw shapeError(name, tensor.dims, info.dims);
        return [name, tensor.dims];
      }),
    );
  }

  #planFor(dims: ReadonlyMap<string, readonly number[]>): Plan {
    const key = [...dims.values()].join(";");
    const plan = this.#plans.get(key) ?? new Planner(this.#graph).plan(dims);
    // The plan that was used last stands last; the first one goes when there are too many.
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    if (this.#plans.size > MOST_PLANS) this.#plans.delete(this.#plans.keys().next().value!);
    return plan;
  }

  /** Plans share the memory after the weights; changing over clears it, because borders must be zero. */
  #load(plan: Plan): void {
    if (this.#loaded === plan) return;
    const kernel = this.#kernel;
    kernel.reserve(plan.end);
    kernel.floats.fill(0, plan.start / FLOAT_BYTES, Math.ceil(plan.end / FLOAT_BYTES));
    for (const { address, words } of plan.jobs) kernel.words.set(words, address / FLOAT_BYTES);
    for (const { address, data } of plan.blocks) kernel.floats.set(data, address / FLOAT_BYTES);
    this.#loaded = plan;
  }
}

function fits(tensor: Tensor, info: ValueInfo): boolean {
  return (
    tensor.data instanceof Float32Array &&
    tensor.dims.length === info.dims.length &&
    tensor.dims.every((size, axis) => typeof info.dims[axis] === "string" || size === info.dims[axis]) &&
    tensor.data.length === elementCount(tensor.dims)
  );
}

function nameError(got: string, wanted: readonly string[]): EmotionNetError {
  return new EmotionNetError("onnx-graph", {
    got: `${got} as an input`,
    wanted: wanted.join(", "),
    mend: "Feed one tensor for every input of the graph.",
  });
}

function shapeError(
  name: string,
  got: readonly number[],
  wanted: readonly (number | string)[],
): EmotionNetError {
  return new EmotionNetError("onnx-graph", {
    got: `[${got.join(", ")}] for ${name}`,
    wanted: `float32 numbers of the shape [${wanted.join(", ")}]`,
    mend: "Feed and fetch tensors of the graph's shapes.",
  });
}
