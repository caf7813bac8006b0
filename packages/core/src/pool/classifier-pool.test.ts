import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EmotionNet } from "../classifier/emotion-net.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";
import { networkSpec } from "../network/spec.ts";
import type { WorkerLike } from "../platform.ts";
import { randomModel, randomSource } from "../testing/random-model.ts";
import type { ClassifierPool, PoolOptions } from "./classifier-pool.ts";
import { defaultCreateWorker } from "./worker-host.ts";

const model = randomModel(21);
const random = randomSource(22);

const faces = (count: number) =>
  Float32Array.from(
    { length: count * LANDMARK_VALUES },
    (_, index) => 100 + 50 * (MEAN_SHAPE[index % LANDMARK_VALUES]! + 0.3 * (random() - 0.5)),
  );

const open: ClassifierPool[] = [];
afterEach(() => {
  for (const pool of open.splice(0)) pool.close();
  vi.unstubAllGlobals();
});

async function poolOf(net: EmotionNet, options: PoolOptions) {
  const pool = await net.pool(options);
  open.push(pool);
  return pool;
}

/** A worker of Node's own that runs another program than the pool's. */
function workerRunning(program: string): WorkerLike {
  const worker = new Worker(program, { eval: true });
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    addEventListener: (type, listener) => {
      worker.on(type, (value) => listener(type === "message" ? { data: value } : value));
      if (type === "error") worker.on("exit", (code) => listener({ message: `ended with code ${code}` }));
    },
    terminate: () => worker.terminate(),
  };
}

describe.each(["f32", "int16"] as const)("ClassifierPool in %s", (precision) => {
  it.each([1, 2, 3])("gives on %i threads the very bits of classifyBatch", async (threads) => {
    const net = await EmotionNet.load(model, { precision });
    const pool = await poolOf(net, { threads });
    expect(pool.threads).toBe(threads);
    for (const count of [0, 1, 63, 65, 700, 4099]) {
      const flat = faces(count);
      expect(await pool.classifyBatch(flat, count)).toEqual(net.classifyBatch(flat, count));
    }
  });
});

