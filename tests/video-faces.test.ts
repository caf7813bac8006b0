/** Drawn people in drawn clips: followed, answered, told as events. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnalyzeOptions, analyze, type FaceEvent, type FaceSummary } from "@emotionnet/analyze";
import { EmotionNet, type FaceResult, type SourceResult } from "@emotionnet/core";
import { probeVideo, readVideo, type SceneHead } from "@emotionnet/media";
import { FaceReader, type TrackedFrame } from "@emotionnet/vision";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { between, clearPerson, type DrawnPerson, drawClip, ffmpeg, withoutFfmpeg } from "./video-support.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-faces-"));
const path = (name: string) => join(folder, name);

let net: EmotionNet;
let reader: FaceReader;
let person: DrawnPerson<"neutral" | "happy" | "surprise">;

const rate = 30;
/** Frames from one expression to the next. */
const ramp = 6;
/** Frames at which the drawn face is half way. */
const changes = { smile: 33, rest: 78, surprise: 123 };
const clipFrames = 165;

beforeAll(async () => {
  net = await EmotionNet.load();
  reader = await FaceReader.create();
  if (withoutFfmpeg) return;
  person = await clearPerson(net, reader, ["neutral", "happy", "surprise"]);
  const { neutral, happy, surprise } = person.shapes;
  const share = (frame: number, middle: number) => Math.max(0, Math.min(1, (frame - middle) / ramp + 0.5));
  await drawClip(path("expressions.mp4"), { width: 320, height: 240, frames: clipFrames, rate }, (frame) => {
    const smile = share(frame, changes.smile) - share(frame, changes.rest);
    const landmarks = between(between(neutral, happy, smile), surprise, share(frame, changes.surprise));
    return [{ landmarks, seed: person.seed, x: 160 + 10 * Math.sin(frame / 20), y: 125, size: 260 }];
  });
});
afterAll(async () => {
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
});

async function look(
  source: string,
  options: AnalyzeOptions = {},
): Promise<{ results: SourceResult[]; events: FaceEvent[]; summaries: FaceSummary[] }> {
  const results: SourceResult[] = [];
  const events: FaceEvent[] = [];
  const summaries: FaceSummary[] = [];
  const told: AnalyzeOptions = {
    onEvent: (event) => events.push(event),
    onSummary: (summary) => summaries.push(summary),
  };
  for await (const result of analyze(source, { model: net, reader, ...told, ...options }))
    results.push(result);
  return { results, events, summaries };
}

/** The faces of a drawn clip by tracker alone, with the head that was drawn nearest to each. */
async function follow(
  name: string,
  frames: number,
  headsAt: (frame: number) => readonly SceneHead[],
): Promise<TrackedFrame[]> {
  await drawClip(path(name), { width: 480, height: 240, frames }, headsAt);
  const tracker = reader.track();
  const followed: TrackedFrame[] = [];
  for await (const { image, time } of readVideo(path(name))) followed.push(await tracker.next(image, time));
  return followed;
}

/** Id of the face whose middle is within 15 pixels of x. */
function idAt({ faces }: TrackedFrame, x: number): string | undefined {
  return faces.find(({ box }) => Math.abs(box.x + box.width / 2 - x) < 15)?.track;
}

describe.skipIf(withoutFfmpeg)(`following drawn faces${withoutFfmpeg}`, () => {
  test("two faces that cross keep their ids", async () => {
    const { neutral, happy } = person.shapes;
    const front = (frame: number) => 80 + 4.2 * frame;
    const back = (frame: number) => 400 - 4 * frame;
    const followed = await follow("cross.mp4", 75, (frame) => [
      { landmarks: happy, seed: person.seed + 1, x: back(frame), y: 125, size: 200 },
      { landmarks: neutral, seed: person.seed, x: front(frame), y: 115, size: 210 },
    ]);
    const [frontId, backId] = [idAt(followed[0]!, front(0)), idAt(followed[0]!, back(0))];
    expect(frontId).toBeDefined();
    expect(backId).toBeDefined();
    expect(frontId).not.toBe(backId);
    for (const [frame, seen] of followed.entries()) {
      expect(idAt(seen, front(frame))).toBe(frontId);
      if (frame < 25 || frame > 60) expect(idAt(seen, back(frame))).toBe(backId);
      expect(seen.faces.every(({ track }) => track === frontId || track === backId)).toBe(true);
    }
  });

  test("a face hidden for a moment keeps its id; one away for long does not", async () => {
    const { neutral } = person.shapes;
    const isAway = (frame: number) => (frame >= 20 && frame < 32) || (frame >= 50 && frame < 90);
    const followed = await follow("away.mp4", 110, (frame) => [
      { landmarks: neutral, seed: person.seed, x: 130, y: 120, size: 200 },
      ...(isAway(frame) ? [] : [{ landmarks: neutral, seed: person.seed + 1, x: 350, y: 120, size: 200 }]),
    ]);
    const first = idAt(followed[0]!, 350);
    expect(first).toBeDefined();
    for (const [frame, seen] of followed.entries()) {
      expect(idAt(seen, 130)).toBe(idAt(followed[0]!, 130));
      expect(isAway(frame) && idAt(seen, 350) !== undefined).toBe(false);
    }
    expect(idAt(followed[49]!, 350)).toBe(first);
    expect(followed.flatMap(({ ended }) => ended)).toEqual([first]);
    const last = idAt(followed[109]!, 350);
    expect(last).toBeDefined();
    expect(last).not.toBe(first);
  });

  test("filtered points of a still face shake less than those of each frame", async () => {
    const { neutral } = person.shapes;
    const head = { landmarks: neutral, seed: person.seed, x: 240, y: 120, size: 220 };
    await drawClip(path("still.mp4"), { width: 480, height: 240, frames: 40 }, () => [head]);
    ffmpeg("-i", path("still.mp4"), "-vf", "noise=alls=24:allf=t", "-c:v", "libx264", path("noisy.mp4"));
    const tracker = reader.track();
    const filtered: number[] = [];
    const raw: number[] = [];
    for await (const { image, time, index } of readVideo(path("noisy.mp4"))) {
      const face = (await tracker.next(image, time)).faces[0]!;
      if (index < 10) continue;
      // Point 30 of the 68 is the tip of the nose, vertex 1 or 4 of the mesh; its own place does not matter, its shaking does.
      filtered.push(face.landmarks[60]!);
      raw.push(face.mesh[3 * 1]!);
    }
    expect(shake(raw)).toBeGreaterThan(0);
    expect(shake(filtered)).toBeLessThan(0.7 * shake(raw));
  });
});

