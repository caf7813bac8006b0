import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EmotionNet } from "@emotionnet/core";
import { afterAll, describe, expect, test } from "vitest";
import { analyzeStreams } from "./analyze-streams.ts";
import { Lanes } from "./lanes.ts";
import type { StreamResume } from "./live-progress.ts";
import type { StreamItem } from "./messages.ts";
import { StreamPool } from "./stream-pool.ts";
import { startWorker, type WorkerChoice } from "./threads.ts";
import { Turns } from "./turns.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-streams-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("lanes take turns, whatever waits in them, and keep each one's order", async () => {
  const lanes = new Lanes<string>(3);
  for (const item of ["a1", "a2", "a3", "a4"]) lanes.put(0, item);
  for (const item of ["c1", "c2"]) lanes.put(2, item);
  const taken: string[] = [];
  for (let count = 0; count < 3; count++) taken.push((await lanes.take()).item);
  lanes.put(1, "b1");
  for (let count = 0; count < 4; count++) taken.push((await lanes.take()).item);
  expect(taken).toEqual(["a1", "c1", "a2", "b1", "c2", "a3", "a4"]);
  expect([0, 1, 2].map((lane) => lanes.longest(lane))).toEqual([4, 1, 2]);
  const next = lanes.take();
  lanes.put(2, "c3");
  expect(await next).toEqual({ lane: 2, item: "c3" });
});

test("turns: one at a time, nobody twice while another waits, a failure harms nobody else", async () => {
  const turns = new Turns();
  const done: string[] = [];
  let working = 0;
  const stream = async (name: string, milliseconds: number) => {
    for (let piece = 0; piece < 4; piece++) {
      await turns.take(async () => {
        working++;
        expect(working).toBe(1);
        await delay(milliseconds);
        working--;
        done.push(name);
      });
    }
  };
  const failing = turns.take(() => Promise.reject(new Error("broken")));
  await Promise.all([stream("quick", 1), stream("slow", 8), expect(failing).rejects.toThrow("broken")]);
  expect(done).toEqual(["quick", "slow", "quick", "slow", "quick", "slow", "quick", "slow"]);
});

/** A thread that does to itself what the address of a job says. */
const program = join(folder, "thread.mjs");
writeFileSync(
  program,
  `import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ kind, job }) => {
  if (kind === "close") parentPort.close();
  if (kind !== "start") return;
  if (job.address === "throw") throw new Error("a bug");
  if (job.address === "exit") process.exit(3);
  if (job.address === "memory") for (const all = []; ; ) all.push(new Array(1e5).fill(1.5));
  if (job.address !== "wait") parentPort.postMessage({ kind: "item", id: job.id, item: { kind: "end" } });
});
`,
);

/** Runs jobs on real threads until all have ended: each one's failure, in the order of the jobs. */
async function endsOf(addresses: readonly string[], threads: number): Promise<(string | undefined)[]> {
  const choice: WorkerChoice = { file: program, resourceLimits: { maxOldGenerationSizeMb: 24 } };
  const ends: (string | undefined)[] = [];
  let count = 0;
  await new Promise<void>((resolve) => {
    const onItem = (id: number, item: StreamItem) => {
      if (item.kind !== "end") return;
      ends[id] = item.failure && `${item.failure.code}: ${item.failure.message}`;
      if (++count === addresses.length) setTimeout(() => pool.close().then(resolve), 0);
    };
    const pool = new StreamPool({
      jobs: addresses.map((address, id) => ({ id, address })),
      threads,
      startThread: (listener) => startWorker({} as never, listener, choice),
      isUrgent: () => false,
      onItem,
    });
  });
  return ends;
}

describe("a thread that is lost", () => {
  test.each([
    ["throw", "it broke: a bug"],
    ["exit", "ended by itself with status 3"],
    ["memory", "ran out of memory"],
  ])("by %s: its stream says so, those of other threads go on", async (address, words) => {
    const [bad, good] = await endsOf([address, "good"], 2);
    expect(bad).toMatch(/^thread-lost: Got .*; wanted .*\. Look at fewer/);
    expect(bad).toContain(words);
    expect(good).toBeUndefined();
  });

  test("what waits for its turn gets a new thread", async () => {
    const ends = await endsOf(["throw", ...new Array<string>(20).fill("good")], 1);
    // Sixteen were open on the one thread.
    expect(ends.slice(16)).toEqual(new Array(5).fill(undefined));
  });
});

