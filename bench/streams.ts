/**
 * Eight 360p files at once against one alone, on the same cores, in one run.
 *
 *     node dist/bench/streams.js [seconds of each clip, default 8] [rounds, default 3] [streams, default 8]
 *
 * One stream's ceiling is the better of its rates with one thread inside the networks and with one for each core. Every round
 * measures all three in turn, from the first result to the last; the medians are compared.
 */

import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { type AnalyzeOptions, analyze } from "@emotionnet/analyze";
import { drawMovingFace } from "./drawn-clip.ts";
import { median } from "./interleave.ts";

const [seconds = 8, rounds = 3, streams = 8] = process.argv.slice(2).map(Number);
const rate = 30;
const cores = availableParallelism();
const folder = mkdtempSync(join(tmpdir(), "emotionnet-streams-"));

/** Frames a second of all sources together, from the first result to the last. */
async function rateOf(sources: readonly string[], options: AnalyzeOptions = {}): Promise<number> {
  let frames = 0;
  let first = 0;
  for await (const { error } of analyze(sources, options)) {
    if (error) throw new Error(error.message);
    if (frames++ === 0) first = performance.now();
  }
  if (frames !== sources.length * seconds * rate) throw new Error(`${frames} frames came.`);
  return (1000 * (frames - 1)) / (performance.now() - first);
}

try {
  const clips = Array.from({ length: streams }, (_, index) => join(folder, `clip-${index + 1}.mp4`));
  await drawMovingFace(clips[0]!, { width: 640, height: 360, rate, seconds });
  for (const clip of clips.slice(1)) copyFileSync(clips[0]!, clip);
  const rates = { alone: [] as number[], aloneOnAllCores: [] as number[], together: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    rates.alone.push(await rateOf([clips[0]!]));
    rates.aloneOnAllCores.push(await rateOf([clips[0]!], { threads: cores }));
    rates.together.push(await rateOf(clips));
  }
  const [alone, onAll, together] = [rates.alone, rates.aloneOnAllCores, rates.together].map(median);
  const ceiling = Math.max(alone!, onAll!);
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(", ");
  console.log(
    `${cores} cores (${cpus()[0]?.model}), ${seconds} s of 640 x 360 at ${rate} frames/s, one drawn face`,
  );
  console.log(`one stream, 1 thread:    median ${alone!.toFixed(1)} frames/s (${list(rates.alone)})`);
  console.log(
    `one stream, ${cores} threads:   median ${onAll!.toFixed(1)} frames/s (${list(rates.aloneOnAllCores)})`,
  );
  console.log(
    `${streams} streams together:      median ${together!.toFixed(1)} frames/s (${list(rates.together)})`,
  );
  console.log(`together / one stream's ceiling: ${(together! / ceiling).toFixed(2)}`);
} finally {
  rmSync(folder, { recursive: true });
}
