/** The vision package bundled for a browser reads the same faces there as in Node, from all that can be drawn and in workers. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EmotionNet, type Face, MEAN_SHAPE } from "@emotionnet/core";
import { drawPortrait, readPhoto } from "@emotionnet/media";
import type { Browser, Page } from "playwright-core";
import { createServer, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./browser/chromium.ts";
import {
  alias,
  bundle,
  drawPortraits,
  LARGEST_SHARE,
  readInNode,
  shareBetween,
} from "./browser/vision-pages.ts";
import { drawing, pooling } from "./browser/vision-programs.ts";

const executablePath = findChromium();
const repository = fileURLToPath(new URL("..", import.meta.url));

const skipped = executablePath ? "" : " (skipped: chromium is not installed)";
describe.skipIf(!executablePath)(`browser${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-browser-"));
  let server: PreviewServer;
  let browser: Browser;
  /** Of each portrait, as read in Node from the same file. */
  let wanted: Face[];
  let code: string[];

  beforeAll(async () => {
    wanted = await drawPortraits(folder);
    code = await bundle(folder, { drawing, pooling });
    const outDir = join(folder, "dist");
    server = await preview({ root: folder, configFile: false, build: { outDir }, preview: { port: 0 } });
    browser = await launchChromium(executablePath!);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(name: string, wait: string, beforehand = ""): Promise<Page> {
    const tab = await browser.newPage();
    await tab.addInitScript(beforehand);
    await tab.goto(`${server.resolvedUrls!.local[0]!}${name}.html`);
    await tab.waitForFunction(wait);
    return tab;
  }

  test("the bundle has no Node code", () => {
    expect(code.length).toBeGreaterThan(0);
    for (const text of code) expect(text).not.toMatch(/(from|import\()\s*["']node:|onnxruntime-node|tflite/);
  });

  test("pixels give the same points as in Node", async () => {
    const tab = await open("drawing", "window.readPixels");
    const portrait = await drawPortrait(MEAN_SHAPE, { seed: 1, size: 256 });
    const picture = { ...portrait, data: undefined, base64: Buffer.from(portrait.data).toString("base64") };
    for (const preset of ["balanced", "accurate"] as const) {
      const [expected] = await readInNode(portrait, preset);
      const request = JSON.stringify({ ...picture, preset });
      const [found] = await tab.evaluate<Face[]>(`readPixels(${request})`);
      for (const [index, value] of expected!.landmarks.entries()) {
        expect(Math.abs(found!.landmarks[index]! - value)).toBeLessThan(0.05);
      }
    }
  });

  test.each([
    ["copied from frames", ""],
    [
      "read from a canvas, as in older browsers",
      "window.keptVideoFrame = VideoFrame; delete window.VideoFrame; delete window.ImageDecoder;",
    ],
  ])("everything that can be drawn gives the same points as in Node, %s", async (_, beforehand) => {
    const tab = await open("drawing", "window.readDrawables", beforehand);
    for (const [name, expected] of [
      ["portrait-0.jpg", wanted[0]!],
      ["turned.jpg", (await readInNode(await readPhoto(join(folder, "public/turned.jpg"))))[0]!],
    ] as const) {
      const results = await tab.evaluate<Record<string, Face[]>>(`readDrawables("/${name}")`);
      expect(Object.keys(results)).toHaveLength(12);
      for (const [source, faces] of Object.entries(results)) {
        expect(faces, source).toHaveLength(1);
        // Stretching blurs; a follower places its crop a little otherwise.
        const most = source === "stretched" || source === "tracked" ? 3 * LARGEST_SHARE : LARGEST_SHARE;
        expect(shareBetween(faces[0]!, expected), source).toBeLessThan(most);
      }
    }
    await tab.close();
  });

  test("what is no picture is an error that says so", async () => {
    const tab = await open("drawing", "window.errorOf");
    expect(await tab.evaluate("errorOf()")).toEqual(Array(4).fill("photo-damaged"));
  });

  test("a web page in the place of a network is an error that says so", async () => {
    const tab = await open("drawing", "window.readPixels");
    // As servers of single-page applications answer for a file that they do not have.
    const answer = { contentType: "text/html", body: "<!doctype html>" };
    await tab.route("**/attention-mesh-web*.onnx", (route) => route.fulfill(answer));
    const reading = tab.evaluate("readPixels({ width: 8, height: 8, base64: '' })");
    await expect(reading).rejects.toThrow(/Got a web page for http.*attention-mesh-web.*optimizeDeps/);
    await tab.close();
  });

  test("the guide's page reads photos and follows a video in workers", async () => {
    const tab = await open("pooling", "window.workers");
    expect(await tab.evaluate("workers")).toBe(
      Math.min(4, await tab.evaluate<number>("navigator.hardwareConcurrency")),
    );
    const addresses = wanted.map((_, index) => `/portrait-${index}.jpg`);
    const answers = await tab.evaluate<Face[][]>(`photos(${JSON.stringify(addresses)})`);
    const [broken] = answers.splice(1, 1);
    expect(broken).toMatchObject({ code: "photo-damaged", message: /^Got a file of 10 bytes .*; wanted / });
    const net = await EmotionNet.load();
    for (const [index, [face]] of answers.entries()) {
      expect(shareBetween(face!, wanted[index]!)).toBeLessThan(LARGEST_SHARE);
      const { expression } = net.classify(wanted[index]!.landmarks, { units: "pixels" });
      expect(face).toMatchObject({ classification: { expression } });
    }

    const { faces, isHandedOver } = await tab.evaluate<{ faces: Face[][]; isHandedOver: boolean }>(
      'sources("/portrait-1.jpg")',
    );
    expect(isHandedOver).toBe(true);
    for (const [face] of faces) expect(shareBetween(face!, wanted[1]!)).toBeLessThan(LARGEST_SHARE);

    const followed = await tab.evaluate<{ order: number[]; ids: string[][]; last: Face[] }>(
      'follow("/portrait-2.jpg")',
    );
    expect(followed.order).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(followed.ids.flat()).size).toBe(1);
    expect(followed.ids.every((ids) => ids.length === 1)).toBe(true);
    expect(shareBetween(followed.last[0]!, wanted[2]!)).toBeLessThan(3 * LARGEST_SHARE);

    const streamed = await tab.evaluate<[string, string][][]>('followStream("/portrait-0.jpg")');
    expect(new Set(streamed.flat().map(([track]) => track)).size).toBe(1);
    expect(await tab.evaluate("missing()")).toMatchObject({ code: "file-unreadable", message: /none\.jpg/ });
    expect(await tab.evaluate('closing("/portrait-0.jpg")')).toEqual(["interrupted", "usage"]);
  });

  test("the development server, which bundles nothing, starts the workers too", async () => {
    const development = await createServer({
      root: folder,
      configFile: join(folder, "vite.config.ts"),
      logLevel: "error",
      server: { host: "127.0.0.1", port: 0, fs: { allow: [folder, repository] } },
      // Else the page is loaded anew while the server finds its dependencies.
      optimizeDeps: { noDiscovery: true },
      resolve: { alias },
    });
    try {
      await development.listen();
      const tab = await browser.newPage();
      await tab.goto(`${development.resolvedUrls!.local[0]!}pooling.html`);
      await tab.waitForFunction("window.workers");
      const [[face]] = await tab.evaluate<[Face[]]>('photos(["/portrait-0.jpg"])');
      expect(shareBetween(face!, wanted[0]!)).toBeLessThan(LARGEST_SHARE);
    } finally {
      await development.close();
    }
  });
});
