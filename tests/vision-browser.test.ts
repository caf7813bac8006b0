/** The vision package bundled for a browser reads the same faces there as in Node, from all that can be drawn and in workers. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EmotionNet, type Face, MEAN_SHAPE, outerEyeDistance, type RgbImage } from "@emotionnet/core";
import { drawPortrait, readPhoto, writePhoto } from "@emotionnet/media";
import { FaceReader, type Preset } from "@emotionnet/vision";
import type { Browser, Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./browser/chromium.ts";
import { turned } from "./browser/turned-jpeg.ts";

const executablePath = findChromium();
const repository = fileURLToPath(new URL("..", import.meta.url));
/** Mean distance of the points to those read in Node, as a share of the outer eye distance: JPEG decoders differ a little. */
const LARGEST_SHARE = 0.003;
const PORTRAITS = 3;

/** Reads pixels that the test hands it, or a picture of the server in every form that can be drawn. */
const drawing = `
import { FaceReader } from "@emotionnet/vision";
const plain = (faces) => faces.map((face) => ({ ...face, landmarks: [...face.landmarks] }));
window.readPixels = async ({ width, height, base64, preset }) => {
  const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const reader = await FaceReader.create({ preset });
  return plain(await reader.read({ width, height, data }));
};
window.readDrawables = async (address) => {
  const blob = await (await fetch(address)).blob();
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const offscreen = new OffscreenCanvas(width, height);
  offscreen.getContext("2d").drawImage(bitmap, 0, 0);
  const image = Object.assign(new Image(), { src: address });
  await image.decode();
  const video = Object.assign(document.createElement("video"), { muted: true, srcObject: canvas.captureStream() });
  const timer = setInterval(() => context.drawImage(bitmap, 0, 0), 30);
  await video.play();
  clearInterval(timer);
  const VideoFrame = window.keptVideoFrame ?? window.VideoFrame;
  // A frame of a camera: its colours in planes, stretched when it is drawn, and with a margin that is not shown.
  const wide = new OffscreenCanvas(width + 64, height + 32);
  wide.getContext("2d").drawImage(bitmap, 64, 32);
  const cut = new VideoFrame(wide, { timestamp: 0, visibleRect: { x: 64, y: 32, width, height } });
  const narrow = new OffscreenCanvas(width / 2, height);
  narrow.getContext("2d").drawImage(bitmap, 0, 0, width / 2, height);
  const stretched = new VideoFrame(narrow, { timestamp: 0, displayWidth: width, displayHeight: height });
  const sources = {
    blob, bitmap, canvas, offscreen, image, video, cut, stretched,
    untyped: new Blob([blob]),
    data: offscreen.getContext("2d").getImageData(0, 0, width, height),
    frame: new VideoFrame(bitmap, { timestamp: 0 }),
  };
  const reader = await FaceReader.create();
  const results = {};
  for (const [name, source] of Object.entries(sources)) results[name] = plain(await reader.read(source));
  // Frame by frame only the part around the face is read.
  const tracker = reader.track();
  for (let frame = 0; frame < 4; frame++) results.tracked = plain((await tracker.next(bitmap, frame / 30)).faces);
  return results;
};
window.errorOf = async () => {
  const reader = await FaceReader.create();
  const closed = await createImageBitmap(new ImageData(8, 8));
  closed.close();
  const codes = [];
  for (const source of [new Blob(["no picture"], { type: "image/jpeg" }), closed, new Image(), { width: 5, height: 5, close() {} }]) {
    codes.push(await reader.read(source).then(() => "read", (error) => error.code));
  }
  return codes;
};`;

