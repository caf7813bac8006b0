import { networkSpec } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { Random } from "../generator/random.ts";
import { ADAM_DEFAULTS, correctedLearningRate } from "./adam.ts";
import { DropoutMasks } from "./dropout-masks.ts";
import { initialParameters, layersFromParameters, parametersFromLayers } from "./parameters.ts";
import { targetRows } from "./softmax-cross-entropy.ts";
import { type StepFeeds, StepRunner } from "./step-runner.ts";
import type { StepOptions } from "./training-step.ts";

const batchSize = 16;
const classes = ["a", "b", "c"];

function optionsOf(overrides: Partial<StepOptions> = {}): StepOptions {
  const spec = networkSpec([8, 8], { inputs: 4, classes });
  return { spec, batchSize, frozenLayers: 0, adam: ADAM_DEFAULTS, ...overrides };
}

/** A learnable task: the class is the sign pattern of the first two inputs. */
function feedsOf(random: Random, masks: DropoutMasks, learningRate: number): StepFeeds {
  const inputs = Float32Array.from({ length: batchSize * 4 }, () => random.normal());
  const rows = targetRows(classes.length);
  const targets = new Float32Array(batchSize * 3);
  for (let sample = 0; sample < batchSize; sample++) {
    const label = inputs[4 * sample]! > 0 ? 0 : inputs[4 * sample + 1]! > 0 ? 1 : 2;
    targets.set(rows.subarray(3 * label, 3 * label + 3), 3 * sample);
  }
  return {
    inputs,
    targets,
    masks: masks.draw(random),
    learningRate,
    statisticsRate: 0.01,
  };
}

async function train(options: StepOptions, steps: number) {
  const random = new Random(3);
  const masks = new DropoutMasks(options.spec, batchSize, random);
  const runner = await StepRunner.create(options, initialParameters(options.spec, random), 1);
  const start = runner.state();
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    losses.push(await runner.run(feedsOf(random, masks, correctedLearningRate(0.01, step, options.adam))));
  }
  const state = runner.state();
  await runner.release();
  return { start, state, losses };
}

describe("StepRunner", () => {
  it("learns", async () => {
    const { losses } = await train(optionsOf(), 400);
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(losses.slice(0, 10))).toBeGreaterThan(0.9);
    expect(mean(losses.slice(-50))).toBeLessThan(0.6);
  });

  it("is bit for bit repeatable", async () => {
    const first = await train(optionsOf(), 20);
    expect((await train(optionsOf(), 20)).state).toEqual(first.state);
  });

  it("leaves frozen layers alone, but not their batch norm", async () => {
    const { start, state } = await train(optionsOf({ frozenLayers: 1 }), 5);
    expect(state.get("dense0.kernel")).toEqual(start.get("dense0.kernel"));
    expect(state.get("dense0.gamma")).not.toEqual(start.get("dense0.gamma"));
    expect(state.get("dense1.kernel")).not.toEqual(start.get("dense1.kernel"));
    expect(state.has("dense0.kernel.square")).toBe(false);
  });

  it("moves running statistics by their rate", async () => {
    const options = optionsOf();
    const { state } = await train(options, 1);
    const random = new Random(3);
    const masks = new DropoutMasks(options.spec, batchSize, random);
    const kernel = initialParameters(options.spec, random).get("dense0.kernel")!;
    const { inputs } = feedsOf(random, masks, 0);
    for (let unit = 0; unit < 8; unit++) {
      const outputs = Array.from({ length: batchSize }, (_, row) =>
        [0, 1, 2, 3].reduce((sum, input) => sum + inputs[row * 4 + input]! * kernel[input * 8 + unit]!, 0),
      );
      const mean = outputs.reduce((sum, value) => sum + value, 0) / batchSize;
      const variance = outputs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / batchSize;
      expect(state.get("dense0.mean")![unit]).toBeCloseTo(0.01 * mean, 6);
      expect(state.get("dense0.variance")![unit]).toBeCloseTo(0.99 + 0.01 * variance, 5);
    }
  });
});

describe("Adam in the graph", () => {
  /**
   * A constant gradient g has the closed form m̂ = g, v̂ = g², so each step moves a weight by lr·g/(|g| + ε̂), with
   * ε̂ = ε/√(1 − β₂ᵗ). All samples alike and zero kernels make the head's bias gradient constant for lr → 0.
   */
  it("agrees with the closed form for a constant gradient over k steps", async () => {
    const spec = networkSpec([], { inputs: 1, classes: ["a", "b"] });
    const options = optionsOf({ spec });
    const runner = await StepRunner.create(options, new Map(), 1);
    const learningRate = 1e-6;
    const [steps, gradient] = [25, 0.5];
    const targets = new Float32Array(batchSize * 2).map((_, index) => (index % 2 === 0 ? 1 : 0));
    let expected = 0;
    for (let step = 1; step <= steps; step++) {
      await runner.run({
        inputs: new Float32Array(batchSize),
        targets,
        masks: [],
        learningRate: correctedLearningRate(learningRate, step, ADAM_DEFAULTS),
      });
      expected += (learningRate * gradient) / (gradient + 1e-8 / Math.sqrt(1 - 0.999 ** step));
    }
    const bias = runner.state().get("dense0.bias")!;
    expect(Math.abs(bias[0]! / expected - 1)).toBeLessThan(1e-4);
    expect(Math.abs(bias[1]! / -expected - 1)).toBeLessThan(1e-4);
    const [mean, square] = [
      runner.state().get("dense0.bias.mean")!,
      runner.state().get("dense0.bias.square")!,
    ];
    expect(mean[0]).toBeCloseTo(-gradient * (1 - 0.9 ** steps), 4);
    expect(square[0]).toBeCloseTo(gradient ** 2 * (1 - 0.999 ** steps), 5);
  });
});

describe("parameters", () => {
  it("go to layers and back, a bias before batch norm into the running mean", () => {
    const spec = networkSpec([8, 8], { inputs: 4, classes });
    const values = initialParameters(spec, new Random(1));
    expect(parametersFromLayers(layersFromParameters(spec, values))).toEqual(values);
    const layers = layersFromParameters(spec, values);
    layers[0]!.bias.fill(0.5);
    expect(parametersFromLayers(layers).get("dense0.mean")![3]).toBe(-0.5);
  });
});
