/**
 * The own engine against ONNX Runtime's WebAssembly build on the face networks, interleaved, one thread each, in milliseconds of
 * processor time a run: `npm run build && node dist/bench/graph-engines.js [chromium|node]`. In Chromium (the default,
 * /usr/bin/chromium) the time is that of the page's thread as the browser tells it. Printed besides: the largest difference between
 * the own engine's numbers and ONNX Runtime's, against the largest number of that output or 1, and the time until the network was
 * loaded.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { Browser } from "playwright-core";
import { launchChromium, serve, threadClock } from "./chromium.ts";
import type { EngineName } from "./graph-engine-run.ts";
import { median } from "./interleave.ts";
import { versionOf } from "./peers.ts";
import { repository } from "./repository.ts";

const NETWORKS = [
  { name: "detector", file: "packages/vision/models/face-detector.onnx", size: 256, multiplyAdds: 191e6 },
  { name: "mesh", file: "packages/vision/models/attention-mesh-web.onnx", size: 192, multiplyAdds: 48e6 },
] as const;
type Network = (typeof NETWORKS)[number];

const BATCHES = [1, 4];
const ROUNDS = 9;
/** Wall-clock time of one engine in one round. */
const SECONDS = 0.4;

/** Where the race is run. */
interface Place {
  readonly name: string;
  engines(): Promise<EngineName[]>;
  prepare(engine: EngineName, network: Network, batch: number): Promise<Runs>;
  /** Seconds of processor time so far. */
  processorSeconds(): Promise<number>;
  close(): Promise<void>;
}

interface Runs {
  callFor(seconds: number): Promise<number>;
  outputs(): Promise<Readonly<Record<string, ArrayLike<number>>>>;
}

async function inNode(): Promise<Place> {
  // Node 20 knows relaxed SIMD only by this flag, later ones without it.
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  const { enginesHere, networkRun } = await import("./graph-engine-run.ts");
  return {
    name: `Node ${process.version}`,
    engines: async () => enginesHere(),
    prepare: async (engine, { file, size }, batch) =>
      networkRun(engine, await readFile(join(repository, file)), size, batch),
    processorSeconds: async () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    close: async () => {},
  };
}

const page = `<!doctype html><title>bench</title><script type="importmap">
{ "imports": {
  "#packages/": "/packages/",
  "@emotionnet/core": "/packages/core/dist/index.js",
  "@bufbuild/protobuf/wire": "/node_modules/@bufbuild/protobuf/dist/esm/wire/index.js",
  "onnxruntime-web/wasm": "/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs"
} }
</script><script type="module">
import { enginesHere, networkRun } from "/dist/bench/graph-engine-run.js";
const runs = [];
Object.assign(globalThis, {
  engines: enginesHere,
  prepare: async (engine, file, size, batch) => {
    const model = new Uint8Array(await (await fetch("/" + file)).arrayBuffer());
    return runs.push(await networkRun(engine, model, size, batch)) - 1;
  },
  callFor: (index, seconds) => runs[index].callFor(seconds),
  outputs: async (index) => {
    const all = Object.entries(await runs[index].outputs());
    return Object.fromEntries(all.map(([name, data]) => [name, [...data]]));
  },
  isReady: true,
});
</script>`;

async function inChromium(): Promise<Place> {
  const server = await serve(async (path) => {
    if (path === "/") return { body: page, name: "index.html" };
    return { body: await readFile(join(repository, path)), name: path };
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    server.close();
  };
  try {
    browser = await launchChromium();
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => console.error(error));
    await tab.goto(server.origin);
    await tab.waitForFunction("globalThis.isReady");
    const processorSeconds = await threadClock(tab);
    const call = <Result>(name: string, ...values: readonly (string | number)[]) =>
      tab.evaluate<Result>(`${name}(...${JSON.stringify(values)})`);
    return {
      name: `Chromium ${browser.version()}`,
      engines: () => call("engines"),
      prepare: async (engine, { file, size }, batch) => {
        const index = await call<number>("prepare", engine, file, size, batch);
        return {
          callFor: (seconds) => call("callFor", index, seconds),
          outputs: () => call("outputs", index),
        };
      },
      processorSeconds,
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function raceNetwork(place: Place, network: Network, batch: number): Promise<void> {
  const engines = await place.engines();
  const runs = new Map<EngineName, Runs>();
  const ready = new Map<EngineName, number>();
  for (const engine of engines) {
    const start = await place.processorSeconds();
    runs.set(engine, await place.prepare(engine, network, batch));
    ready.set(engine, 1000 * ((await place.processorSeconds()) - start));
  }
  const times = new Map(engines.map((engine): [EngineName, number[]] => [engine, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const engine of engines) {
      const start = await place.processorSeconds();
      const calls = await runs.get(engine)!.callFor(SECONDS);
      const milliseconds = (1000 * ((await place.processorSeconds()) - start)) / calls;
      // The first round warms up.
      if (round >= 0) times.get(engine)!.push(milliseconds);
    }
  }
  const reference = times.get("onnxruntime-web")!;
  const expected = await runs.get("onnxruntime-web")!.outputs();
  console.log(`${network.name}, batch ${batch}`);
  for (const engine of engines) {
    const own = times.get(engine)!;
    const ratio = median(own.map((value, round) => reference[round]! / value));
    const speed = (network.multiplyAdds * batch) / (median(own) / 1000) / 1e9;
    const difference = largestDifference(await runs.get(engine)!.outputs(), expected);
    console.log(
      `  ${engine.padEnd(18)}${median(own).toFixed(2).padStart(7)} ms (best ${Math.min(...own).toFixed(2)})` +
        `  × ${ratio.toFixed(2)}  ${speed.toFixed(1)} billion multiply-adds/s  differs by ${difference.toExponential(1)}` +
        `  ready in ${Math.round(ready.get(engine)!)} ms`,
    );
  }
}

function largestDifference(
  found: Readonly<Record<string, ArrayLike<number>>>,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): number {
  const differences = Object.entries(expected).map(([name, values]) => {
    const numbers = Array.from(values);
    const scale = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    return (
      numbers.reduce((most, value, at) => Math.max(most, Math.abs(value - found[name]![at]!)), 0) / scale
    );
  });
  return Math.max(...differences);
}

const place = await (process.argv[2] === "node" ? inNode() : inChromium());
try {
  console.log(
    `${place.name}, onnxruntime-web ${versionOf("onnxruntime-web")}, one thread; median of ${ROUNDS} rounds, times as fast as onnxruntime-web`,
  );
  for (const network of NETWORKS) for (const batch of BATCHES) await raceNetwork(place, network, batch);
} finally {
  await place.close();
}
