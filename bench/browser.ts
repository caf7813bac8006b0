/**
 * The classifier in headless Chromium against onnxruntime-web (its faces normalised beforehand), one thread each, interleaved, per second of the page's
 * processor time as the browser's own metrics tell it: `npm run build && node dist/bench/browser.js`. Needs /usr/bin/chromium.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateFaces } from "@emotionnet/train";
import type { Browser } from "playwright-core";
import { launchChromium, type Served, serve, threadClock } from "./chromium.ts";
import { ratio, type Standing, standing } from "./interleave.ts";
import { compactModel, layersGraph } from "./models.ts";
import { versionOf } from "./peers.ts";
import { repository } from "./repository.ts";

const ROUNDS = 7;
const SECONDS = 0.5;

const page = `<!doctype html><title>bench</title><script type="module">
import { EmotionNet, normalise } from "/packages/core/dist/index.js";
import * as ort from "/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";
const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const faces = new Float32Array((await bytes("/faces")).buffer);
const singles = Array.from({ length: faces.length / 136 }, (_, face) => faces.subarray(face * 136, face * 136 + 136));
const target = new Float32Array(6);
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(await bytes("/graph"), { executionProviders: ["wasm"] });
const feeds = singles.map((face) => ({ x: new ort.Tensor("float32", normalise(face), [1, 136]) }));
const kernel = async (precision) => {
  const net = await EmotionNet.load(await bytes("/model"), { kernel: "simd", precision });
  return (turn) => void net.classifyBatch(singles[turn], 1, target);
};
const calls = [await kernel("f32"), await kernel("int16"), (turn) => session.run(feeds[turn])];
globalThis.callFor = async (contender, seconds) => {
  const call = calls[contender];
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 1000 * seconds) {
    for (let repeat = 0; repeat < 20; repeat++) {
      const pending = call(count++ % singles.length);
      if (pending) await pending;
    }
  }
  return count;
};
</script>`;

/** The default model at batch 1. */
export interface BrowserRace {
  /** Name and version. */
  readonly browser: string;
  /** Kernel f32, kernel int16, onnxruntime-web. */
  readonly standings: readonly Standing[];
  /** How many times as fast as onnxruntime-web each is. */
  readonly ratios: readonly number[];
}

/** Races in the system's Chromium, which must be there. */
export async function raceBrowser(): Promise<BrowserRace> {
  const model = compactModel();
  const { landmarks } = generateFaces({ persons: 64, samplesPerPerson: 8, seed: 990_001 });
  const made = new Map<string, Served>([
    ["/", { body: page, name: "index.html" }],
    ["/faces", { body: Buffer.from(landmarks.buffer, landmarks.byteOffset, landmarks.byteLength) }],
    ["/model", { body: await readFile(join(repository, "models/default/emotionnet.safetensors")) }],
    ["/graph", { body: layersGraph(model) }],
  ]);
  const server = await serve(async (path) => {
    return made.get(path) ?? { body: await readFile(join(repository, path)), name: path };
  });
  let browser: Browser | undefined;
  try {
    browser = await launchChromium();
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => console.error(error));
    await tab.goto(server.origin);
    await tab.waitForFunction("globalThis.callFor !== undefined");
    const threadSeconds = await threadClock(tab);
    const names = ["core kernel f32", "core kernel int16", `onnxruntime-web ${versionOf("onnxruntime-web")}`];
    const rates = names.map((): number[] => []);
    for (let round = -1; round < ROUNDS; round++) {
      for (const index of names.keys()) {
        const start = await threadSeconds();
        const calls = await tab.evaluate<number>(`callFor(${index}, ${SECONDS})`);
        const value = calls / ((await threadSeconds()) - start);
        // The first round warms up.
        if (round >= 0) rates[index]!.push(value);
      }
    }
    const standings = names.map((name, index) => standing(name, rates[index]!));
    return {
      browser: `Chromium ${browser.version()}`,
      standings,
      ratios: standings.map((one) => ratio(one, standings[2]!)),
    };
  } finally {
    await browser?.close();
    server.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { browser, standings, ratios } = await raceBrowser();
  console.log(`${browser}, batch 1, faces/s`);
  for (const [index, { name, median, best }] of standings.entries()) {
    console.log(
      `  ${name.padEnd(32)}${Math.round(median)} (${Math.round(best)})  × ${ratios[index]!.toFixed(2)}`,
    );
  }
}
