/**
 * Our training step against PyTorch: the same network, batch and threads, dropout 0.3, Adam, L2, interleaved:
 * `npm run build && node dist/bench/training.js [batch] [threads]`. Needs Debian's python3-torch and, for PyTorch to be
 * at its best, OpenBLAS (apt-get install python3-torch libopenblas0-pthread).
 *
 * Both sides go through eight batches in turn. PyTorch draws its dropout masks and we take views of our prepared pool, as
 * each does in real training. One thread is measured per second of processor time, which leaves out what else the machine
 * does; more threads wait for one another, so they are measured by the clock and need a quiet machine.
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
import { ratio, type Standing, standing } from "./interleave.ts";
import { repository } from "./repository.ts";

const ROUNDS = 5;
const SECONDS = 2.5;
const PYTHON = "/usr/bin/python3";

const BATCHES = 8;

/** Samples a second. */
interface Rates {
  readonly clock: number;
  readonly processor: number;
}

interface Step {
  readonly name: string;
  /** Trains for so many seconds. */
  rates(seconds: number): Promise<Rates>;
  end(): Promise<void>;
}

export interface TrainingRace {
  readonly profile: ProfileName;
  readonly batch: number;
  readonly threads: number;
  /** What the rates count: seconds of processor time or of the clock. */
  readonly unit: keyof Rates;
  /** Ours, then PyTorch where it is installed. */
  readonly standings: readonly Standing[];
  /** How many times as fast as PyTorch ours is. */
  readonly ratio?: number;
}

async function ourStep(spec: NetworkSpec, batch: number, threads: number): Promise<Step> {
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
  const batches = Array.from({ length: BATCHES }, () => {
    const inputs = Float32Array.from({ length: 136 * batch }, () => random.normal());
    const targets = new Float32Array(6 * batch);
    for (let sample = 0; sample < batch; sample++) targets[6 * sample + random.integer(6)] = 1;
    return { inputs, targets };
  });
  const rates = async (seconds: number): Promise<Rates> => {
    const start = performance.now();
    const worked = process.cpuUsage();
    let steps = 0;
    for (; performance.now() < start + 1000 * seconds; steps++) {
      const masksOfStep = masks.draw(random);
      const rest = { masks: masksOfStep, learningRate: 1e-3, statisticsRate: 0.01 };
      await runner.run({ ...batches[steps % BATCHES]!, ...rest });
    }
    const { user, system } = process.cpuUsage(worked);
    const clock = (1000 * steps * batch) / (performance.now() - start);
    return { clock, processor: (1e6 * steps * batch) / (user + system) };
  };
  return { name: "our step on ONNX Runtime", rates, end: () => runner.release() };
}

/** PyTorch in a process of its own that works only when asked; undefined where it is not installed. */
async function torchStep(spec: NetworkSpec, batch: number, threads: number): Promise<Step | undefined> {
  const settings = JSON.stringify({ hidden: spec.hidden, dropout: spec.dropout, batch, threads });
  const script = join(repository, "bench/training.py");
  const python = spawn(PYTHON, [script, settings], { stdio: ["pipe", "pipe", "ignore"] });
  python.on("error", () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return undefined;
  const { version, blas } = JSON.parse(first.value) as { version: string; blas: string };
  return {
    name: `PyTorch ${version} on ${blas || "its own BLAS"}`,
    async rates(seconds) {
      python.stdin.write(`${seconds}\n`);
      return JSON.parse((await lines.next()).value) as Rates;
    },
    async end() {
      python.stdin.end();
    },
  };
}

/** Races the reference profile. */
export async function raceTraining(batch = 1024, threads = 1): Promise<TrainingRace> {
  const profile: ProfileName = "reference";
  const spec = networkSpec(PROFILES[profile]);
  const unit: keyof Rates = threads === 1 ? "processor" : "clock";
  const torch = await torchStep(spec, batch, threads);
  const steps = [await ourStep(spec, batch, threads), ...(torch ? [torch] : [])];
  const rates = steps.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, step] of steps.entries()) {
      const measured = await step.rates(SECONDS);
      // The first round warms up.
      if (round >= 0) rates[index]!.push(measured[unit]);
    }
  }
  for (const step of steps) await step.end();
  const standings = steps.map(({ name }, index) => standing(name, rates[index]!));
  const [mine, theirs] = standings;
  const race = { profile, batch, threads, unit, standings };
  return theirs ? { ...race, ratio: ratio(mine!, theirs) } : race;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [batch = 1024, threads = 1] = process.argv.slice(2).map(Number);
  const result = await raceTraining(batch, threads);
  console.log(`batch ${batch}, ${threads} threads, samples a second by ${result.unit} time`);
  for (const { name, median, best } of result.standings) {
    console.log(`${name}: ${Math.round(median)} samples/s (best ${Math.round(best)})`);
  }
  if (result.ratio) console.log(`ratio ${result.ratio.toFixed(2)}`);
  else
    console.log(`PyTorch is not installed for ${PYTHON}: apt-get install python3-torch libopenblas0-pthread`);
}
