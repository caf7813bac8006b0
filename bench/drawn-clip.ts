/** Clips of a drawn face for the benchmarks of videos. */

import { spawnSync } from "node:child_process";
import { MEAN_SHAPE } from "@emotionnet/core";
import { drawPortrait, VideoWriter } from "@emotionnet/media";

export interface DrawnClip {
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** A face that moves from side to side over a plain wall. */
export async function drawMovingFace(
  path: string,
  { width, height, rate, seconds }: DrawnClip,
): Promise<void> {
  const side = Math.round(0.72 * height);
  const portrait = await drawPortrait(MEAN_SHAPE, { size: side, seed: 3 });
  const writer = new VideoWriter(path, { width, height, frameRate: `${rate}/1` });
  const frames = seconds * rate;
  const top = Math.round((height - side) / 2);
  for (let frame = 0; frame < frames; frame++) {
    const data = new Uint8Array(3 * width * height).fill(150);
    const left = Math.round((width - side) / 2 + 0.15 * width * Math.sin((2 * Math.PI * frame) / frames));
    for (let row = 0; row < side; row++) {
      const pixels = portrait.data.subarray(3 * row * side, 3 * (row + 1) * side);
      data.set(pixels, 3 * ((row + top) * width + left));
    }
    await writer.write({ width, height, data }, frame / rate);
  }
  await writer.finish();
}

/** The same clip so many times over, without encoding it again. @throws Error with what ffmpeg said. */
export function repeatClip(from: string, to: string, times: number): void {
  const args = ["-v", "error", "-y", "-stream_loop", String(times - 1), "-i", from, "-c", "copy", to];
  const { status, stderr } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
