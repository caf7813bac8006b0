/** Network cameras: RTSP over loopback, cut and brought back; several at once beside files; ended by Ctrl-C. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { analyze, formatLosses, type StreamEvent, StreamStatuses } from "@emotionnet/analyze";
import { EmotionNet, MEAN_SHAPE, type Missed, type SourceResult } from "@emotionnet/core";
import { type LiveEvent, openVideo, readVideo } from "@emotionnet/media";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyzeStreams } from "../packages/analyze/src/streams/analyze-streams.ts";
import { outcome, startCommand, temporaryFolder } from "./cli-support.ts";
import { RtspServer } from "./rtsp-server.ts";
import { drawClip, drawNumberedClip, ffmpeg, shownNumber, withoutFfmpeg } from "./video-support.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const clip = path("camera.mp4");
const keyFrames = ["-g", "5", "-bf", "0", "-tune", "zerolatency"];
/** Frames by which an estimate may be wrong: what the way through the network and the decoder varies by, at 15 a second. */
const tolerance = 5;
let camera: RtspServer;

beforeAll(async () => {
  if (withoutFfmpeg) return;
  await drawClip(path("face.mp4"), { width: 320, height: 240, frames: 30, rate: 15 }, (frame) => [
    { landmarks: MEAN_SHAPE, seed: 2, x: 150 + frame, y: 120, size: 240 },
  ]);
  ffmpeg("-i", path("face.mp4"), "-c:v", "libx264", ...keyFrames, clip);
  camera = await RtspServer.start({ clip });
});
afterAll(() => camera?.stop());

/** As `camera`, on the same port. */
async function restart(): Promise<void> {
  camera = await RtspServer.start({ clip, port: camera.port });
}

