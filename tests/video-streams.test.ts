/** Several video files at once, each whole and in order; thumbnails; fewer frames a second. */

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AnalyzeOptions, analyze, type FaceEvent, type StreamEvent } from "@emotionnet/analyze";
import { EmotionNet, type SourceResult } from "@emotionnet/core";
import { readPhoto, readVideo } from "@emotionnet/media";
import { FaceReader, type FaceTracker } from "@emotionnet/vision";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FromThread } from "../packages/analyze/src/streams/messages.ts";
import { StreamRunner } from "../packages/analyze/src/streams/stream-runner.ts";
import { Turns } from "../packages/analyze/src/streams/turns.ts";
import { outcome, startCommand, temporaryFolder } from "./cli-support.ts";
import { between, clearPerson, drawClip, ffmpeg, withoutFfmpeg } from "./video-support.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const rate = 30;
const frames = 75;
/** Frames in which the drawn face smiles. */
const smile = { from: 18, to: 57 };
const lengths = new Map([
  [path("a.mp4"), 75],
  [path("b.mp4"), 45],
  [path("c.mp4"), 20],
]);
const clips = [...lengths.keys()];

let net: EmotionNet;
let reader: FaceReader;

beforeAll(async () => {
  net = await EmotionNet.load();
  reader = await FaceReader.create();
  if (withoutFfmpeg) return;
  const { seed, shapes } = await clearPerson(net, reader, ["neutral", "happy"]);
  const share = (frame: number, middle: number) => Math.max(0, Math.min(1, (frame - middle) / 6 + 0.5));
  await drawClip(path("a.mp4"), { width: 320, height: 240, frames, rate }, (frame) => {
    const amount = share(frame, smile.from) - share(frame, smile.to);
    const landmarks = between(shapes.neutral, shapes.happy, amount);
    return [{ landmarks, seed, x: 160, y: 125, size: 250 }];
  });
  for (const name of ["b.mp4", "c.mp4"]) {
    ffmpeg("-i", path("a.mp4"), "-frames:v", String(lengths.get(path(name))), path(name));
  }
});
afterAll(() => reader.close());

async function rowsOf(sources: string | readonly string[], options: AnalyzeOptions = {}) {
  const rows: SourceResult[] = [];
  for await (const result of analyze(sources, { model: net, ...options })) rows.push(result);
  return rows;
}

function framesOf(rows: readonly SourceResult[], source: string): number[] {
  return rows.filter((row) => row.source === source).map(({ frame }) => frame);
}

const counted = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.skipIf(withoutFfmpeg)(`several videos at once${withoutFfmpeg}`, () => {
  test.each(["threads", "this thread"])("on %s: every row of every video, in order", async (place) => {
    const streams: StreamEvent[] = [];
    const events: FaceEvent[] = [];
    const told = {
      onStream: (event: StreamEvent) => streams.push(event),
      onEvent: (event: FaceEvent) => events.push(event),
    };
    const rows = await rowsOf(clips, { ...told, ...(place === "threads" ? { workers: 2 } : { reader }) });
    for (const [source, count] of lengths) expect(framesOf(rows, source)).toEqual(counted(count));
    for (const [source, count] of lengths) {
      const [opened, ended] = streams.filter((event) => event.source === source);
      expect(opened).toMatchObject({ kind: "opened", isLive: false, width: 320, height: 240 });
      expect(ended).toMatchObject({ kind: "ended", frames: count, dropped: 0 });
      const { longestQueues } = ended as Extract<StreamEvent, { kind: "ended" }>;
      expect(longestQueues.frames).toBeLessThanOrEqual(3);
      // Eight results, and what is told beside each.
      expect(longestQueues.results).toBeLessThanOrEqual(8 * 3 + 4);
    }
    const smiles = events.filter(({ kind, source }) => kind === "end" && source === clips[0]);
    expect(smiles.map(({ expression }) => expression)).toEqual(["happy"]);
    expect(Math.abs(smiles[0]!.onset * rate - smile.from)).toBeLessThanOrEqual(3);
  });

  test("the answers are those of each video alone", async () => {
    const plain = ({ track: _, ...face }: SourceResult["faces"][number]) => face;
    const bare = (rows: readonly SourceResult[]) =>
      rows.map(({ frame, time, faces }) => ({ frame, time, faces: faces.map(plain) }));
    const together = await rowsOf([clips[1]!, clips[2]!]);
    for (const source of [clips[1]!, clips[2]!]) {
      expect(bare(together.filter((row) => row.source === source))).toEqual(bare(await rowsOf(source)));
    }
  });

  test("fair: while all have a frame ready, each gets its turn before anybody gets two", async () => {
    const same = ["w.mp4", "x.mp4", "y.mp4", "z.mp4"].map(path);
    for (const copy of same) ffmpeg("-i", path("b.mp4"), "-c", "copy", copy);
    const turns = new Turns();
    const order: number[] = [];
    let running = same.length;
    let tracks = 0;
    // The networks as they are; only, each look begins when all other streams that still run wait for theirs.
    const patient = {
      track() {
        const track = tracks++;
        const tracker = reader.track();
        const next: FaceTracker["next"] = async (image, time) => {
          while (turns.waiting < running - 1) await new Promise((resolve) => setTimeout(resolve, 1));
          order.push(track);
          return tracker.next(image, time);
        };
        return { next };
      },
    } as FaceReader;
    const results = new Map<number, number[]>();
    await new Promise<void>((resolve) => {
      const tell = (message: FromThread) => {
        if (message.kind !== "item") return;
        const { id, item } = message;
        if (item.kind === "result") {
          results.set(id, [...(results.get(id) ?? []), item.result.frame]);
          runner.handle({ kind: "taken", id });
        }
        if (item.kind === "end" && --running === 0) resolve();
      };
      const runner = new StreamRunner({ reader: patient, net, settings: {}, tell, turns });
      for (const [id, address] of same.entries()) runner.handle({ kind: "start", job: { id, address } });
    });
    for (const frames of results.values()) expect(frames).toEqual(counted(45));
    expect(order.length).toBe(45 * same.length);
    const round = order.slice(0, same.length);
    expect(new Set(round).size).toBe(same.length);
    for (let first = 0; first < order.length; first += same.length) {
      expect(order.slice(first, first + same.length), `turns from ${first}`).toEqual(round);
    }
  });

  test("leaving the loop, and aborting, ends every thread and leaves no half copies", async () => {
    const options = { model: net, annotate: path("copies"), workers: 2 };
    for await (const _ of analyze(clips, options)) break;
    const abort = new AbortController();
    const read = (async () => {
      for await (const _ of analyze(clips, { ...options, signal: abort.signal })) abort.abort();
    })();
    await expect(read).rejects.toMatchObject({ code: "interrupted" });
    expect(readdirSync(path("copies"))).toEqual([]);
  });

  test("Ctrl-C on files: status 130 and nothing half written", async () => {
    const asked = ["--annotate", "half", "--events", "half.csv"];
    const child = startCommand(["analyze", "a.mp4", "b.mp4", "-f", "jsonl", ...asked], folder);
    child.stdout!.once("data", () => child.kill("SIGINT"));
    const { status, stderr } = await outcome(child);
    expect(stderr).toContain("Interrupted; nothing is left half written.");
    expect(status).toBe(130);
    expect([readdirSync(path("half")), existsSync(path("half.csv"))]).toEqual([[], false]);
  });
});

