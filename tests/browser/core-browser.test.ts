import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EmotionNet, type GoldenVectors, writeModel } from "@emotionnet/core";
import { randomGolden, randomModel } from "@emotionnet/core/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundle, bundleCore } from "./bundle.ts";
import { findChromium, launchChromium, type Page, serve } from "./chromium.ts";

const TOLERANCE = 1e-5;
const MAXIMUM_BUNDLE_BYTES = 30 * 1024;
const WIDE_BATCH = 150;
/** Allows WebAssembly, but no worker made of text. */
const NO_BLOB = "script-src 'self' 'wasm-unsafe-eval'";

const executablePath = findChromium();
const skipped = executablePath ? "" : " (skipped: no Chromium on this machine)";
const folder = fileURLToPath(new URL("../../models/default/", import.meta.url));
const hasModel = existsSync(`${folder}emotionnet.safetensors`);
const withoutModel = skipped || (hasModel ? "" : " (skipped: models/default has no model)");

let bundle: Bundle;
let browser: Browser;
let server: Awaited<ReturnType<typeof serve>>;

const model = randomModel(31);
const golden = randomGolden(model, 30);

beforeAll(async () => {
  bundle = await bundleCore();
  const body = '<!doctype html><title>core</title><script type="module" src="/page.js"></script>';
  const html: Page = { type: "text/html", body };
  const pages = new Map<string, Page>([
    ["/", html],
    ["/no-blob", { ...html, headers: { "content-security-policy": NO_BLOB } }],
    ["/strict", { ...html, headers: { "content-security-policy": "script-src 'self'" } }],
    [
      "/page.js",
      { type: "text/javascript", body: 'import * as core from "/core.js"; globalThis.core = core;' },
    ],
    ["/random.safetensors", { type: "application/octet-stream", body: writeModel(model) }],
  ]);
  for (const [name, body] of bundle.files) pages.set(`/${name}`, { type: "text/javascript", body });
  if (hasModel) {
    const body = readFileSync(`${folder}emotionnet.safetensors`);
    pages.set("/default.safetensors", { type: "application/octet-stream", body });
  }
  server = await serve(pages);
  if (executablePath) browser = await launchChromium(executablePath);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

interface BrowserAnswer {
  readonly kernel: string;
  readonly goldenDifference: number;
  readonly probabilities: number[];
}

/** Loads a model on a page of the server, checks golden vectors and classifies `flat`. No address: the embedded model. */
async function inBrowser(
  address: string | undefined,
  kernel: "auto" | "simd" | "scalar",
  vectors: GoldenVectors,
  flat: number[] = [],
  path = "/",
): Promise<BrowserAnswer> {
  const page = await browser.newPage();
  await page.goto(`${server.origin}${path}`);
  const task = { address: address && `${server.origin}${address}`, kernel, vectors, flat };
  const answer = await page.evaluate(async ({ address, kernel, vectors, flat }) => {
    const { checkGolden, EmotionNet } = (globalThis as unknown as { core: typeof import("@emotionnet/core") })
      .core;
    const net = await EmotionNet.load(address, { kernel });
    return {
      kernel: net.kernelName,
      goldenDifference: checkGolden(net, vectors),
      probabilities: Array.from(net.classifyBatch(flat, flat.length / 136)),
    };
  }, task);
  await page.close();
  return answer;
}

/** A batch of faces by the network itself and by a pool of two workers on a page of the server, twice. */
async function poolInBrowser(path: string, precision: "f32" | "int16", workerFile?: string) {
  const page = await browser.newPage();
  await page.goto(`${server.origin}${path}`);
  const flat = Array.from(
    { length: WIDE_BATCH },
    (_, face) => golden.cases[face % golden.cases.length]!.landmarks,
  ).flat();
  const address = `${server.origin}/random.safetensors`;
  try {
    return await page.evaluate(
      async ({ address, precision, flat, workerFile }) => {
        const { EmotionNet } = (globalThis as unknown as { core: typeof import("@emotionnet/core") }).core;
        const net = await EmotionNet.load(address, { precision });
        const pool = await net.pool({
          threads: 2,
          ...(workerFile ? { createWorker: () => new Worker(workerFile, { type: "module" }) } : {}),
        });
        const count = flat.length / 136;
        const [got, again] = await Promise.all([
          pool.classifyBatch(flat, count),
          pool.classifyBatch(Float32Array.from(flat), count),
        ]);
        pool.close();
        const wanted = net.classifyBatch(flat, count);
        return { wanted: Array.from(wanted), got: Array.from(got), again: Array.from(again) };
      },
      { address, precision, flat, workerFile },
    );
  } finally {
    await page.close();
  }
}

function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length);
  return Array.from(one).reduce(
    (largest, value, index) => Math.max(largest, Math.abs(value - other[index]!)),
    0,
  );
}