describe.skipIf(withoutFfmpeg)(`RTSP${withoutFfmpeg}`, () => {
  test("start, cut, return: it connects again with longer and longer waits, and counts what it missed", async () => {
    const { port } = camera;
    const events: LiveEvent[] = [];
    const abort = new AbortController();
    const onLive = (event: LiveEvent) => events.push(event);
    const { info, frames } = await openVideo(camera.address, {
      ...{ signal: abort.signal, reconnectDelay: 0.1, onLive },
    });
    expect(info).toMatchObject({ isLive: true, width: 320, height: 240, codec: "h264" });
    const times: number[] = [];
    let places = 0;
    for await (const { time, dropped, index, image } of frames) {
      times.push(time);
      places += 1 + dropped;
      expect(index + 1).toBe(places);
      expect(image.data.length).toBe(3 * 320 * 240);
      if (times.length === 10) {
        await camera.stop();
        setTimeout(() => void RtspServer.start({ clip, port }).then((back) => (camera = back)), 900);
      }
      if (times.length === 25) abort.abort();
    }
    expect(times.length).toBe(25);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== "waiting")).toEqual(["lost", "resumed"]);
    const waits = events.flatMap((event) => (event.kind === "waiting" ? [event.seconds] : []));
    expect(waits.length).toBeGreaterThan(1);
    for (const [attempt, wait] of waits.entries()) expect(wait).toBeCloseTo(0.1 * 2 ** attempt, 6);
    const resumed = events.at(-1) as Extract<LiveEvent, { kind: "resumed" }>;
    expect(resumed.missed.seconds).toBeGreaterThan(0.8);
    expect(times).toContain(resumed.time);
  });

  test("tells how many frames were withheld while the network failed, by the numbers that the frames show", async () => {
    const rate = 15;
    await drawNumberedClip(path("plain.mp4"), { width: 160, height: 120, rate });
    ffmpeg("-i", path("plain.mp4"), "-c:v", "libx264", ...keyFrames, path("numbered.mp4"));
    const numbered = await RtspServer.start({ clip: path("numbered.mp4") });
    const seen: { number: number; index: number; time: number; dropped: number; missed?: Missed }[] = [];
    let resumed: LiveEvent | undefined;
    let withheld = 0;
    const onLive = (event: LiveEvent) => {
      if (event.kind === "resumed") resumed = event;
    };
    try {
      for await (const { image, ...frame } of readVideo(numbered.address, { reconnectDelay: 0.2, onLive })) {
        seen.push({ ...frame, number: shownNumber(image) });
        if (seen.length === 2 * rate)
          await numbered.unplug().then(() => setTimeout(() => numbered.plugIn(), 1500));
        if (frame.missed) withheld = numbered.withheld;
        if (seen.length === 3 * rate) break;
      }
    } finally {
      await numbered.stop();
    }
    const place = seen.findIndex(({ missed }) => missed !== undefined);
    const [before, after] = [seen[place - 1]!, seen[place]!];
    const { missed } = after as { missed: Missed };
    expect(seen.filter((frame) => frame.missed).length).toBe(1);
    expect(resumed).toMatchObject({ kind: "resumed", missed, time: after.time });
    // What the pictures show is the truth: the server withheld most, the rest came before the first key frame.
    const truth = (256 + after.number - before.number - 1 - after.dropped) % 256;
    expect(withheld).toBeGreaterThan(1.4 * rate);
    expect(truth).toBeGreaterThanOrEqual(withheld);
    expect(Math.abs(missed.frames! - truth)).toBeLessThanOrEqual(tolerance);
    expect(missed.estimated).toBe(true);
    // Numbers of frames count what came, times count through the gap.
    expect(after.index).toBe(before.index + after.dropped + 1);
    expect(after.time - before.time).toBeCloseTo(missed.seconds, 6);
  });

  test("a name and a password are given to the camera, and to nobody else", async () => {
    const locked = await RtspServer.start({ clip, credentials: "somebody:secret" });
    try {
      await expect(openVideo(locked.address)).rejects.toMatchObject({ code: "stream-unreachable" });
      const open = locked.address.replace("rtsp://", "rtsp://somebody:secret@");
      for await (const { image } of readVideo(open)) {
        expect(image.width).toBe(320);
        break;
      }
      const abort = new AbortController();
      for await (const { source } of analyze([open, path("face.mp4")], { signal: abort.signal })) {
        expect(source).not.toContain("secret");
        if (source.startsWith("rtsp")) abort.abort();
      }
    } finally {
      await locked.stop();
    }
  });

  test("two cameras and two files at once: the loss of one stops no other", async () => {
    const other = await RtspServer.start({ clip });
    const [first, second] = [camera.address, other.address];
    const sources = [first, path("face.mp4"), second, path("absent.mp4")];
    const abort = new AbortController();
    const statuses = new StreamStatuses();
    const rows = new Map<string, SourceResult[]>(sources.map((source) => [source, []]));
    const ended = new Map<string, StreamEvent>();
    const after = { first: 0, second: 0 };
    let state = "before" as "before" | "cut" | "back";
    const options = {
      signal: abort.signal,
      workers: 2,
      onStream: (event: StreamEvent) => {
        statuses.hearStream(event);
        if (event.kind === "ended") ended.set(event.source, event);
      },
      onLive: (source: string, event: LiveEvent) => {
        statuses.hearLive(source, event);
        if (source === first && event.kind === "resumed") state = "back";
      },
    };
    for await (const result of analyze(sources, options)) {
      statuses.see(result);
      rows.get(result.source)!.push(result);
      const isFull = [first, second].every((source) => rows.get(source)!.length >= 5);
      if (state === "before" && isFull && rows.get(path("face.mp4"))!.length === 30) {
        state = "cut";
        void camera.stop().then(() => setTimeout(() => void restart(), 500));
      }
      if (state === "cut" && result.source === second) after.second++;
      if (state === "back" && result.source === first) after.first++;
      if (after.first >= 5) abort.abort();
    }
    await other.stop();
    expect(after.second).toBeGreaterThan(3);
    expect(rows.get(path("face.mp4"))!.map(({ frame }) => frame)).toEqual(
      Array.from({ length: 30 }, (_, frame) => frame),
    );
    expect(rows.get(path("absent.mp4"))).toMatchObject([{ error: { code: "file-not-found" }, faces: [] }]);
    for (const source of [first, second]) {
      const seen = rows.get(source)!;
      expect(seen.every(({ error }) => error === undefined)).toBe(true);
      const left = seen.reduce((sum, { dropped }) => sum + dropped!, 0);
      expect(seen.at(-1)!.frame + 1).toBe(seen.length + left);
      expect(statuses.all.find((status) => status.source === source)).toMatchObject({
        state: "ended",
        isLive: true,
        frames: seen.length,
        dropped: left,
      });
    }
    const losses = rows.get(first)!.flatMap(({ missed }) => (missed ? [missed] : []));
    expect(losses.length).toBe(1);
    expect(losses[0]!.seconds).toBeGreaterThan(0.4);
    const status = statuses.all.find(({ source }) => source === first)!;
    expect([status.missed, ended.get(first)]).toMatchObject([losses[0], { isLive: true, missed: losses[0] }]);
    expect(formatLosses(status)).toMatch(
      new RegExp(`; about ${losses[0]!.frames} frames \\(.* s\\) were missed while it was lost\\.$`),
    );
    expect(ended.get(second)).toMatchObject({ missed: { seconds: 0, frames: 0 } });
  });

  test("a camera whose thread is lost gets another and goes on; a file on that thread is told as lost", async () => {
    ffmpeg("-stream_loop", "99", "-i", path("face.mp4"), "-c", "copy", path("long.mp4"));
    // The real thread, which ends itself once after ten frames of the camera.
    const worker = path("ending.mjs");
    const real = new URL("../packages/analyze/dist/streams/stream-worker.js", import.meta.url);
    writeFileSync(
      worker,
      `import { existsSync, writeFileSync } from "node:fs";
      import { parentPort } from "node:worker_threads";
      const post = parentPort.postMessage.bind(parentPort);
      let count = 0;
      parentPort.postMessage = (message) => {
        post(message);
        if (!message.item?.result?.source.startsWith("rtsp") || ++count < 10 || existsSync("${path("was-lost")}")) return;
        writeFileSync("${path("was-lost")}", "");
        process.exit(3);
      };
      await import("${real}");`,
    );
    const abort = new AbortController();
    const events: LiveEvent[] = [];
    const streams: StreamEvent[] = [];
    const options = {
      ...{ signal: abort.signal, workers: 1 },
      onLive: (_: string, event: LiveEvent) => events.push(event),
      onStream: (event: StreamEvent) => streams.push(event),
    };
    const annotate = path("kept.mp4");
    const jobs = [
      { id: 0, address: camera.address, annotate },
      { id: 1, address: path("long.mp4") },
    ];
    const net = await EmotionNet.load();
    const rows: SourceResult[] = [];
    const losses: SourceResult[] = [];
    for await (const row of analyzeStreams(jobs, {
      net,
      options,
      onShare: () => {},
      worker: { file: worker },
    })) {
      if (row.source === camera.address) rows.push(row);
      else if (row.error) losses.push(row);
      if (rows.length === 25) abort.abort();
    }
    expect(losses).toMatchObject([{ source: path("long.mp4"), error: { code: "thread-lost" } }]);
    expect(events.map(({ kind }) => kind)).toEqual(["lost", "waiting", "resumed"]);
    expect(events[0]).toMatchObject({ what: "thread", said: "it ended by itself with status 3" });
    const place = rows.findIndex(({ missed }) => missed !== undefined);
    const [before, after] = [rows[place - 1]!, rows[place]!];
    expect(place).toBeGreaterThanOrEqual(9);
    expect(after.frame).toBe(before.frame + after.dropped! + 1);
    expect(after.time - before.time).toBeCloseTo(after.missed!.seconds, 6);
    // It waits half a second, and the camera sends fifteen frames a second.
    expect(after.missed!.seconds).toBeGreaterThan(0.5);
    expect(after.missed!.frames).toBeGreaterThan(0.5 * 15 - 2 - after.dropped!);
    const dropped = rows.reduce((sum, row) => sum + row.dropped!, 0);
    expect(streams.filter(({ source }) => source === camera.address)).toMatchObject([
      { kind: "opened", isLive: true },
      { kind: "ended", frames: rows.length, dropped, missed: after.missed },
    ]);
    for (const copy of [path("kept.mp4.partial"), path("kept.2.mp4")]) {
      let frames = 0;
      for await (const { image } of readVideo(copy)) frames += image.width === 320 ? 1 : 0;
      expect(frames).toBeGreaterThan(5);
    }
  });

  test("Ctrl-C ends a list of cameras in order: whole lines, every file in place, copies that play", async () => {
    writeFileSync(path("cameras.yaml"), `- ${camera.address}\n- ${camera.address}/side\n`);
    const asked = ["--annotate", "copies", "--summary", "day.csv", "--timeline", "day.svg"];
    const child = startCommand(["analyze", "cameras.yaml", "-f", "jsonl", ...asked], folder);
    let seen = "";
    child.stdout!.on("data", (part: Buffer) => {
      const wasEnough = isEnough(seen);
      seen += part;
      if (!wasEnough && isEnough(seen)) child.kill("SIGINT");
    });
    const { status, stderr } = await outcome(child);
    expect(stderr).toContain("Written: day.csv, day.svg.");
    expect(stderr).not.toContain("error [");
    expect(status).toBe(0);
    const results = seen
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as SourceResult);
    expect(new Set(results.map(({ source }) => source)).size).toBe(2);
    expect(readFileSync(path("day.csv"), "utf8").split("\r\n").length).toBeGreaterThan(7);
    for (const copy of ["copies/stream.mp4", "copies/side.mp4"]) {
      let frames = 0;
      for await (const { image } of readVideo(path(copy))) frames += image.width === 320 ? 1 : 0;
      expect(frames).toBeGreaterThanOrEqual(5);
      expect(existsSync(path(`${copy}.partial`))).toBe(false);
    }
  });
});

/** Whether both cameras have been seen for a while. */
function isEnough(text: string): boolean {
  const lines = text.split("\n").slice(0, -1);
  const side = lines.filter((line) => line.includes("/side")).length;
  return side >= 8 && lines.length - side >= 8;
}
