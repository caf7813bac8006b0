/**
 * Our browser build against Human (WebAssembly backend) in headless Chromium, interleaved, each in a tab of its own:
 * `npm run build && node dist/bench/pipelines/browser-race.js [photo|video] [folder of photos]`. Needs /usr/bin/chromium, ffmpeg for
 * the frames, and the network once for TensorFlow.js.
 */

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { openVideo, writePhoto } from "@emotionnet/media";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { peersFolder, tensorFlowFiles, versionOf } from "../peers.ts";
import { repository } from "../repository.ts";
import { type Material, material } from "./material.ts";
import {
  type PipelineStanding,
  type Round,
  type Runner,
  racePipelines,
  standingLines,
} from "./pipeline-race.ts";

export const BROWSER_ROUNDS = 5;
/** Frames of the clip that both see, every one from the start, as pictures that are decoded beforehand. */
const FRAMES = 20;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".jpg": "image/jpeg",
};

/**
 * One thread each; and each on a page that may use threads: ours with two of them, Human with as many as it takes by itself (half
 * of the cores).
 */
const CONTENDERS = [
  { who: "ours", name: "ours", preset: "balanced", threads: 1 },
  { who: "ours", name: "ours, preset fast", preset: "fast", threads: 1 },
  { who: "human", name: "", threads: 1 },
  { who: "ours", name: "ours, two threads", preset: "balanced", threads: 2 },
  { who: "human", name: ", page with threads", threads: 2 },
] as const;

const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export interface PipelineBrowserRace {
  /** Name and version. */
  readonly browser: string;
  readonly standings: readonly PipelineStanding[];
}

export async function raceInBrowser(
  kind: "photo" | "video",
  races: Material,
  log: (line: string) => void,
): Promise<PipelineBrowserRace> {
  const pictures = kind === "photo" ? races.pictures : await framesOf(races.clip);
  const page = await bundledPage();
  const server = await serve(page, pictures);
  let browser: Browser | undefined;
  try {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    const human = `Human ${versionOf("@vladmandic/human")}`;
    const runners: Runner[] = [];
    for (const contender of CONTENDERS) {
      const { who, threads } = contender;
      const tab = await browser.newPage();
      tab.on("pageerror", (error) => log(String(error)));
      // Only isolated pages may share memory between threads.
      const page = threads > 1 ? "isolated/index.html" : "index.html";
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${page}`);
      await tab.waitForFunction("globalThis.prepare !== undefined");
      await tab.evaluate(`prepare(${JSON.stringify({ ...contender, kind, pictures: pictures.length })})`);
      const metrics = await tab.context().newCDPSession(tab);
      await metrics.send("Performance.enable");
      runners.push({
        name: who === "ours" ? contender.name : human + contender.name,
        round: () => roundOf(tab, metrics),
        ...(threads > 1 ? { processor: "unknown" } : {}),
      });
    }
    const standings = await racePipelines(runners, BROWSER_ROUNDS, log);
    return { browser: `Chromium ${browser.version()}`, standings };
  } finally {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  }
}

async function roundOf(tab: Page, metrics: CDPSession): Promise<Round> {
  const threadSeconds = async () => {
    const { metrics: values } = await metrics.send("Performance.getMetrics");
    return values.find(({ name }) => name === "ThreadTime")!.value;
  };
  const before = await threadSeconds();
  const done = await tab.evaluate<{ items: number; faces: number; seconds: number }>("round()");
  return { ...done, processorSeconds: (await threadSeconds()) - before };
}

/** Frames as JPEG files, which both decode before the clock starts. */
async function framesOf(clip: string): Promise<string[]> {
  const { frames } = await openVideo(clip);
  const paths: string[] = [];
  for await (const { index, image } of frames) {
    const path = join(peersFolder, "material", `frame-${index}.jpg`);
    await writePhoto(path, image);
    paths.push(path);
    if (paths.length === FRAMES) break;
  }
  return paths;
}

/** Folder of the page, bundled as a web application would be. */
async function bundledPage(): Promise<string> {
  const outDir = join(peersFolder, "dist");
  const root = join(repository, "bench/pipelines/page");
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["module", "browser", "production"] },
    build: { outDir, emptyOutDir: true, assetsDir: "", target: "es2023", chunkSizeWarningLimit: 1e5 },
  });
  return outDir;
}

/** The page, the pictures as /picture/N, Human's models as /models/… and TensorFlow.js's WebAssembly as /tensorflow/…. */
async function serve(page: string, pictures: readonly string[]): Promise<Server> {
  const folders: Readonly<Record<string, string>> = {
    models: join(repository, "node_modules/@vladmandic/human/models"),
    tensorflow: tensorFlowFiles(),
  };
  const server = createServer(async (request, response) => {
    const parts = normalize(request.url ?? "/")
      .slice(1)
      .split("/");
    const isIsolated = parts[0] === "isolated";
    const [first = "", ...rest] = isIsolated ? parts.slice(1) : parts;
    const path =
      first === "picture"
        ? pictures[Number(rest[0])]!
        : join(folders[first] ?? join(page, first), rest.join("/"));
    const body = await readFile(path).catch(() => undefined);
    if (body === undefined) response.writeHead(404).end();
    else {
      const type = { "content-type": TYPES[extname(path)] ?? "application/octet-stream" };
      response.writeHead(200, { ...type, ...(isIsolated ? ISOLATION : {}) }).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [wanted, folder] = process.argv.slice(2);
  const races = await material(folder);
  console.log(races.description);
  for (const kind of ["photo", "video"] as const) {
    if (wanted !== undefined && wanted !== kind) continue;
    const { browser, standings } = await raceInBrowser(kind, races, (line) =>
      console.error(`${kind}: ${line}`),
    );
    console.log([browser, ...standingLines(standings, kind === "photo" ? "photos" : "frames")].join("\n"));
  }
}
