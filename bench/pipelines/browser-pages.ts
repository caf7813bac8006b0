/** Pages of bench/pipelines/page in a headless Chromium, with what they read served beside them. */

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { peersFolder, tensorFlowFiles } from "../peers.ts";
import { repository } from "../repository.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".jpg": "image/jpeg",
};

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
  const server = await serve(await bundledPages(), pictures);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const closeServer = () => {
    server.closeAllConnections();
    server.close();
  };
  let browser: Browser;
  try {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  } catch (error) {
    closeServer();
    throw error;
  }
  return {
    browser: `Chromium ${browser.version()}`,
    async open(path) {
      const tab = await browser.newPage();
      tab.on("pageerror", (error) => log(String(error)));
      await tab.goto(`${origin}/${path}`);
      return tab;
    },
    processes: () => browser.newBrowserCDPSession(),
    async close() {
      await browser.close();
      closeServer();
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
async function serve(pages: string, pictures: readonly string[]): Promise<Server> {
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
        : join(folders[first] ?? join(pages, first), rest.join("/"));
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
