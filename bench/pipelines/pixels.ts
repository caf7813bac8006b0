/**
 * What each way from a file or a decoded frame to the networks' pixels costs in headless Chromium, and how far landmarks move by it:
 * `npm run build && node dist/bench/pipelines/pixels.js [folder of photos]`. Needs /usr/bin/chromium and ffmpeg.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { median } from "../interleave.ts";
import { browserPages } from "./browser-pages.ts";
import { framesOf } from "./clip-frames.ts";
import { material } from "./material.ts";

const ROUNDS = 12;
const FRAMES = 3;

const folder = process.argv[2];
const { pictures, clip } = await material(folder);
const frames = await framesOf(clip, FRAMES);
const all = folder
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".jpg"))
      .map((name) => join(folder, name))
  : pictures;

await time("photos", pictures.slice(0, FRAMES));
await time("frames", frames);
const pages = await browserPages(all, console.error);
const tab = await pages.open("pixels.html");
await tab.waitForFunction("globalThis.comparePixels !== undefined");
const differences = await tab.evaluate<{ name: string; shares: number[]; missed: number }[]>(
  `comparePixels(${all.length})`,
);
for (const { name, shares, missed } of differences) {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  console.log(
    `landmarks of a ${name} beside those of all pixels: mean ${percent(mean)} of the outer eye distance, largest ${percent(Math.max(...shares))}, in ${shares.length} pictures; ${missed} found by one way only`,
  );
}
await pages.close();

async function time(name: string, paths: readonly string[]): Promise<void> {
  const pages = await browserPages(paths, console.error);
  const tab = await pages.open("pixels.html");
  await tab.waitForFunction("globalThis.timePixels !== undefined");
  const times = await tab.evaluate<Record<string, number[]>>(`timePixels(${paths.length}, ${ROUNDS})`);
  console.log(`${name}, ${pages.browser}: median milliseconds of ${ROUNDS * paths.length} interleaved runs`);
  for (const [step, values] of Object.entries(times)) {
    console.log(`  ${step.padEnd(44)}${median(values).toFixed(2)}`);
  }
  await pages.close();
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)} %`;
}
