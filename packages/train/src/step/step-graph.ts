/** The graph under construction, with the few calls that the layers share. */

import { type Attributes, GraphBuilder } from "@emotionnet/onnx";

/** float32 trains; float64 lets the gradients be checked against finite differences to many digits. */
export type Precision = "float32" | "float64";

/** A `GraphBuilder` of one number type, in which values are known by name. */
export class StepGraph {
  readonly builder: GraphBuilder;
  readonly precision: Precision;
  readonly #scalars = new Map<number, string>();
  #batchAxis: string | undefined;

  constructor(name: string, precision: Precision) {
    this.builder = new GraphBuilder(name);
    this.precision = precision;
  }

  input(name: string, dims: readonly number[]): string {
    return this.builder.input(name, this.precision, dims);
  }

  output(value: string, name: string, dims: readonly number[]): void {
    this.builder.output(this.builder.node("Identity", [value], {}, name), this.precision, dims);
  }

  /** An operator with one output. */
  op(type: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.builder.node(type, inputs, attributes);
  }

  /** A constant of no dimensions; equal numbers are stored once. */
  scalar(value: number): string {
    const known = this.#scalars.get(value);
    if (known) return known;
    const data = this.precision === "float32" ? Float32Array.of(value) : Float64Array.of(value);
    const name = this.builder.constant("scalar", data, []);
    this.#scalars.set(value, name);
    return name;
  }

  /** Mean over the batch (rows), shape (1 × units). */
  batchMean(value: string): string {
    return this.op("ReduceMean", [value], { axes: { ints: [0] }, keepdims: { int: 1 } });
  }

  /** Sum over the batch (rows), shape (units). */
  batchSum(value: string): string {
    return this.op("ReduceSum", [value, this.batchAxis()], { keepdims: { int: 0 } });
  }

  /** a + rate·(b − a): what moving averages and Adam's moments do. `rate` is a number or the name of a value. */
  towards(from: string, to: string, rate: number | string): string {
    const factor = typeof rate === "string" ? rate : this.scalar(rate);
    return this.op("Add", [from, this.op("Mul", [this.op("Sub", [to, from]), factor])]);
  }

  /** The axis that runs over the samples, as operators take it. */
  batchAxis(): string {
    this.#batchAxis ??= this.builder.integers("batch_axis", [0]);
    return this.#batchAxis;
  }
}
