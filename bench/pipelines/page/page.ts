/** What runs in the browser: both pipelines over the same pictures, from a JPEG file or a decoded frame to expressions. */

import { EmotionNet } from "@emotionnet/core";
import { FaceReader, type Preset } from "@emotionnet/vision";
import { type Config, Human } from "@vladmandic/human";

type Kind = "photo" | "video";
type Source = Blob | ImageBitmap;
interface Contender {
  readonly who: "ours" | "human";
  readonly preset?: Preset;
  readonly threads: number;
  readonly kind: Kind;
  /** How many the server has. */
  readonly pictures: number;
}
interface Pipeline {
  /** Before a round. */
  restart(): void;
  /** Number of faces with an expression. */
  read(source: Source, index: number): Promise<number>;
}

let pipeline: Pipeline;
let sources: Source[] = [];

async function prepare(contender: Contender): Promise<void> {
  const { who, kind, pictures } = contender;
  const blobs = await Promise.all(
    Array.from({ length: pictures }, async (_, index) => (await fetch(`/picture/${index}`)).blob()),
  );
  // A frame of a video comes decoded out of the browser; a photo has to be decoded by whoever reads it.
  sources = kind === "photo" ? blobs : await Promise.all(blobs.map((blob) => createImageBitmap(blob)));
  pipeline = who === "ours" ? await ours(contender) : await human(kind);
}

async function ours({ kind, preset = "balanced", threads }: Contender): Promise<Pipeline> {
  const net = await EmotionNet.load();
  const reader = await FaceReader.create({ preset, threads });
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  let tracker = reader.track();
  return {
    restart() {
      tracker = reader.track();
    },
    async read(source, index) {
      const image = await pixelsOf(source, context);
      const faces =
        kind === "photo" ? await reader.read(image) : (await tracker.next(image, index / 30)).faces;
      return faces.map(({ landmarks }) => net.classify(landmarks, { units: "pixels" })).length;
    },
  };
}

async function pixelsOf(source: Source, context: OffscreenCanvasRenderingContext2D): Promise<ImageData> {
  const bitmap = source instanceof Blob ? await createImageBitmap(source) : source;
  const { width, height } = bitmap;
  if (context.canvas.width !== width) context.canvas.width = width;
  if (context.canvas.height !== height) context.canvas.height = height;
  context.drawImage(bitmap, 0, 0);
  if (source instanceof Blob) bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** Detector, mesh and expressions only: what ours has too. Every picture is looked at; a video's detector may rest, as ours does. */
async function human(kind: Kind): Promise<Pipeline> {
  const off = { enabled: false };
  const everyTime = { skipFrames: 0, skipTime: 0 };
  const skipping = kind === "photo" ? everyTime : {};
  const config: Partial<Config> = {
    backend: "wasm",
    wasmPath: "/tensorflow/",
    modelBasePath: "/models/",
    debug: false,
    async: false,
    cacheSensitivity: 0,
    skipAllowed: kind === "video",
    filter: off,
    gesture: off,
    body: off,
    hand: off,
    object: off,
    segmentation: off,
    face: {
      enabled: true,
      detector: { maxDetected: 20, rotation: false, ...skipping },
      mesh: { enabled: true, ...skipping },
      attention: off,
      iris: off,
      description: off,
      antispoof: off,
      liveness: off,
      gear: off,
      emotion: { enabled: true, minConfidence: 0, skipFrames: 0, skipTime: 0 },
    },
  } as Partial<Config>;
  const reader = new Human(config);
  await reader.load();
  return {
    restart() {},
    async read(source) {
      const bitmap = source instanceof Blob ? await createImageBitmap(source) : source;
      const { face, error } = await reader.detect(bitmap);
      if (error) throw new Error(error);
      if (source instanceof Blob) bitmap.close();
      return face.filter(({ emotion }) => emotion && emotion.length > 0).length;
    },
  };
}

async function round(): Promise<{ items: number; faces: number; seconds: number }> {
  pipeline.restart();
  const start = performance.now();
  let faces = 0;
  for (const [index, source] of sources.entries()) faces += await pipeline.read(source, index);
  return { items: sources.length, faces, seconds: (performance.now() - start) / 1000 };
}

Object.assign(globalThis, { prepare, round });
