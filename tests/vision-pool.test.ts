/** The face pool over real messages and a real reader; only the threads are left out. Browsers: vision-browser.test.ts. */

import { MessageChannel, type MessagePort } from "node:worker_threads";
import { EmotionNet, type Face, MEAN_SHAPE, type RgbImage } from "@emotionnet/core";
import { drawPortrait } from "@emotionnet/media";
import { FaceReader } from "@emotionnet/vision";
import { FacePool, type FaceWorkerLike } from "@emotionnet/vision/pool";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type FaceWorkerPort, serveFaces } from "../packages/vision/src/workers/serve-faces.ts";

let portraits: RgbImage[];
let wanted: Face[][];
let pool: FacePool | undefined;

beforeAll(async () => {
  portraits = await Promise.all([1, 2, 3, 4].map((seed) => drawPortrait(MEAN_SHAPE, { seed, size: 256 })));
  const reader = await FaceReader.create();
  wanted = [];
  for (const portrait of portraits) wanted.push(await reader.read(portrait));
  await reader.close();
});
afterEach(() => pool?.close());

/** A worker's two ends in this thread. `breaks` makes it end by itself. */
function localWorker(): FaceWorkerLike & { breaks(message: string): void } {
  const { port1, port2 } = new MessageChannel();
  serveFaces(port2 as unknown as FaceWorkerPort);
  const failures: ((event: unknown) => void)[] = [];
  return {
    postMessage: (message, transfer) => port1.postMessage(message, transfer as MessagePort[]),
    addEventListener(type, listener) {
      if (type === "message") port1.on("message", (data) => listener({ data }));
      if (type === "error") failures.push(listener);
    },
    terminate: () => port1.close(),
    breaks(message) {
      for (const listener of failures) listener({ message });
    },
  };
}

const copy = (image: RgbImage) => ({ ...image, data: image.data.slice() });

test("overlapping calls are answered each with its own faces, classified as here", async () => {
  pool = await FacePool.create({ workers: 2, classifier: "default", createWorker: localWorker });
  expect(pool.desiredSize).toBe(4);
  const answers = portraits.map((portrait) => pool!.read(copy(portrait)));
  expect(pool.desiredSize).toBe(0);
  await pool.ready;
  expect(pool.desiredSize).toBeGreaterThan(0);
  const net = await EmotionNet.load();
  for (const [index, faces] of (await Promise.all(answers)).entries()) {
    expect(faces.map(({ classification: _, ...face }) => face)).toEqual(wanted[index]);
    const { classification, landmarks } = faces[0]!;
    expect(classification).toEqual(net.classify(landmarks, { units: "pixels" }));
  }
  expect(pool.desiredSize).toBe(4);
});

test("without a classifier faces have no expression; pixels are handed over, shared memory is copied", async () => {
  pool = await FacePool.create({ workers: 1, createWorker: localWorker });
  const given = copy(portraits[0]!);
  const [face] = await pool.read(given);
  expect(face).toEqual(wanted[0]![0]);
  expect(given.data).toHaveLength(0);
  const memory = new Uint8Array(portraits[0]!.data.length + 100);
  const part = memory.subarray(50, 50 + portraits[0]!.data.length);
  part.set(portraits[0]!.data);
  expect(await pool.read({ ...given, data: part })).toEqual(wanted[0]);
  expect(part).toHaveLength(portraits[0]!.data.length);
});

test("a follower answers in order and keeps its id; two do not disturb each other", async () => {
  pool = await FacePool.create({ workers: 2, createWorker: localWorker });
  const [one, other] = [pool.track(), pool.track()];
  const order: number[] = [];
  const frames = [0, 1, 2, 3].map(async (frame) => {
    const { faces } = await one.next(copy(portraits[0]!), frame / 30);
    order.push(frame);
    return faces[0]!.track;
  });
  const elsewhere = await other.next(copy(portraits[1]!), 0);
  expect(one.desiredSize).toBeLessThanOrEqual(0);
  const ids = new Set(await Promise.all(frames));
  expect(ids.size).toBe(1);
  expect(ids.has(elsewhere.faces[0]!.track)).toBe(false);
  expect(order).toEqual([0, 1, 2, 3]);
  expect(one.desiredSize).toBe(2);
  const last = one.next(copy(portraits[0]!), 1);
  one.close();
  expect((await last).faces).toHaveLength(1);
  await expect(one.next(copy(portraits[0]!), 2)).rejects.toMatchObject({ code: "usage" });
  expect((await other.next(copy(portraits[1]!), 1)).faces).toHaveLength(1);
});

test("what is no picture is that call's error; the others are read", async () => {
  pool = await FacePool.create({ workers: 1, createWorker: localWorker });
  const bad = pool.read({ width: 9, height: 9, data: new Uint8Array(7) });
  const good = pool.read(copy(portraits[0]!));
  await expect(bad).rejects.toMatchObject({ code: "photo-damaged", message: /^Got 7 bytes .*; wanted / });
  expect(await good).toEqual(wanted[0]);
  const gone = copy(portraits[0]!);
  structuredClone(gone.data, { transfer: [gone.data.buffer] });
  await expect(pool.read(gone)).rejects.toMatchObject({ code: "photo-damaged" });
  await expect(pool.read("http://127.0.0.1:1/none.jpg")).rejects.toMatchObject({ code: "file-unreadable" });
});

test("close interrupts what is not answered, and refuses what comes later", async () => {
  pool = await FacePool.create({ workers: 1, createWorker: localWorker });
  const follower = pool.track();
  const calls = [...portraits.map((one) => pool!.read(copy(one))), follower.next(copy(portraits[0]!), 0)];
  pool.close();
  pool.close();
  for (const call of await Promise.allSettled(calls)) {
    expect(call).toMatchObject({ status: "rejected", reason: { code: "interrupted" } });
  }
  await pool.ready;
  await expect(pool.read(copy(portraits[0]!))).rejects.toMatchObject({ code: "usage" });
  await expect(follower.next(copy(portraits[0]!), 1)).rejects.toMatchObject({ code: "usage" });
  expect(() => pool!.track()).toThrow(expect.objectContaining({ code: "usage" }));
});

test("a worker that ends by itself ends the pool, and every call is told", async () => {
  const workers: ReturnType<typeof localWorker>[] = [];
  const createWorker = () => workers[workers.push(localWorker()) - 1]!;
  pool = await FacePool.create({ workers: 2, createWorker });
  const calls = portraits.map((portrait) => pool!.read(copy(portrait)));
  workers[1]!.breaks("out of memory");
  for (const call of await Promise.allSettled(calls)) {
    expect(call).toMatchObject({ status: "rejected", reason: { code: "thread-lost" } });
  }
  await expect(pool.read(copy(portraits[0]!))).rejects.toMatchObject({ code: "thread-lost" });
});

test("options out of range and a host without web workers are told at the start", async () => {
  for (const workers of [0, 1.5]) {
    await expect(FacePool.create({ workers, createWorker: localWorker })).rejects.toMatchObject({
      code: "usage",
    });
  }
  const wrong = { workers: 1, createWorker: localWorker };
  await expect(FacePool.create({ ...wrong, minScore: 3 })).rejects.toMatchObject({ code: "usage" });
  await expect(FacePool.create({ ...wrong, classifier: new Uint8Array(9) })).rejects.toMatchObject({
    code: "model-damaged",
  });
  await expect(FacePool.create()).rejects.toMatchObject({ code: "engine" });
});