describe.skipIf(withoutFfmpeg)(`frames and pictures of a video${withoutFfmpeg}`, () => {
  test("thumbnails: the face at the apex of each event, from its own frame", async () => {
    const events: FaceEvent[] = [];
    const onEvent = (event: FaceEvent) => events.push(event);
    await rowsOf(clips[0]!, { reader, thumbnails: path("apexes"), onEvent });
    const [event] = events.filter(({ kind }) => kind === "end") as Extract<FaceEvent, { kind: "end" }>[];
    const names = readdirSync(path("apexes"));
    expect(names).toEqual([`a-${event!.track}-1-happy.jpg`]);
    const picture = await readPhoto(join(path("apexes"), names[0]!));
    expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(320);
    const [face] = await reader.read(picture);
    expect(net.classify(face!.landmarks).expression).toBe("happy");
    expect(event!.apex * rate).toBeGreaterThan(smile.from);
    expect(event!.apex * rate).toBeLessThan(smile.to);
  });

  test("fewer frames a second, evenly, with their true times", async () => {
    const rows = await rowsOf(clips[0]!, { reader, maxRate: 10, annotate: path("slow.mp4") });
    expect(rows.map(({ frame }) => frame)).toEqual(counted(25));
    for (const [index, { time, error }] of rows.entries()) {
      expect(error).toBeUndefined();
      expect(time).toBeCloseTo(index / 10, 3);
    }
    let copied = 0;
    for await (const { time } of readVideo(path("slow.mp4"))) expect(time).toBeCloseTo(copied++ / 10, 3);
    expect(copied).toBe(25);
    expect((await rowsOf(clips[2]!, { reader, maxRate: 60 })).length).toBe(20);
    expect((await rowsOf(clips[0]!, { reader, maxRate: 20 })).length).toBe(50);
  });

  test("the command takes a list, and says what is wrong with its values", async () => {
    ffmpeg("-i", path("c.mp4"), "-c", "copy", path("d.mp4"));
    writeFileSync(path("list.yaml"), "- c.mp4\n- d.mp4\n");
    const asked = ["--thumbnails", "faces", "--max-rate", "15", "--max-side", "200", "--workers", "1"];
    const listed = await outcome(startCommand(["analyze", "list.yaml", "-f", "csv", ...asked], folder));
    expect(listed.status).toBe(0);
    const names = listed.stdout.split("\r\n").map((line) => line.split(",")[0]);
    expect(names.filter((name) => name === "c.mp4").length).toBe(10);
    expect(names.filter((name) => name === "d.mp4").length).toBe(10);
    const wrong = await outcome(startCommand(["analyze", "c.mp4", "--max-rate", "0"], folder));
    expect(wrong.status).toBe(2);
    writeFileSync(path("bad.yaml"), "cameras: none\n");
    const bad = await outcome(startCommand(["analyze", "bad.yaml", "-f", "jsonl"], folder));
    expect(bad.status).toBe(1);
    expect(bad.stderr).toContain("error [sources-list]");
  });
});
