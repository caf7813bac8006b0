/** Pages of bench/pipelines/page in a headless Chromium, with what they read served beside them. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { build } from "vite";
import { launchChromium, type PageServer, serve } from "../chromium.ts";
import { peersFolder, tensorFlowFiles } from "../peers.ts";
import { repository } from "../repository.ts";

const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export interface BrowserPages {
  /** Name and version. */
  readonly browser: string;
  /** A tab with one of the pages. @param path such as `index.html`, or `isolated/index.html` where threads may share memory. */
  open(path: string): Promise<Page>;
  /** Tells about the processes of the browser. */
  processes(): Promise<CDPSession>;
  close(): Promise<void>;
}

/** @param pictures paths of what the pages find at /picture/N. */
export async function browserPages(
  pictures: readonly string[],
  log: (line: string) => void,
): Promise<BrowserPages> {
  const server = await serveFiles(await bundledPages(), pictures);
  let browser: Browser;
  try {
    browser = await launchChromium();
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    browser: `Chromium ${browser.version()}`,
    async open(path) {
      const tab = await browser.newPage();
      tab.on("pageerror", (error) => log(String(error)));
      await tab.goto(`${server.origin}/${path}`);
      return tab;
    },
    processes: () => browser.newBrowserCDPSession(),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Folder of the pages, bundled as a web application would be. */
async function bundledPages(): Promise<string> {
  const outDir = join(peersFolder, "dist");
  const root = join(repository, "bench/pipelines/page");
  const input = ["index.html", "pixels.html"].map((name) => join(root, name));
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["module", "browser", "production"] },
    worker: { format: "es" },
    build: {
      outDir,
      emptyOutDir: true,
      assetsDir: "",
      target: "es2023",
      chunkSizeWarningLimit: 1e5,
      rollupOptions: { input },
    },
  });
  return outDir;
}

/** The pages, the pictures as /picture/N, Human's models as /models/… and TensorFlow.js's WebAssembly as /tensorflow/…. */
function serveFiles(pages: string, pictures: readonly string[]): Promise<PageServer> {
  const folders: Readonly<Record<string, string>> = {
    models: join(repository, "node_modules/@vladmandic/human/models"),
    tensorflow: tensorFlowFiles(),
  };
  return serve(async (address) => {
    const parts = address.slice(1).split("/");
    const isIsolated = parts[0] === "isolated";
    const [first = "", ...rest] = isIsolated ? parts.slice(1) : parts;
    const path =
      first === "picture"
        ? pictures[Number(rest[0])]!
        : join(folders[first] ?? join(pages, first), rest.join("/"));
    return { body: await readFile(path), name: path, headers: isIsolated ? ISOLATION : {} };
  });
}
