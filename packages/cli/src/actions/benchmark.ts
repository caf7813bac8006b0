/** `emotionnet benchmark`: faces a second of a model, beside its accuracy. */

import { EmotionNet, type Model } from "@emotionnet/core";
import {
  type BenchmarkReport,
  benchmarkModel,
  CARD_DEVICES,
  keyFrom,
  readTrainableModel,
} from "@emotionnet/train";
import type { BenchmarkFlags } from "../commands/benchmark.ts";
import { EXIT, type Session } from "../session.ts";
import { table } from "../terminal/table.ts";

export async function runBenchmark(session: Session, flags: BenchmarkFlags): Promise<number> {
  const report = await benchmarkModel({
    model: await modelOf(flags),
    engine: flags.engine,
    precision: flags.precision,
    batches: flags.batch,
    threads: flags.threads,
    seconds: flags.duration,
    signal: session.signal,
    onProgress: session.progress.show,
  });
  session.progress.clear();
  await session.print(
    flags.json
      ? `${JSON.stringify({ ...report, card: CARD_DEVICES }, null, 2)}\n`
      : reportText(report, session.colours.bold),
  );
  return EXIT.ok;
}

async function modelOf(flags: BenchmarkFlags): Promise<Model> {
  if (flags.model !== undefined) return readTrainableModel(flags.model, keyFrom(flags, process.env));
  return (await EmotionNet.load()).model;
}

function reportText(report: BenchmarkReport, bold: (text: string) => string): string {
  const { machine, memory } = report;
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  const timings = table([
    ["batch", "faces/s", "median ms", "p95 ms", "p99 ms", "calls"],
    ...report.timings.map(({ batch, facesPerSecond, median, p95, p99, calls }) => [
      String(batch),
      whole(facesPerSecond),
      ...[median, p95, p99].map((milliseconds) => milliseconds.toFixed(4)),
      whole(calls),
    ]),
  ]);
  const card = table([
    ["device", "frames/s"],
    ...CARD_DEVICES.map(({ device, framesPerSecond }) => [device, whole(framesPerSecond)]),
  ]);
  return [
    bold(`${report.model}  ${report.network}`),
    `engine     ${report.engine}`,
    `machine    ${machine.processor}, ${machine.cores} cores; ${machine.system}; ${machine.runtime}`,
    `memory     ${megabytes(memory.resident)} resident, ${megabytes(memory.heap)} heap`,
    `accuracy   ${accuracyText(report)}`,
    "",
    timings,
    "",
    "For context, the card of the original model (1.13 M parameters, FP16, batch 1, other hardware):",
    card,
    "",
  ].join("\n");
}

function accuracyText({ accuracy }: BenchmarkReport): string {
  const { simulatedFaces, sameAnswer, largestProbabilityDifference, macroF1 } = accuracy;
  const f1 = macroF1
    ? `macro F1 ${macroF1.timed.toFixed(4)} (full precision ${macroF1.fullPrecision.toFixed(4)}); `
    : "";
  return (
    `${whole(simulatedFaces)} simulated faces: ${f1}same answer for ${(100 * sameAnswer).toFixed(2)} %, ` +
    `probabilities differ by at most ${largestProbabilityDifference.toPrecision(2)}`
  );
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
