/** What runs in the browser: both pipelines over the same pictures, from a JPEG file or a decoded frame to expressions. */

import type { Preset } from "@emotionnet/vision";
import { FacePool } from "@emotionnet/vision/pool";
import { type Config, Human } from "@vladmandic/human";

type Kind = "photo" | "video";
interface Contender {
  readonly who: "ours" | "human";
  readonly preset?: Preset;
  /** Left out: as many as the pool takes by itself. */
  readonly workers?: number;
  readonly kind: Kind;
  /** How many the server has. */
  readonly pictures: number;
}
interface Pipeline {
  /** Number of faces with an expression in all of the files. */
  photos(files: readonly Blob[]): Promise<number>;
  /** The same of a video's frames, which are the pipeline's to close. */
  video(frames: readonly ImageBitmap[]): Promise<number>;
}

let pipeline: Pipeline;
let kind: Kind;
let blobs: Blob[] = [];
let frames: ImageBitmap[] = [];

async function prepare(contender: Contender): Promise<void> {
  kind = contender.kind;
  const numbers = Array.from({ length: contender.pictures }, (_, index) => index);
  blobs = await Promise.all(numbers.map(async (index) => (await fetch(`/picture/${index}`)).blob()));
  pipeline = contender.who === "ours" ? await ours(contender) : await human(kind);
}

/** All photos are given to the pool at once; a video is followed in one worker, its next frame sent while one is read. */
async function ours({ preset = "balanced", workers }: Contender): Promise<Pipeline> {
  const pool = await FacePool.create({ preset, classifier: "default", ...(workers ? { workers } : {}) });
  const told = (faces: readonly { readonly classification?: object }[]) =>
    faces.filter(({ classification }) => classification).length;
  return {
    async photos(files) {
      const answers = await Promise.all(files.map((file) => pool.read(file)));
      return told(answers.flat());
    },
    async video(frames) {
      const follower = pool.track();
      const answers: ReturnType<typeof follower.next>[] = [];
      for (const [index, frame] of frames.entries()) {
        // Two are with the worker at best.
        await answers[index - 2];
        answers.push(follower.next(frame, index / 30));
      }
      const faces = told((await Promise.all(answers)).flatMap((answer) => answer.faces));
      follower.close();
      return faces;
    },
  };
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
  const read = async (bitmap: ImageBitmap) => {
    const { face, error } = await reader.detect(bitmap);
    if (error) throw new Error(error);
    bitmap.close();
    return face.filter(({ emotion }) => emotion && emotion.length > 0).length;
  };
  return {
    async photos(files) {
      let faces = 0;
      for (const file of files) faces += await read(await createImageBitmap(file));
      return faces;
    },
    async video(frames) {
      let faces = 0;
      for (const frame of frames) faces += await read(frame);
      return faces;
    },
  };
}

/** A frame of a video comes decoded out of the browser; a photo has to be decoded by whoever reads it. */
async function decode(): Promise<void> {
  frames = kind === "video" ? await Promise.all(blobs.map((blob) => createImageBitmap(blob))) : [];
}

async function round(): Promise<{ items: number; faces: number; seconds: number }> {
  const start = performance.now();
  const faces = kind === "photo" ? await pipeline.photos(blobs) : await pipeline.video(frames);
  return { items: blobs.length, faces, seconds: (performance.now() - start) / 1000 };
}

Object.assign(globalThis, { prepare, decode, round });
