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
