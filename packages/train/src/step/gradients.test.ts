import { networkSpec } from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import { describe, expect, it } from "vitest";
import { Random } from "../generator/random.ts";
import { ADAM_DEFAULTS } from "./adam.ts";
import { initialParameters, parametersOf } from "./parameters.ts";
import { targetRows } from "./softmax-cross-entropy.ts";
import type { Precision } from "./step-graph.ts";
import { gradientModel, maskName, type StepOptions } from "./training-step.ts";

/**
 * The gradients of the graph against central differences (in float64) of a forward pass written here without the graph.
 * Relative error of a parameter tensor: ‖g − g'‖ / ‖g'‖ over all its elements, and for each element |gᵢ − g'ᵢ| against
 * the root mean square of the tensor. The graph is built in float64 for both, and in float32, as it trains, for the first.
 */

type Values = Map<string, Float64Array>;
type Row = number[];

const batchSize = 12;
const classes = ["a", "b", "c", "d"];
const factor = 0.01;
const classWeights = [1, 2.5, 0.5, 1.5];
const labelSmoothing = 0.1;

interface Case {
  readonly options: StepOptions;
  readonly values: Values;
  readonly inputs: Row[];
  readonly labels: number[];
  readonly masks: Row[][];
}

interface Variant {
  readonly batchNorm: boolean;
  readonly dropout: number;
  readonly frozenLayers: number;
  readonly kind: "l1" | "l2";
}

function makeCase({ batchNorm, dropout, frozenLayers, kind }: Variant): Case {
  const random = new Random(11);
  const spec = networkSpec([7, 5], { inputs: 6, classes, batchNorm, dropout });
  const rows = (count: number, width: number, draw: () => number): Row[] =>
    Array.from({ length: count }, () => Array.from({ length: width }, draw));
  const normal = () => random.normal();
  const values: Values = new Map();
  for (const [name, start] of initialParameters(spec, random)) {
    values.set(
      name,
      Float64Array.from(start, (value) => value + 0.2 * normal()),
    );
  }
  return {
    options: { spec, batchSize, regularisation: { kind, factor }, frozenLayers, adam: ADAM_DEFAULTS },
    values,
    inputs: rows(batchSize, 6, normal),
    labels: Array.from({ length: batchSize }, () => random.integer(classes.length)),
    masks: spec.hidden.map((width) => rows(batchSize, width, () => (random.uniform() < dropout ? 0 : 1))),
  };
}

/** The loss written out in plain loops: the independent reference. */
function lossOf({ options, inputs, labels, masks }: Case, values: Values): number {
  const { spec } = options;
  const columns = (matrix: Row[], column: number) => matrix.map((row) => row[column]!);
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const isL1 = options.regularisation?.kind === "l1";
  let penalty = 0;
  const dense = (matrix: Row[], layer: number): Row[] => {
    const kernel = values.get(`dense${layer}.kernel`)!;
    const bias = values.get(`dense${layer}.bias`);
    for (const weight of kernel) penalty += isL1 ? Math.abs(weight) : weight * weight;
    const outputs = kernel.length / matrix[0]!.length;
    return matrix.map((row) =>
      Array.from({ length: outputs }, (_, unit) =>
        row.reduce((sum, value, input) => sum + value * kernel[input * outputs + unit]!, bias?.[unit] ?? 0),
      ),
    );
  };
  let activations = inputs;
  spec.hidden.forEach((width, layer) => {
    let linear = dense(activations, layer);
    if (spec.batchNorm) {
      const units = Array.from({ length: width }, (_, unit) => columns(linear, unit));
      const means = units.map(mean);
      const variances = units.map((list, unit) => mean(list.map((value) => (value - means[unit]!) ** 2)));
      const gamma = values.get(`dense${layer}.gamma`)!;
      const beta = values.get(`dense${layer}.beta`)!;
      linear = linear.map((row) =>
        row.map(
          (value, unit) =>
            (gamma[unit]! * (value - means[unit]!)) / Math.sqrt(variances[unit]! + 1e-3) + beta[unit]!,
        ),
      );
    }
    activations = linear.map((row, sample) =>
      row.map((value, unit) => (Math.max(0, value) * masks[layer]![sample]![unit]!) / (1 - spec.dropout)),
    );
  });
  const losses = dense(activations, spec.hidden.length).map((logits, sample) => {
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    const label = labels[sample]!;
    return logits.reduce((sum, logit, column) => {
      const target = (column === label ? 1 - labelSmoothing : 0) + labelSmoothing / classes.length;
      return sum - classWeights[label]! * target * (logit - total);
    }, 0);
  });
  return mean(losses) + factor * penalty;
}

