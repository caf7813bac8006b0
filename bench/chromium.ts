/** A headless Chromium for races, and a server on this machine for what its pages read. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, normalize } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".jpg": "image/jpeg",
};

export interface Served {
  readonly body: string | Uint8Array;
  /** Path or ending by which its type is known; of bytes without one when left out. */
  readonly name?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PageServer {
  /** Such as http://127.0.0.1:4321. */
  readonly origin: string;
  close(): void;
}

/** The system's Chromium, without anything that would run beside a race. */
export function launchChromium(): Promise<Browser> {
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return chromium.launch({ executablePath: "/usr/bin/chromium", args });
}

/** On a free port. @param find what lies at a path, such as `/index.html`; undefined or an error where nothing does. */
export async function serve(find: (path: string) => Promise<Served | undefined>): Promise<PageServer> {
  const server = createServer(async (request, response) => {
    const found = await find(normalize(request.url ?? "/")).catch(() => undefined);
    if (!found) response.writeHead(404).end();
    else {
      const type = TYPES[extname(found.name ?? "")] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, ...found.headers }).end(found.body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Tells the seconds of processor time of the page's thread so far, by the browser's own metrics. */
export async function threadClock(tab: Page): Promise<() => Promise<number>> {
  const metrics = await tab.context().newCDPSession(tab);
  await metrics.send("Performance.enable");
  return async () => {
    const { metrics: values } = await metrics.send("Performance.getMetrics");
    return values.find(({ name }) => name === "ThreadTime")!.value;
  };
}