/** Numbers from 0 to 1 that look random (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Root mean square of the steps from frame to frame. */
function shake(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => value - values[index]!);
  return Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length);
}

describe.skipIf(withoutFfmpeg)(`expressions in a drawn clip${withoutFfmpeg}`, () => {
  test.each(["clean", "noisy"])(
    "%s: events within three frames of the truth, labels without flicker",
    async (kind) => {
      const clip = kind === "clean" ? path("expressions.mp4") : path("expressions-noisy.mp4");
      const noise = ["-vf", "noise=alls=16:allf=t", "-c:v", "libx264", "-crf", "26"];
      if (kind === "noisy") ffmpeg("-i", path("expressions.mp4"), ...noise, clip);
      const { results, events, summaries } = await look(clip);
      expect(results.map(({ frame }) => frame)).toEqual(
        Array.from({ length: clipFrames }, (_, frame) => frame),
      );
      expect(new Set(results.flatMap(({ faces }) => faces.map(({ track }) => track))).size).toBe(1);

      const ended = events.filter((event) => event.kind === "end");
      expect(ended.map(({ expression, complete }) => [expression, complete])).toEqual([
        ["happy", true],
        ["surprise", false],
      ]);
      const near = (seconds: number, frame: number) => Math.abs(seconds * rate - frame);
      expect(near(ended[0]!.onset, changes.smile)).toBeLessThanOrEqual(3);
      expect(near(ended[0]!.offset, changes.rest)).toBeLessThanOrEqual(3);
      expect(near(ended[1]!.onset, changes.surprise)).toBeLessThanOrEqual(3);

      const labels = results.map(({ faces }) => faces[0]!.expression);
      const runs = labels.filter((label, index) => label !== labels[index - 1]);
      expect(runs.filter((label) => label !== "unknown")).toEqual([
        "neutral",
        "happy",
        "neutral",
        "surprise",
      ]);
      // Between two expressions the label may be open for a moment, never within one.
      const margin = 3 * ramp;
      for (const middle of [
        changes.smile - 15,
        changes.smile + 24,
        changes.rest + 24,
        changes.surprise + 24,
      ]) {
        const held = labels.slice(middle - (24 - margin), middle + (24 - margin));
        expect(new Set(held).size).toBe(1);
      }
      expect(summaries.length).toBe(1);
      expect(summaries[0]!.frames).toBe(clipFrames);
      expect(summaries[0]!.shares.happy!.seconds * rate).toBeGreaterThan(30);
    },
  );

  test("two faces with noisy points cross between two expressions: own ids, own events, no flicker", async () => {
    const noise = 0.012;
    const { neutral, happy, surprise } = person.shapes;
    const random = generator(5);
    // In units of the drawn shapes, whose inner points span about two.
    const shaken = (shape: Float32Array) => shape.map((value) => value + noise * (2 * random() - 1));
    const way = (frame: number) => Math.max(0, Math.min(1, (frame - 84) / 26));
    const front = (frame: number) => 100 + 240 * way(frame);
    const back = (frame: number) => 380 - 260 * way(frame);
    const share = (frame: number, middle: number) => Math.max(0, Math.min(1, (frame - middle) / ramp + 0.5));
    const surprised = changes.surprise + 15;
    const frames = surprised + 42;
    const clip = path("cross-noisy.mp4");
    await drawClip(clip, { width: 480, height: 240, frames, rate }, (frame) => {
      const smile = share(frame, changes.smile) - share(frame, changes.rest);
      const shape = between(between(neutral, happy, smile), surprise, share(frame, surprised));
      return [
        { landmarks: shaken(neutral), seed: person.seed + 1, x: back(frame), y: 125, size: 200 },
        { landmarks: shaken(shape), seed: person.seed, x: front(frame), y: 115, size: 220 },
      ];
    });
    const { results, events } = await look(clip);
    expect(results.length).toBe(frames);
    const nearest = (frame: number, x: number) =>
      results[frame]!.faces.find(({ box }) => Math.abs(box.x + box.width / 2 - x) < 20);
    const frontId = nearest(10, front(10))!.track!;
    const backId = nearest(10, back(10))!.track!;
    expect(backId).not.toBe(frontId);
    const seen = new Set(results.flatMap(({ faces }) => faces.map(({ track }) => track)));
    expect(seen).toEqual(new Set([frontId, backId]));
    for (const frame of [40, 70, frames - 20, frames - 1]) {
      expect(nearest(frame, front(frame))!.track).toBe(frontId);
      expect(nearest(frame, back(frame))!.track).toBe(backId);
    }
    const ended = events.filter((event) => event.kind === "end" && event.track === frontId) as Extract<
      FaceEvent,
      { kind: "end" }
    >[];
    expect(ended.map(({ expression }) => expression)).toEqual(["happy", "surprise"]);
    expect(Math.abs(ended[0]!.onset * rate - changes.smile)).toBeLessThanOrEqual(3);
    expect(Math.abs(ended[0]!.offset * rate - changes.rest)).toBeLessThanOrEqual(3);
    expect(Math.abs(ended[1]!.onset * rate - surprised)).toBeLessThanOrEqual(3);
    for (const middle of [changes.smile + 24, surprised + 30]) {
      const held = results.slice(middle - 6, middle + 6).map((_, index) => {
        const frame = middle - 6 + index;
        return nearest(frame, front(frame))!.expression;
      });
      expect(new Set(held).size).toBe(1);
    }
  }, 240_000);

  test("without smoothing every frame has its own answer", async () => {
    const { results } = await look(path("expressions.mp4"), { smoothing: "off" });
    const smooth = await look(path("expressions.mp4"));
    const happy = (all: SourceResult[]) =>
      all.map(({ faces }) => (faces[0] as FaceResult).probabilities.happy!);
    const differences = happy(results).map((value, frame) => Math.abs(value - happy(smooth.results)[frame]!));
    expect(Math.max(...differences)).toBeGreaterThan(0.2);
    expect(differences[60]).toBeLessThan(0.1);
  });

  test("a cut clip has a row for each readable frame and one that says where it broke off", async () => {
    const whole = readFileSync(path("expressions.mp4"));
    writeFileSync(path("cut.mp4"), whole.subarray(0, whole.length / 2));
    const { results } = await look(path("cut.mp4"));
    const last = results.pop()!;
    expect(results.length).toBeGreaterThan(20);
    expect(results.every(({ error }) => error === undefined)).toBe(true);
    expect(last).toMatchObject({ frame: results.length, faces: [], error: { code: "video-damaged" } });
    expect(last.time).toBe(results.at(-1)!.time);
  });

  test("places are pixels of the video, whatever size is looked at", async () => {
    const full = await look(path("expressions.mp4"));
    const small = await look(path("expressions.mp4"), { maxSide: 200 });
    expect(small.results[20]).toMatchObject({ width: 320, height: 240 });
    const [a, b] = [full, small].map(({ results }) => results[20]!.faces[0]!.box);
    expect(Math.abs(a!.x - b!.x)).toBeLessThan(5);
    expect(Math.abs(a!.width - b!.width)).toBeLessThan(8);
  });

  test("the annotated copy has every frame; an interrupted one leaves nothing", async () => {
    await look(path("expressions.mp4"), { annotate: path("marked.mp4") });
    expect(await probeVideo(path("marked.mp4"))).toMatchObject({
      width: 320,
      height: 240,
      frameCount: clipFrames,
      frameRate: `${rate}/1`,
    });
    const abort = new AbortController();
    const read = (async () => {
      const options = { model: net, reader, annotate: path("half.mp4"), signal: abort.signal };
      for await (const { frame } of analyze(path("expressions.mp4"), options))
        if (frame === 10) abort.abort();
    })();
    await expect(read).rejects.toMatchObject({ code: "interrupted" });
    expect([existsSync(path("half.mp4")), existsSync(path("half.mp4.partial"))]).toEqual([false, false]);
  });

  test("a place of the wrong kind for the copy is refused before any work", async () => {
    for (const annotate of [path("copy.jpg"), path("expressions.mp4")]) {
      await expect(look(path("expressions.mp4"), { annotate })).rejects.toMatchObject({
        code: annotate.endsWith(".jpg") ? "usage" : "file-unwritable",
      });
    }
  });
});