/** A thread whose live streams give three frames and break it; when taken up again they break it once more, then go on. */
const liveProgram = join(folder, "live.mjs");
writeFileSync(
  liveProgram,
  `import { parentPort, workerData } from "node:worker_threads";
const frame = (source, number, time, more) => ({ source, frame: number, time, width: 8, height: 8, faces: [], dropped: 1, ...more });
parentPort.on("message", ({ kind, job }) => {
  if (kind === "close") parentPort.close();
  if (kind !== "start") return;
  const { id, address: source, resume } = job;
  const tell = (item) => parentPort.postMessage({ kind: "item", id, item });
  if (source === "camera:9") throw new Error("no picture yet");
  if (!resume) {
    tell({ kind: "stream", event: { kind: "opened", source, isLive: true, width: 8, height: 8 } });
    for (const [number, time] of [[1, 0], [11, 1], [21, 2]]) tell({ kind: "result", result: frame(source, number, time) });
    throw new Error("a bug");
  }
  if (Atomics.add(workerData.attempts, 0, 1) === 0) throw new Error("again");
  const missed = { seconds: 0.5, frames: 4, estimated: true };
  tell({ kind: "result", result: frame(source, resume.nextFrame, resume.elapsed, { missed, resume }) });
  tell({ kind: "end" });
});
`,
);

/** What is told of live jobs, each item with the number of its job. `onItem` may end them. */
async function liveItems(
  addresses: readonly string[],
  onItem: (pool: StreamPool, item: StreamItem) => void = () => {},
): Promise<[number, StreamItem][]> {
  const items: [number, StreamItem][] = [];
  const attempts = new Int32Array(new SharedArrayBuffer(4));
  let ended = 0;
  await new Promise<void>((resolve) => {
    const pool: StreamPool = new StreamPool({
      jobs: addresses.map((address, id) => ({ id, address })),
      threads: addresses.length,
      startThread: (listener) => startWorker({ attempts } as never, listener, { file: liveProgram }),
      isUrgent: () => true,
      onItem: (id, item) => {
        items.push([id, item]);
        setTimeout(() => onItem(pool, item), 0);
        if (item.kind === "end" && ++ended === addresses.length)
          setTimeout(() => pool.close().then(resolve), 0);
      },
      restartDelay: 0.05,
    });
  });
  return items;
}

describe("a live stream whose thread is lost", () => {
  test("gets another after longer and longer waits, and goes on where it was", async () => {
    const items = (await liveItems(["camera:0"])).map(([, item]) => item);
    const live = items.flatMap((item) => (item.kind === "live" ? [item.event] : []));
    expect(live).toEqual([
      { kind: "lost", what: "thread", time: 2, said: "it broke: a bug" },
      { kind: "waiting", seconds: 0.05 },
      { kind: "waiting", seconds: 0.1 },
    ]);
    const results = items.flatMap((item) => (item.kind === "result" ? [item.result] : []));
    expect(results.map(({ frame }) => frame)).toEqual([1, 11, 21, 22]);
    const { resume } = results[3] as unknown as { resume: StreamResume };
    expect(resume).toMatchObject({ nextFrame: 22, time: 2, frameRate: 10 });
    expect(resume.totals).toEqual({
      frames: 3,
      dropped: 3,
      missed: { seconds: 0, frames: 0, estimated: false },
    });
    expect(resume.elapsed).toBeGreaterThan(0.15);
    expect(items.at(-1)).toEqual({ kind: "end" });
  });

  test("is not tried again when it never gave a picture, and stops no other", async () => {
    const items = await liveItems(["camera:9", "camera:0"]);
    const of = (id: number) => items.flatMap(([job, item]) => (job === id ? [item] : []));
    expect(of(0)).toMatchObject([{ kind: "end", failure: { code: "thread-lost" } }]);
    expect(of(1).at(-1)).toEqual({ kind: "end" });
  });

  test("ends in order when it is told to while it has none", async () => {
    const items = await liveItems(["camera:0"], (pool, item) => {
      if (item.kind === "live" && item.event.kind === "waiting") pool.abort();
    });
    expect(items.slice(-2).map(([, item]) => item)).toMatchObject([
      { kind: "stream", event: { kind: "ended", source: "camera:0", isLive: true, frames: 3, dropped: 3 } },
      { kind: "end" },
    ]);
  });
});

test("the real threads: too little memory for them is told for every source, as a row", async () => {
  const net = await EmotionNet.load();
  const jobs = ["a.mp4", "b.mp4"].map((address, id) => ({ id, address }));
  const worker = { resourceLimits: { maxOldGenerationSizeMb: 4 } };
  const rows = [];
  for await (const row of analyzeStreams(jobs, { net, options: {}, onShare: () => {}, worker })) {
    rows.push([row.source, row.error?.code, /memory/.test(row.error?.message ?? "")]);
  }
  expect(rows.sort()).toEqual([
    ["a.mp4", "thread-lost", true],
    ["b.mp4", "thread-lost", true],
  ]);
});