/** The guide's own program, and what a test has to see of it. */
const pooling = `${guideProgram()}
window.photos = async (addresses) => {
  const files = await Promise.all(addresses.map(async (one) => (await fetch(one)).blob()));
  const answers = await readPhotos([...files.slice(0, 1), new Blob(["no picture"], { type: "image/jpeg" }), ...files.slice(1)]);
  return answers.map((answer) => answer.code ? { code: answer.code, message: answer.message } : plain(answer));
};
const plain = (faces) => faces.map((face) => ({ ...face, landmarks: [...face.landmarks] }));
window.sources = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const { width, height } = bitmap;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  const sources = [address, new URL(address, location.href), bitmap, frame, context.canvas, context.getImageData(0, 0, width, height)];
  const faces = (await Promise.all(sources.map((source) => pool.read(source)))).map(plain);
  return { faces, isHandedOver: bitmap.width === 0 && frame.format === null };
};
window.follow = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const follower = pool.track();
  const order = [];
  const frames = await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => {
    const frame = await follower.next(new VideoFrame(bitmap, { timestamp: index }), index / 30);
    order.push(index);
    return frame;
  }));
  follower.close();
  return { order, ids: frames.map(({ faces }) => faces.map(({ track }) => track)), last: plain(frames.at(-1).faces) };
};
window.followStream = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext("2d");
  const timer = setInterval(() => context.drawImage(bitmap, 0, 0), 30);
  const video = Object.assign(document.createElement("video"), { muted: true, srcObject: canvas.captureStream() });
  document.body.append(video);
  await video.play();
  const frames = [];
  const follower = await new Promise((resolve) => {
    const started = followVideo(video, (frame) => { frames.push(frame); if (frames.length === 4) resolve(started); });
  });
  video.srcObject = null;
  clearInterval(timer);
  follower.close();
  return frames.map(({ faces }) => faces.map(({ track, classification }) => [track, classification.expression]));
};
window.missing = () => pool.read("/none.jpg").catch(({ code, message }) => ({ code, message }));
window.closing = async (address) => {
  const call = pool.read(address).catch(({ code }) => code);
  pool.close();
  return [await call, await pool.read(address).catch(({ code }) => code)];
};
window.workers = pool.workers;`;

function guideProgram(): string {
  const guide = readFileSync(join(repository, "docs/guide/browser.md"), "utf8");
  return [...guide.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code).join("\n");
}

const skipped = executablePath ? "" : " (skipped: chromium is not installed)";
describe.skipIf(!executablePath)(`browser${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-browser-"));
  const photo = (index: number) => join(folder, `public/portrait-${index}.jpg`);
  let server: PreviewServer;
  let browser: Browser;
  /** Of each portrait, as read in Node from the same file. */
  let wanted: Face[];
  let code: string[];

  beforeAll(async () => {
    const portraits = Array.from({ length: PORTRAITS }, (_, index) =>
      drawPortrait(MEAN_SHAPE, { seed: index + 1, size: 480 }),
    );
    mkdirSync(join(folder, "public"));
    wanted = [];
    for (const [index, portrait] of (await Promise.all(portraits)).entries()) {
      await writePhoto(photo(index), portrait);
      wanted.push((await readInNode(await readPhoto(photo(index))))[0]!);
    }
    writeFileSync(join(folder, "public/turned.jpg"), turned(readFileSync(photo(0))));
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
});

/** Bundles one page for each program, as an application would that uses the built packages. Resolves to our own code. */
async function bundle(folder: string, programs: Readonly<Record<string, string>>): Promise<string[]> {
  const input = Object.entries(programs).map(([name, program]) => {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, `<!doctype html><body><script type="module">${program}</script></body>`);
    return path;
  });
  const vision = join(repository, "packages/vision/dist");
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: {
      conditions: ["module", "browser", "production"],
      alias: {
        "@emotionnet/vision/pool": join(vision, "workers/index.js"),
        "@emotionnet/vision": join(vision, "index.js"),
      },
    },
    worker: { format: "es" },
    build: {
      outDir: join(folder, "dist"),
      target: "es2023",
      minify: false,
      emptyOutDir: true,
      rollupOptions: { input },
    },
  });
  const files = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    "output" in one ? one.output : [],
  );
  return files.flatMap((file) => {
    if (file.type === "chunk") return file.name.startsWith("ort") ? [] : [file.code];
    // A worker comes out as a file.
    return file.fileName.includes("face-worker") ? [String(file.source)] : [];
  });
}

async function readInNode(image: RgbImage, preset: Preset = "balanced"): Promise<Face[]> {
  const reader = await FaceReader.create({ preset });
  const faces = await reader.read(image);
  await reader.close();
  return faces;
}

/** Mean distance of the points as a share of the outer eye distance. */
function shareBetween(found: Face, expected: Face): number {
  const { landmarks } = expected;
  let sum = 0;
  for (let at = 0; at < landmarks.length; at += 2) {
    sum += Math.hypot(found.landmarks[at]! - landmarks[at]!, found.landmarks[at + 1]! - landmarks[at + 1]!);
  }
  return sum / (landmarks.length / 2) / outerEyeDistance(landmarks);
}
