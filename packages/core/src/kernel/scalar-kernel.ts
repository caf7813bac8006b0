/** The classifier kernel in plain TypeScript, for runtimes without WebAssembly SIMD. */

import type { ShapeModel } from "../file/model.ts";
import type { DenseWeights } from "../network/weights.ts";
import type { ClassifierKernel, KernelParts } from "./kernel.ts";
import { fitShape, type ShapeFit } from "./shape-fit.ts";

export class ScalarKernel implements ClassifierKernel {
  readonly name = "scalar";
  readonly precision = "f32";
  readonly capacity: number;
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly outputStride: number;
  readonly #layers: readonly DenseWeights[];
  /** The values before and after each layer; sums are kept in double precision. */
  readonly #activations: readonly Float64Array[];
  readonly #nonZero: Int32Array;
  readonly #shape: ShapeModel;

  constructor({ layers, shape }: KernelParts, capacity: number) {
    const inputs = layers[0]!.inputs;
    this.capacity = capacity;
    this.outputStride = layers.at(-1)!.outputs;
    this.input = new Float32Array(capacity * inputs);
    this.output = new Float32Array(capacity * this.outputStride);
    this.#layers = layers;
    this.#shape = shape;
    this.#activations = [new Float64Array(inputs), ...layers.map(({ outputs }) => new Float64Array(outputs))];
    this.#nonZero = new Int32Array(Math.max(...layers.map((layer) => layer.inputs)));
  }

  run(count: number): void {
    const first = this.#activations[0]!;
    const logits = this.#activations.at(-1)!;
    for (let face = 0; face < count; face++) {
      for (let index = 0; index < first.length; index++)
        first[index] = this.input[face * first.length + index]!;
      this.#runFace();
      for (let index = 0; index < logits.length; index++) {
        this.output[face * this.outputStride + index] = logits[index]!;
      }
    }
  }

  fitShape(): ShapeFit {
    return fitShape(this.#shape, this.input);
  }

  snapshot(): undefined {
    return undefined;
  }

  #runFace(): void {
    const last = this.#layers.length - 1;
    for (let index = 0; index <= last; index++) {
      const target = this.#activations[index + 1]!;
      this.#addDense(this.#layers[index]!, this.#activations[index]!, target);
      if (index === last) continue;
      for (let output = 0; output < target.length; output++) target[output] = Math.max(target[output]!, 0);
    }
  }

  /** target = bias + source × kernel, taking the inputs that are not zero four at a time. */
  #addDense(layer: DenseWeights, source: Float64Array, target: Float64Array): void {
    const { outputs, kernel } = layer;
    const nonZero = this.#nonZero;
    let length = 0;
    for (let input = 0; input < source.length; input++) {
      if (source[input] !== 0) nonZero[length++] = input;
    }
    target.set(layer.bias);
    let position = 0;
    for (; position + 4 <= length; position += 4) {
      const input0 = nonZero[position]!;
      const input1 = nonZero[position + 1]!;
      const input2 = nonZero[position + 2]!;
      const input3 = nonZero[position + 3]!;
      const value0 = source[input0]!;
      const value1 = source[input1]!;
      const value2 = source[input2]!;
      const value3 = source[input3]!;
      for (let output = 0; output < outputs; output++) {
        target[output]! +=
          value0 * kernel[input0 * outputs + output]! +
          value1 * kernel[input1 * outputs + output]! +
          value2 * kernel[input2 * outputs + output]! +
          value3 * kernel[input3 * outputs + output]!;
      }
    }
    for (; position < length; position++) {
      const input = nonZero[position]!;
      for (let output = 0; output < outputs; output++) {
        target[output]! += source[input]! * kernel[input * outputs + output]!;
      }
    }
  }
}