describe.skipIf(!executablePath)(`core in Chromium${skipped}`, () => {
  it.each(["simd", "scalar"] as const)(
    "gives golden vectors and batches like Node on the %s kernel",
    async (kernel) => {
      const faces = Array.from(
        { length: WIDE_BATCH },
        (_, face) => golden.cases[face % golden.cases.length]!.landmarks,
      );
      const flat = faces.flat();
      const answer = await inBrowser("/random.safetensors", kernel, golden, flat);
      expect(answer.kernel).toBe(kernel);
      expect(answer.goldenDifference).toBeLessThan(TOLERANCE);
      const node = await EmotionNet.load(model, { kernel: "scalar" });
      expect(largestDifference(answer.probabilities, node.classifyBatch(flat, WIDE_BATCH))).toBeLessThan(
        TOLERANCE,
      );
    },
  );

  it("takes SIMD by itself, and plain TypeScript on a page that forbids WebAssembly", async () => {
    expect((await inBrowser("/random.safetensors", "auto", golden)).kernel).toBe("simd");
    const strict = await inBrowser("/random.safetensors", "auto", golden, [], "/strict");
    expect(strict.kernel).toBe("scalar");
    expect(strict.goldenDifference).toBeLessThan(TOLERANCE);
  });

  it.each(["f32", "int16"] as const)("shares batches between workers, %s", async (precision) => {
    const { wanted, got, again } = await poolInBrowser("/", precision);
    expect(got).toEqual(wanted);
    expect(again).toEqual(wanted);
    expect(new Set(wanted).size).toBeGreaterThan(WIDE_BATCH);
  });

  it("shares batches on a page that forbids workers made of text, with a worker of the server", async () => {
    await expect(poolInBrowser("/no-blob", "f32")).rejects.toThrow(/did not start.*worker-src blob:/);
    const { wanted, got } = await poolInBrowser("/no-blob", "f32", "/pool-worker.js");
    expect(got).toEqual(wanted);
  });

  it("rejects pending calls of a pool when a worker fails in the browser", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/`);
    const code = await page.evaluate(async (address) => {
      const { EmotionNet } = (globalThis as unknown as { core: typeof import("@emotionnet/core") }).core;
      const net = await EmotionNet.load(address);
      // Answers like a worker that is ready, and fails at the first faces.
      const program =
        "let turns = 0; onmessage = () => { if (turns++) throw new Error('broken'); postMessage('ready'); };";
      const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
      const pool = await net.pool({ threads: 1, createWorker: () => new Worker(url) });
      return pool.classifyBatch(net.model.shape.mean, 1).then(
        () => "answered",
        (error) => `${error.code}: ${error.message}`,
      );
    }, `${server.origin}/random.safetensors`);
    await page.close();
    expect(code).toMatch(/^engine: .*broken/);
  });

  it("says when a server has no model", async () => {
    await expect(inBrowser("/missing.safetensors", "auto", golden)).rejects.toThrow(/status 404/);
    await expect(inBrowser("/", "auto", golden)).rejects.toThrow(/web page/);
  });

  it.skipIf(!hasModel)(
    `gives the golden vectors of the default model, served and embedded${withoutModel}`,
    async () => {
      const vectors: GoldenVectors = JSON.parse(readFileSync(`${folder}golden.json`, "utf8"));
      for (const kernel of ["simd", "scalar"] as const) {
        expect((await inBrowser("/default.safetensors", kernel, vectors)).goldenDifference).toBeLessThan(
          TOLERANCE,
        );
        expect((await inBrowser(undefined, kernel, vectors)).goldenDifference).toBeLessThan(TOLERANCE);
      }
    },
  );
});

describe("core's bundle", () => {
  it(`is at most ${MAXIMUM_BUNDLE_BYTES} bytes gzipped, without the default model`, () => {
    console.log(`core bundle: ${bundle.size} bytes gzipped`);
    expect(bundle.size).toBeLessThanOrEqual(MAXIMUM_BUNDLE_BYTES);
  });

  it("has nothing that only Node has", () => {
    const code = [...bundle.files.values()].join("\n");
    expect(code).not.toMatch(/\b(import|require)\s*\(?["']node:/);
  });
});