describe("ClassifierPool", () => {
  it("keeps calls apart that overlap, and takes plain arrays", async () => {
    const net = await EmotionNet.load(model);
    const pool = await poolOf(net, { threads: 2 });
    const batches = [1500, 3, 0, 900, 64].map((count) => ({ count, flat: Array.from(faces(count)) }));
    const answers = await Promise.all(batches.map(({ flat, count }) => pool.classifyBatch(flat, count)));
    answers.forEach((answer, index) => {
      const { flat, count } = batches[index]!;
      expect(answer).toEqual(net.classifyBatch(flat, count));
    });
  });

  it("takes faces of the model's own scheme", async () => {
    const wide = await EmotionNet.load(randomModel(23, networkSpec([32, 16], { inputs: 160 })));
    const pool = await poolOf(wide, { threads: 2 });
    const flat = Float32Array.from({ length: 160 * 200 }, () => random());
    expect(await pool.classifyBatch(flat, 200)).toEqual(wide.classifyBatch(flat, 200));
    await expect(pool.classifyBatch(faces(200), 200)).rejects.toMatchObject({ code: "landmarks-count" });
  });

  it("rejects a call with a bad face, naming it, and answers the others", async () => {
    const net = await EmotionNet.load(model);
    const pool = await poolOf(net, { threads: 2 });
    const spoiled = faces(5000);
    spoiled[4321 * LANDMARK_VALUES + 70] = Number.NaN;
    const flat = faces(200);
    const [bad, good] = await Promise.allSettled([
      pool.classifyBatch(spoiled, 5000),
      pool.classifyBatch(flat, 200),
    ]);
    expect(bad).toMatchObject({
      status: "rejected",
      reason: { code: "landmarks-not-finite", message: expect.stringMatching(/face 4321/) },
    });
    expect(good).toEqual({ status: "fulfilled", value: net.classifyBatch(flat, 200) });
    await expect(pool.classifyBatch(flat, 199)).rejects.toMatchObject({ code: "landmarks-count" });
    await expect(pool.classifyBatch(new Float32Array(136), 1)).rejects.toMatchObject({
      code: "landmarks-degenerate",
    });
    expect(await pool.classifyBatch(flat, 200)).toEqual(net.classifyBatch(flat, 200));
  });

  it("rejects what is pending when closed, and every call afterwards", async () => {
    const net = await EmotionNet.load(model);
    const pool = await poolOf(net, { threads: 1 });
    const pending = [pool.classifyBatch(faces(4000), 4000), pool.classifyBatch(faces(1), 1)];
    pool.close();
    pool.close();
    for (const result of await Promise.allSettled(pending)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "interrupted" } });
    }
    await expect(pool.classifyBatch(faces(1), 1)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/closed/),
    });
  });

  it.each([
    ["throws", "throw new Error('out of order')", /out of order/],
    ["exits", "process.exit(3)", /code 3/],
  ])("rejects pending and later calls when a worker %s", async (_, deed, message) => {
    const net = await EmotionNet.load(model);
    const program = `const { parentPort } = require("node:worker_threads"); let turns = 0;
      parentPort.on("message", () => { if (turns++ === 0) parentPort.postMessage("ready"); else { ${deed} } });`;
    let started = 0;
    // One worker of two fails, so that part of the first call is answered.
    const createWorker = (text: string) =>
      started++ === 0 ? defaultCreateWorker()(text) : workerRunning(program);
    const pool = await poolOf(net, { threads: 2, createWorker });
    await expect(pool.classifyBatch(faces(3000), 3000)).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(message),
    });
    await expect(pool.classifyBatch(faces(1), 1)).rejects.toMatchObject({ code: "engine" });
  });

  it("says when workers do not start", async () => {
    const net = await EmotionNet.load(model);
    const refused = { code: "engine", message: expect.stringMatching(/did not start/) };
    const ends = () => workerRunning("throw new Error('no room')");
    await expect(net.pool({ threads: 2, createWorker: ends })).rejects.toMatchObject(refused);
    let started = 0;
    const createWorker = (program: string) => {
      if (started++ > 0) throw new Error("not another one");
      return defaultCreateWorker()(program);
    };
    await expect(net.pool({ threads: 3, createWorker })).rejects.toMatchObject(refused);
  });

  it("says when the runtime has no workers", async () => {
    const net = await EmotionNet.load(model);
    vi.stubGlobal("process", { ...process, getBuiltinModule: undefined });
    await expect(net.pool({ threads: 2 })).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(/runtime without workers/),
    });
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %d threads", async (threads) => {
    const net = await EmotionNet.load(model);
    await expect(net.pool({ threads })).rejects.toMatchObject({ code: "usage" });
  });

  it("refuses the scalar kernel", async () => {
    const net = await EmotionNet.load(model, { kernel: "scalar" });
    await expect(net.pool({ threads: 2 })).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(/scalar kernel/),
    });
  });

  it("takes a worker that is a file of its own", async () => {
    const net = await EmotionNet.load(model);
    const file = fileURLToPath(new URL("../../dist/pool/pool-worker.js", import.meta.url));
    const createWorker = () => workerRunning(`import(${JSON.stringify(file)});`);
    const pool = await poolOf(net, { threads: 1, createWorker });
    const flat = faces(10);
    expect(await pool.classifyBatch(flat, 10)).toEqual(net.classifyBatch(flat, 10));
  });

  it("lets a process end that forgot to close it, but not before its answers", async () => {
    const program = `
      import { EmotionNet } from "@emotionnet/core";
      import { randomModel } from "@emotionnet/core/testing";
      const net = await EmotionNet.load(randomModel(1));
      const pool = await net.pool({ threads: 2 });
      const flat = new Float32Array(136 * 3000).map((_, index) => net.model.shape.mean[index % 136]);
      pool.classifyBatch(flat, 3000).then((answer) => console.log(answer.length));
    `;
    const folder = fileURLToPath(new URL("../..", import.meta.url));
    const args = ["--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 50_000 });
    expect(stdout).toBe("18000\n");
  });
});
