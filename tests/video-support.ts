/** Drawn clips: people that the project draws itself, moving over a plain wall, encoded by the ffmpeg of this machine. */

import { spawnSync } from "node:child_process";
import {
  type EmotionNet,
  EXPRESSIONS,
  type Expression,
  LANDMARK_VALUES,
  type RgbImage,
} from "@emotionnet/core";
import { drawScene, type SceneHead, VideoWriter } from "@emotionnet/media";
import { generateFaces } from "@emotionnet/train";
import type { FaceReader } from "@emotionnet/vision";

const probe = spawnSync("ffmpeg", ["-hide_banner", "-encoders"], { encoding: "utf8" });

/** Empty where ffmpeg is; else why its tests are left out, for their names. */
export const withoutFfmpeg = probe.status === 0 ? "" : " (skipped: no ffmpeg on this machine)";

export function hasEncoder(name: string): boolean {
  return withoutFfmpeg === "" && new RegExp(`\\b${name}\\b`).test(probe.stdout);
}

/** Runs ffmpeg to its end. @throws Error with what it said. */
export function ffmpeg(...args: string[]): void {
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", "-y", ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(" ")}: ${stderr}`);
}

export interface DrawnPerson<Name extends Expression> {
  /** Of the portrait. */
  readonly seed: number;
  readonly shapes: Readonly<Record<Name, Float32Array>>;
}

/** Simulated persons to look through. */
const persons = 12;
const samplesPerPerson = 15 * EXPRESSIONS.length * 4;
/** Above this the model has no doubt about a still portrait, so that a test of time tests time. */
const clearConfidence = 0.9;

/** The first simulated person whose drawn portraits are answered rightly and clearly for all these expressions. */
export async function clearPerson<Name extends Expression>(
  net: EmotionNet,
  reader: FaceReader,
  expressions: readonly Name[],
): Promise<DrawnPerson<Name>> {
  const options = {
    persons,
    samplesPerPerson,
    seed: 11,
    protocol: "multipie",
    sources: { annotator: 1 },
  } as const;
  const { names, labels, landmarks } = generateFaces(options);
  for (let person = 0; person < persons; person++) {
    const found = new Map<Expression, Float32Array>();
    const first = person * samplesPerPerson;
    for (let sample = first; sample < first + samplesPerPerson; sample++) {
      const expression = EXPRESSIONS[labels[sample]!]!;
      const isWanted = (expressions as readonly Expression[]).includes(expression) && !found.has(expression);
      if (!isWanted || names[sample]!.split("_")[3] !== "051") continue;
      const shape = landmarks.slice(sample * LANDMARK_VALUES, (sample + 1) * LANDMARK_VALUES);
      const head = { landmarks: shape, seed: person, x: 160, y: 125, size: 260 };
      const [face] = await reader.read(await drawScene(320, 240, [head]));
      const answer = face && net.classify(face.landmarks);
      if (answer?.expression === expression && answer.confidence > clearConfidence)
        found.set(expression, shape);
    }
    if (found.size < expressions.length) continue;
    return { seed: person, shapes: Object.fromEntries(found) as Record<Name, Float32Array> };
  }
  throw new Error(`None of ${persons} drawn persons shows ${expressions.join(", ")} clearly to this model.`);
}

/** A face between two shapes: `share` 0 is the first, 1 the second. */
export function between(first: Float32Array, second: Float32Array, share: number): Float32Array {
  return first.map((value, index) => value + share * (second[index]! - value));
}

export interface ClipOptions {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Frames a second. Default 30. */
  readonly rate?: number;
}

/** Writes a clip; `headsAt` says who stands where in each frame. */
export async function drawClip(
  path: string,
  { width, height, frames, rate = 30 }: ClipOptions,
  headsAt: (frame: number) => readonly SceneHead[],
): Promise<void> {
  const writer = new VideoWriter(path, { width, height, frameRate: `${rate}/1` });
  for (let frame = 0; frame < frames; frame++) {
    await writer.write(await drawScene(width, height, headsAt(frame)), frame / rate);
  }
  await writer.finish();
}

/** Bars from left to right, white for 1, the lowest bit first. */
const bits = 8;

/** Writes a clip of 256 frames, each of which shows its own number. */
export async function drawNumberedClip(
  path: string,
  { width, height, rate }: Required<Omit<ClipOptions, "frames">>,
): Promise<void> {
  const writer = new VideoWriter(path, { width, height, frameRate: `${rate}/1` });
  const data = new Uint8Array(3 * width * height);
  for (let frame = 0; frame < 2 ** bits; frame++) {
    for (let pixel = 0; pixel < width * height; pixel++) {
      const bit = Math.floor(((pixel % width) * bits) / width);
      data.fill((frame >> bit) & 1 ? 235 : 16, 3 * pixel, 3 * pixel + 3);
    }
    await writer.write({ width, height, data }, frame / rate);
  }
  await writer.finish();
}

/** The number that a frame of such a clip shows. */
export function shownNumber({ width, height, data }: RgbImage): number {
  const row = Math.floor(height / 2) * width;
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const pixel = row + Math.floor(((bit + 0.5) * width) / bits);
    if (data[3 * pixel]! > 128) number += 2 ** bit;
  }
  return number;
}
