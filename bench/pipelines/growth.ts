/**
 * What a picture costs with 1, 2, 4 and 8 faces in it, and a frame and the memory of videos of growing length:
 * `npm run build && node dist/bench/pipelines/growth.js [folder for the figures] [--json]`. Drawn people; needs ffmpeg.
 */

import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { analyze } from "@emotionnet/analyze";
import { EmotionNet } from "@emotionnet/core";
import { FaceReader } from "@emotionnet/vision";
import { growthFigure } from "../growth-figure.ts";
import { median } from "../interleave.ts";
import { peersFolder } from "../peers.ts";
import { crowd, material } from "./material.ts";

const COUNTS = [1, 2, 4, 8];
const ROUNDS = 15;
/** How often the clip of eight seconds is shown. */
const REPEATS = [1, 2, 4, 8];

interface FaceGrowth {
  readonly drawn: number;
  readonly found: number;
  /** Milliseconds of processor time, medians of interleaved rounds: a photo already decoded, and a frame of a video in which all faces are followed. */
  readonly photo: number;
  readonly frame: number;
}

/** The detector looks at every 15th frame, which the median leaves out. */
async function growthByFaces(): Promise<FaceGrowth[]> {
  const net = await EmotionNet.load();
  const reader = await FaceReader.create();
  const scenes = [];
  for (const drawn of COUNTS) {
    const image = await crowd(drawn);
    const tracker = reader.track();
    let frames = 0;
    const photo = async () =>
      (await reader.read(image)).map(({ landmarks }) => net.classify(landmarks)).length;
    const frame = async () =>
      (await tracker.next(image, frames++ / 30)).faces.map(({ landmarks }) => net.classify(landmarks)).length;
    await frame();
    scenes.push({
      drawn,
      found: await photo(),
      photo,
      frame,
      times: { photo: [] as number[], frame: [] as number[] },
    });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const scene of scenes) {
      // Another scene came between; caches are warm again after one.
      await scene.photo();
      scene.times.photo.push(await processorMilliseconds(scene.photo));
      await scene.frame();
      scene.times.frame.push(await processorMilliseconds(scene.frame));
    }
  }
  await reader.close();
  return scenes.map(({ drawn, found, times }) => ({
    drawn,
    found,
    photo: median(times.photo),
    frame: median(times.frame),
  }));
}

async function processorMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface LengthGrowth {
  /** Of the video. */
  readonly seconds: number;
  readonly frames: number;
  /** Milliseconds of processor time of a frame, the decoder's process apart. */
  readonly perFrame: number;
  /** Largest resident memory while it was read, MB. */
  readonly memory: number;
}

/** Videos of the same clip shown again and again, each read by `analyze`; the shortest once before, to warm up. */
async function growthByLength(): Promise<LengthGrowth[]> {
  const { clip } = await material();
  const net = await EmotionNet.load();
  const reader = await FaceReader.create();
  const results: LengthGrowth[] = [];
  for (const repeats of [REPEATS[0]!, ...REPEATS]) {
    const path = repeated(clip, repeats);
    const before = process.cpuUsage();
    let [frames, memory] = [0, 0];
    for await (const { error } of analyze(path, { model: net, reader })) {
      if (error) throw new Error(error.message);
      if (frames++ % 30 === 0) memory = Math.max(memory, process.memoryUsage.rss() / 1e6);
    }
    const { user, system } = process.cpuUsage(before);
    results.push({ seconds: frames / 30, frames, perFrame: (user + system) / 1000 / frames, memory });
  }
  await reader.close();
  return results.slice(1);
}

function repeated(clip: string, times: number): string {
  const path = join(peersFolder, "material", `times-${times}.mp4`);
  if (existsSync(path)) return path;
  const args = ["-v", "error", "-stream_loop", String(times - 1), "-i", clip, "-c", "copy", path];
  const { status, stderr } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return path;
}

function facesFigure(faces: readonly FaceGrowth[]): string {
  return growthFigure({
    title: "Cost of a 720p picture by the faces in it",
    axes: ["drawn faces", "ms of processor time"],
    places: faces.map(({ drawn }) => drawn),
    series: [
      { name: "a photo, decoded", values: faces.map(({ photo }) => photo) },
      { name: "a frame, faces followed", values: faces.map(({ frame }) => frame) },
    ],
  });
}

function lengthFigure(lengths: readonly LengthGrowth[]): string {
  return growthFigure({
    title: "Resident memory by the length of a 720p video",
    axes: ["seconds of video", "MB"],
    places: lengths.map(({ seconds }) => Math.round(seconds)),
    series: [{ name: "largest while it is read", values: lengths.map(({ memory }) => memory) }],
  });
}

export interface Growth {
  readonly faces: readonly FaceGrowth[];
  readonly lengths: readonly LengthGrowth[];
}

/**
 * Measured in a process of its own: after the races of pipelines, whose engines leave their memory in pieces, photos with
 * several faces cost up to twice as much.
 */
export function growthApart(folder: string): Growth {
  const args = [fileURLToPath(import.meta.url), folder, "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Growth;
}

async function main(folder: string | undefined, isJson: boolean): Promise<void> {
  const growth: Growth = { faces: await growthByFaces(), lengths: await growthByLength() };
  if (folder) {
    writeFileSync(join(folder, "cost-by-faces.svg"), facesFigure(growth.faces));
    writeFileSync(join(folder, "memory-by-length.svg"), lengthFigure(growth.lengths));
  }
  if (isJson) {
    console.log(JSON.stringify(growth));
  } else {
    console.table(growth.faces);
    console.table(growth.lengths);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  await main(positionals[0], values.json);
}
