/**
 * Resident memory while a long video is analysed.
 *
 *     node dist/bench/video-memory.js [minutes of video, default 3] [figure.svg]
 *
 * Draws a face at 1280 × 720, 30 frames a second, repeats it for the asked time (30 minutes are 54,000 frames), reads it through `analyze`, and samples the
 * resident memory of this process (ffmpeg is another) once a second. Prints speed, growth
 * and the longest queue, and writes a figure.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze, type StreamEvent } from "@emotionnet/analyze";
import { drawMovingFace, repeatClip } from "./drawn-clip.ts";

const minutes = Number(process.argv[2] ?? 3);
const figurePath = process.argv[3];
const rate = 30;
const [width, height] = [1280, 720] as const;
const folder = mkdtempSync(join(tmpdir(), "emotionnet-memory-"));

/** Resident memory after a frame. */
interface Sample {
  /** Of all frames, 0..1. */
  readonly share: number;
  readonly frame: number;
  readonly megabytes: number;
}

interface Measurement {
  readonly samples: readonly Sample[];
  readonly frames: number;
  readonly faces: number;
  /** Most decoded frames that ever waited. */
  readonly longestQueue: number;
  readonly seconds: number;
}

try {
  const path = await longVideo();
  const { samples, frames, faces, longestQueue, seconds } = await measure(path);
  // The first fifth is warm-up.
  const warm = samples.filter(({ share }) => share >= 0.2);
  const mean = (part: readonly Sample[]) =>
    part.reduce((sum, { megabytes }) => sum + megabytes, 0) / part.length;
  const tenth = Math.max(1, Math.floor(warm.length / 10));
  const [first, last] = [mean(warm.slice(0, tenth)), mean(warm.slice(-tenth))];
  const growth = (100 * (last - first)) / first;
  console.log(`${frames} frames, ${faces} faces, ${(frames / seconds).toFixed(1)} frames a second`);
  console.log(
    `resident memory after the first fifth: ${first.toFixed(0)} MB, at the end: ${last.toFixed(0)} MB`,
  );
  console.log(`longest queue of decoded frames: ${longestQueue} (at most 3)`);
  console.log(`growth over the last 80 %: ${growth.toFixed(1)} %`);
  if (figurePath) writeFileSync(figurePath, figure(samples, frames));
} finally {
  rmSync(folder, { recursive: true });
}

/** Four seconds of a moving drawn face, repeated. */
async function longVideo(): Promise<string> {
  const short = join(folder, "short.mp4");
  const long = join(folder, "long.mp4");
  await drawMovingFace(short, { width, height, rate, seconds: 4 });
  repeatClip(short, long, Math.ceil(minutes * 15));
  return long;
}

async function measure(path: string): Promise<Measurement> {
  const samples: Sample[] = [];
  const total = Math.ceil(minutes * 15) * 4 * rate;
  const start = performance.now();
  let frames = 0;
  let faces = 0;
  let sampledAt = 0;
  let longestQueue = 0;
  const onStream = (event: StreamEvent) => {
    if (event.kind === "ended") longestQueue = event.longestQueues.frames;
  };
  for await (const result of analyze(path, { onStream })) {
    frames++;
    faces += result.faces.length;
    const now = performance.now();
    if (now - sampledAt < 1000) continue;
    sampledAt = now;
    samples.push({ share: frames / total, frame: frames, megabytes: process.memoryUsage.rss() / 1e6 });
  }
  if (frames !== total) throw new Error(`${frames} frames came, ${total} were written.`);
  return { samples, frames, faces, longestQueue, seconds: (performance.now() - start) / 1000 };
}

function figure(samples: readonly Sample[], frames: number): string {
  const [wide, high, left, bottom] = [760, 260, 60, 40] as const;
  const most = 1.2 * Math.max(...samples.map(({ megabytes }) => megabytes));
  const x = (frame: number) => (left + ((wide - left - 20) * frame) / frames).toFixed(1);
  const y = (megabytes: number) => (high - bottom - ((high - bottom - 30) * megabytes) / most).toFixed(1);
  const line = samples.map(({ frame, megabytes }) => `${x(frame)},${y(megabytes)}`).join(" ");
  const step = [50, 100, 200, 500].find((value) => most / value < 6) ?? 1000;
  const levels = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  const grid = levels.map(
    (value) =>
      `<path d="M${left} ${y(value)}H${wide - 20}" stroke="#ddd"/><text x="${left - 6}" y="${y(value)}" dy="4" text-anchor="end">${value}</text>`,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<text x="${x(share * frames)}" y="${high - bottom + 18}" text-anchor="middle">${Math.round(share * frames)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" font-family="sans-serif" font-size="12" fill="#22262b">
<title>Resident memory over frames</title>
<rect width="100%" height="100%" fill="#fbfaf8"/>
<text x="${left}" y="18">Resident memory in MB over frames of 720p video</text>
${grid.join("")}${ticks.join("")}
<polyline points="${line}" fill="none" stroke="#2f6f8f" stroke-width="2"/>
</svg>
`;
}
