/**
 * The classifier in headless Chromium against onnxruntime-web (its faces normalised beforehand), one thread each, interleaved, per second of the page's
 * processor time as the browser's own metrics tell it: `npm run build && node dist/bench/browser.js`. Needs /usr/bin/chromium.
 */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { generateFaces } from "@emotionnet/train";
import { type Browser, chromium } from "playwright-core";
import { ratio, type Standing, standing } from "./interleave.ts";
import { compactModel, layersGraph } from "./models.ts";
import { versionOf } from "./peers.ts";
import { repository } from "./repository.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};
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
  const made = new Map<string, readonly [body: string | Uint8Array, type: string]>([
    ["/", [page, "text/html"]],
    [
      "/faces",
      [Buffer.from(landmarks.buffer, landmarks.byteOffset, landmarks.byteLength), "application/octet-stream"],
    ],
    [
      "/model",
      [await readFile(join(repository, "models/default/emotionnet.safetensors")), "application/octet-stream"],
    ],
    ["/graph", [layersGraph(model), "application/octet-stream"]],
  ]);
  const server = createServer(async (request, response) => {
    const path = normalize(request.url ?? "/");
    const [body, type] = made.get(path) ?? [
      await readFile(join(repository, path)).catch(() => undefined),
      TYPES[extname(path)],
    ];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type ?? "application/octet-stream" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let browser: Browser | undefined;
  try {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => console.error(error));
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await tab.waitForFunction("globalThis.callFor !== undefined");
    const metrics = await tab.context().newCDPSession(tab);
    await metrics.send("Performance.enable");
    const threadSeconds = async () => {
      const { metrics: values } = await metrics.send("Performance.getMetrics");
      return values.find(({ name }) => name === "ThreadTime")!.value;
    };
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
    server.closeAllConnections();
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
