/**
 * Our training step against PyTorch: the same network and batch, one thread, dropout 0.3, Adam, L2, interleaved:
 * `npm run build && node dist/bench/training.js [batch]`. Needs Debian's python3-torch (apt-get install python3-torch).
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type NetworkSpec, networkSpec, PROFILES, type ProfileName } from "@emotionnet/core";
import { Random } from "#packages/train/dist/generator/random.js";
import { DropoutMasks } from "#packages/train/dist/step/dropout-masks.js";
import { initialParameters } from "#packages/train/dist/step/parameters.js";
import { StepRunner } from "#packages/train/dist/step/step-runner.js";
import type { StepOptions } from "#packages/train/dist/step/training-step.js";
import { rate, ratio, type Standing, standing, type Work } from "./interleave.ts";
import { repository } from "./repository.ts";

const ROUNDS = 5;
const SECONDS = 2.5;
const PYTHON = "/usr/bin/python3";

interface OurStep extends Work {
  release(): Promise<void>;
}

interface TorchStep {
  readonly version: string;
  /** Samples a second of processor time, trained for so many seconds. */
  rate(seconds: number): Promise<number>;
  end(): void;
}

export interface TrainingRace {
  readonly profile: ProfileName;
  readonly batch: number;
  /** Ours, then PyTorch where it is installed. */
  readonly standings: readonly Standing[];
  /** How many times as fast as PyTorch ours is. */
  readonly ratio?: number;
}

/** One training step a call, on ONNX Runtime. */
async function ourStep(spec: NetworkSpec, batch: number, threads: number): Promise<OurStep> {
  const random = new Random(1, 1);
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const options: StepOptions = {
    spec,
    batchSize: batch,
    regularisation: { kind: "l2", factor: 1e-5 },
    frozenLayers: 0,
    adam,
  };
  const runner = await StepRunner.create(options, initialParameters(spec, random), threads);
  const masks = new DropoutMasks(spec, batch, random);
  const inputs = Float32Array.from({ length: 136 * batch }, () => random.uniform(-1, 1));
  const targets = new Float32Array(6 * batch);
  for (let sample = 0; sample < batch; sample++) targets[6 * sample + random.integer(6)] = 1;
  const call = () =>
    runner.run({ inputs, targets, masks: masks.draw(random), learningRate: 1e-3, statisticsRate: 0.01 });
  return { samples: batch, call, isAsync: true, release: () => runner.release() };
}

/** PyTorch in a process of its own that works only when asked; undefined where it is not installed. */
async function torchStep(spec: NetworkSpec, batch: number, threads: number): Promise<TorchStep | undefined> {
  const settings = JSON.stringify({ hidden: spec.hidden, dropout: spec.dropout, batch, threads });
  const script = join(repository, "bench/training.py");
  const python = spawn(PYTHON, [script, settings], { stdio: ["pipe", "pipe", "ignore"] });
  python.on("error", () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return undefined;
  return {
    version: String(JSON.parse(first.value).version),
    async rate(seconds: number) {
      python.stdin.write(`${seconds}\n`);
      return Number((await lines.next()).value);
    },
    end: () => python.stdin.end(),
  };
}

/** Races the reference profile. */
export async function raceTraining(batch = 1024): Promise<TrainingRace> {
  const profile: ProfileName = "reference";
  const threads = 1;
  const spec = networkSpec(PROFILES[profile]);
  const ours = await ourStep(spec, batch, threads);
  const torch = await torchStep(spec, batch, threads);
  const rates: { ours: number[]; torch: number[] } = { ours: [], torch: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const mine = await rate(ours, SECONDS);
    const theirs = await torch?.rate(SECONDS);
    // The first round warms up.
    if (round < 0) continue;
    rates.ours.push(mine);
    if (theirs !== undefined) rates.torch.push(theirs);
  }
  await ours.release();
  torch?.end();
  const mine = standing("our step on ONNX Runtime", rates.ours);
  if (!torch) return { profile, batch, standings: [mine] };
  const theirs = standing(`PyTorch ${torch.version}`, rates.torch);
  return { profile, batch, standings: [mine, theirs], ratio: ratio(mine, theirs) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const batch = Number(process.argv[2] ?? 1024);
  const result = await raceTraining(batch);
  for (const { name, median, best } of result.standings) {
    console.log(`${name}: ${Math.round(median)} samples/s (best ${Math.round(best)})`);
  }
  if (result.ratio) console.log(`ratio ${result.ratio.toFixed(2)}`);
  else console.log(`PyTorch is not installed for ${PYTHON}: apt-get install python3-torch`);
}
