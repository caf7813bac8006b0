/** The vision package bundled for a browser reads the same faces there as in Node. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Face, MEAN_SHAPE, type RgbImage } from "@emotionnet/core";
import { drawPortrait } from "@emotionnet/media";
import { FaceReader, type Preset } from "@emotionnet/vision";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { afterAll, describe, expect, test } from "vitest";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const repository = fileURLToPath(new URL("..", import.meta.url));

/** The page reads pixels that the test hands it. */
const page = `<!doctype html><script type="module">
import { FaceReader } from "@emotionnet/vision";
window.readFaces = async ({ width, height, base64, preset }) => {
  const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const reader = await FaceReader.create({ preset });
  const faces = await reader.read({ width, height, data });
  return faces.map((face) => ({ ...face, landmarks: [...face.landmarks] }));
};
</script>`;

describe.skipIf(!browserPath)(`browser${browserPath ? "" : " (skipped: chromium is not installed)"}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-browser-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a bundle without Node code finds the same points in Chromium", async () => {
    writeFileSync(join(folder, "index.html"), page);
    const outDir = join(folder, "dist");
    const built = await build({
      root: folder,
      configFile: false,
      logLevel: "error",
      resolve: {
        conditions: ["@emotionnet/source", "module", "browser", "production"],
        alias: { "@emotionnet/vision": join(repository, "packages/vision/src/index.ts") },
      },
      build: { outDir, emptyOutDir: true, minify: false },
    });
    const chunks = (Array.isArray(built) ? built : [built]).flatMap((one) =>
      "output" in one ? one.output : [],
    );
    const own = chunks.flatMap((chunk) =>
      chunk.type === "chunk" && !chunk.name.startsWith("ort") ? [chunk] : [],
    );
    expect(own.length).toBeGreaterThan(0);
    for (const { code } of own) expect(code).not.toMatch(/["']node:|onnxruntime-node|tflite/);

    const portrait = await drawPortrait(MEAN_SHAPE, { seed: 1, size: 256 });
    const server = await preview({
      root: folder,
      configFile: false,
      build: { outDir },
      preview: { port: 0 },
    });
    const browser = await chromium.launch({
      executablePath: browserPath!,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    });
    try {
      const tab = await browser.newPage();
      await tab.goto(server.resolvedUrls!.local[0]!);
      await tab.waitForFunction("window.readFaces");
      const picture = { ...portrait, data: undefined, base64: Buffer.from(portrait.data).toString("base64") };
      for (const preset of ["balanced", "accurate"] as const) {
        const expected = await readInNode(portrait, preset);
        const request = JSON.stringify({ ...picture, preset });
        const found = (await tab.evaluate(`window.readFaces(${request})`)) as Face[];
        expect(found).toHaveLength(expected.length);
        for (const [index, value] of expected[0]!.landmarks.entries()) {
          expect(Math.abs(found[0]!.landmarks[index]! - value)).toBeLessThan(0.05);
        }
      }
    } finally {
      await browser.close();
      await server.close();
    }
  });
});

async function readInNode(portrait: RgbImage, preset: Preset): Promise<Face[]> {
  const reader = await FaceReader.create({ preset });
  const faces = await reader.read(portrait);
  await reader.close();
  return faces;
}