function finiteDifferences(test: Case, name: string): Float64Array {
  const values = test.values.get(name)!;
  const step = 1e-5;
  return values.map((value, index) => {
    const at = (moved: number) => {
      const copy = values.slice();
      copy[index] = moved;
      return lossOf(test, new Map(test.values).set(name, copy));
    };
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

async function graphGradients(test: Case, precision: Precision): Promise<Map<string, Float64Array>> {
  const { options, values, inputs, labels, masks } = test;
  const session = await createSession(gradientModel(options, precision));
  const rows = targetRows(classes.length, { classWeights, labelSmoothing });
  const targets = labels.flatMap((label) => [...rows.subarray(label * 4, label * 4 + 4)]);
  const tensor = (dims: readonly number[], data: Float64Array) =>
    session.tensor(precision, dims, precision === "float64" ? data : Float32Array.from(data));
  const feeds: Record<string, ReturnType<typeof tensor>> = {
    x: tensor([batchSize, 6], Float64Array.from(inputs.flat())),
    targets: tensor([batchSize, classes.length], Float64Array.from(targets)),
  };
  for (const { name, dims } of parametersOf(options.spec)) feeds[name] = tensor(dims, values.get(name)!);
  masks.forEach((mask, layer) => {
    feeds[maskName(layer)] = tensor([batchSize, mask[0]!.length], Float64Array.from(mask.flat()));
  });
  const wanted = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const outputs = await session.run(wanted);
  await session.release();
  return new Map(
    session.outputNames
      .filter((name) => name.startsWith("gradient."))
      .map((name) => [
        name.slice("gradient.".length),
        Float64Array.from(outputs[name]!.data as Float64Array),
      ]),
  );
}

const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe("gradients of the training step", () => {
  it.each<Variant>([
    { batchNorm: true, dropout: 0.3, frozenLayers: 0, kind: "l2" },
    { batchNorm: false, dropout: 0.3, frozenLayers: 0, kind: "l1" },
    { batchNorm: true, dropout: 0, frozenLayers: 1, kind: "l2" },
  ])("agree with finite differences for %o", async (overrides) => {
    const test = makeCase(overrides);
    const gradients = await graphGradients(test, "float64");
    const rounded = await graphGradients(test, "float32");
    const moving = parametersOf(test.options.spec).filter(
      ({ role, layer }) =>
        role !== "mean" && role !== "variance" && !(layer < overrides.frozenLayers && role === "kernel"),
    );
    expect([...gradients.keys()].sort()).toEqual(moving.map(({ name }) => name).sort());
    for (const [name, gradient] of gradients) {
      const expected = finiteDifferences(test, name);
      const difference = gradient.map((value, index) => value - expected[index]!);
      const size = norm(expected);
      expect(size, name).toBeGreaterThan(1e-3);
      expect(norm(difference) / size, name).toBeLessThan(1e-5);
      const largest = Math.max(...difference.map(Math.abs));
      expect(largest / (size / Math.sqrt(expected.length)), name).toBeLessThan(1e-5);
      const rounding = rounded.get(name)!.map((value, index) => value - expected[index]!);
      expect(norm(rounding) / size, `${name} in float32`).toBeLessThan(1e-5);
    }
  });
});
