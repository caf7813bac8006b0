/** The own engine runs both face networks as ONNX Runtime does, in Node and in Chromium. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { MEAN_SHAPE } from "@emotionnet/core";
import { drawPortrait } from "@emotionnet/media";
import { createSession, GraphBuilder, type Tensor } from "@emotionnet/onnx";
import { build, preview } from "vite";
import { afterAll, describe, expect, test } from "vitest";
import { instructionSets, Kernel } from "../packages/onnx/src/simd/kernel.ts";
import { SimdSession } from "../packages/onnx/src/simd/simd-session.ts";
import { findChromium, launchChromium } from "./browser/chromium.ts";

// Node 20 knows relaxed SIMD only by this flag, later ones without it.
setFlagsFromString("--experimental-wasm-relaxed-simd");

const repository = fileURLToPath(new URL("..", import.meta.url));
const models = { "face-detector.onnx": 256, "attention-mesh-web.onnx": 192, "attention-mesh.onnx": 192 };
const bytesOf = (file: string) => readFileSync(join(repository, "packages/vision/models", file));

/** A drawn portrait, and as many pictures of noise as make up the batch. */
async function pictures(size: number, count: number): Promise<Tensor> {
  const data = new Float32Array(count * size * size * 3);
  const portrait = await drawPortrait(MEAN_SHAPE, { seed: 4, size });
  data.set(portrait.data.subarray(0, size * size * 3));
  for (let at = size * size * 3; at < data.length; at++) data[at] = (Math.imul(at, 2654435761) >>> 24) & 255;
  return { type: "float32", dims: [count, size, size, 3], data };
}

/** The largest difference, against the largest number of that output or 1. */
function difference(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0) / scale;
}

describe.each(instructionSets())("%s SIMD", (set) => {
  test.each(Object.entries(models))("%s", async (file, size) => {
    const own = new SimdSession(bytesOf(file), await Kernel.create(set));
    const native = await createSession(bytesOf(file));
    for (const count of [1, 3]) {
      const pixels = await pictures(size, count);
      const expected = await native.run({ pixels });
      const found = await own.run({ pixels });
      for (const name of native.outputNames) {
        expect(found[name]!.dims).toEqual(expected[name]!.dims);
        const worst = difference(found[name]!.data as Float32Array, expected[name]!.data as Float32Array);
        expect(worst).toBeLessThan(1e-5);
      }
    }
  });
});

const browserPath = findChromium();

/** The page runs models that the test hands it. */
const page = `<!doctype html><script type="module">
import { createSession } from "@emotionnet/onnx";
const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
window.runModel = async ({ model, input, dims, pixels }) => {
  const session = await createSession(bytesOf(model));
  const data = new Float32Array(bytesOf(pixels).buffer);
  const results = await session.run({ [input]: session.tensor("float32", dims, data) });
  const outputs = Object.entries(results).map(([name, { data }]) => [name, [...data]]);
  return { engine: session.engine, outputs: Object.fromEntries(outputs) };
};
</script>`;

describe.skipIf(!browserPath)(`browser${browserPath ? "" : " (skipped: chromium is not installed)"}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-engine-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the face networks need no ONNX Runtime there; it is fetched for a graph that does", async () => {
    writeFileSync(join(folder, "index.html"), page);
    const outDir = join(folder, "dist");
    await build({
      root: folder,
      configFile: false,
      logLevel: "error",
      resolve: {
        conditions: ["@emotionnet/source", "module", "browser", "production"],
        alias: { "@emotionnet/onnx": join(repository, "packages/onnx/src/index.ts") },
      },
      build: { outDir, emptyOutDir: true, minify: false },
    });
    const server = await preview({
      root: folder,
      configFile: false,
      build: { outDir },
      preview: { port: 0 },
    });
    const browser = await launchChromium(browserPath!);
    try {
      const tab = await browser.newPage();
      const fetched: string[] = [];
      tab.on("request", (request) => fetched.push(new URL(request.url()).pathname));
      await tab.goto(server.resolvedUrls!.local[0]!);
      await tab.waitForFunction("window.runModel");
      const runModel = (model: Uint8Array, input: string, { dims, data }: Tensor) => {
        const pixels = Buffer.from((data as Float32Array).buffer).toString("base64");
        const request = { model: Buffer.from(model).toString("base64"), input, dims, pixels };
        return tab.evaluate<{ engine: string; outputs: Record<string, number[]> }>(
          `window.runModel(${JSON.stringify(request)})`,
        );
      };
      for (const file of ["face-detector.onnx", "attention-mesh-web.onnx"] as const) {
        const pixels = await pictures(models[file], 1);
        const expected = await (await createSession(bytesOf(file))).run({ pixels });
        const { engine, outputs } = await runModel(bytesOf(file), "pixels", pixels);
        expect(engine).toBe("emotionnet-simd");
        for (const [name, { data }] of Object.entries(expected)) {
          expect(difference(Float32Array.from(outputs[name]!), data as Float32Array)).toBeLessThan(1e-5);
        }
      }
      expect(fetched.filter((path) => path.includes("ort") || path.endsWith(".wasm"))).toEqual([]);

      const graph = new GraphBuilder("absolute");
      graph.output(graph.node("Abs", [graph.input("x", "float32", [2])], {}, "y"), "float32", [2]);
      const x: Tensor = { type: "float32", dims: [2], data: Float32Array.of(-2, 3) };
      expect(await runModel(graph.toModel(), "x", x)).toEqual({
        engine: "onnxruntime-web",
        outputs: { y: [2, 3] },
      });
      expect(fetched.some((path) => path.endsWith(".wasm"))).toBe(true);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
