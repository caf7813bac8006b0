/**
 * How much the mesh's points move when nothing but the picture's size, place and the reader's preset change: the noise
 * of our own detector, as the simulated protocol uses it.
 *
 *     node dist/bench/mesh-noise.js <folder of photos>
 *
 * Prints the standard deviation of points as a share of the outer-eye distance, for each facial part: of single points
 * around their part, and of parts as a whole.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { normalise, PARTS, type RgbImage } from "@emotionnet/core";
import { FaceReader, PRESETS, type Preset } from "@emotionnet/vision";
import sharp from "sharp";

const SIZES = [720, 360, 240];
const SHIFTS: readonly (readonly [left: number, top: number])[] = [
  [0, 0],
  [0.13, 0.05],
  [0.04, 0.17],
];
const EYE_CORNERS = [36, 45] as const;

async function pictures(path: string): Promise<RgbImage[]> {
  const variants: RgbImage[] = [];
  for (const size of SIZES) {
    const resized = await sharp(path).rotate().resize(size).toBuffer();
    for (const [left, top] of SHIFTS) {
      const { data, info } = await sharp(resized)
        .extend({ left: Math.round(left * size), top: Math.round(top * size), background: "#888" })
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      variants.push({ data, width: info.width, height: info.height });
    }
  }
  return variants;
}

const folder = process.argv[2];
if (!folder) throw new Error("Give the path of a folder of photos.");
const photos = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
const readers: FaceReader[] = [];
for (const preset of Object.keys(PRESETS) as Preset[]) readers.push(await FaceReader.create({ preset }));

const sums = new Map(Object.keys(PARTS).map((part) => [part, { single: 0, whole: 0, count: 0 }]));
for (const photo of photos) {
  const faces: Float32Array[] = [];
  for (const picture of await pictures(join(folder, photo))) {
    for (const reader of readers) {
      const [face] = await reader.read(picture);
      if (face) faces.push(normalise(face.landmarks));
    }
  }
  add(faces);
}

function add(faces: readonly Float32Array[]): void {
  const [first] = faces;
  if (!first) return;
  const unit = Math.hypot(
    ...[0, 1].map((axis) => first[2 * EYE_CORNERS[1] + axis]! - first[2 * EYE_CORNERS[0] + axis]!),
  );
  const mean = first.map((_, index) => faces.reduce((sum, face) => sum + face[index]!, 0) / faces.length);
  for (const face of faces) {
    for (const [part, [start, end]] of Object.entries(PARTS)) {
      const sum = sums.get(part)!;
      for (const axis of [0, 1]) {
        const off: number[] = [];
        for (let point = start; point < end; point++)
          off.push((face[2 * point + axis]! - mean[2 * point + axis]!) / unit);
        const whole = off.reduce((total, value) => total + value, 0) / off.length;
        sum.whole += whole ** 2;
        sum.single += off.reduce((total, value) => total + (value - whole) ** 2, 0) / off.length;
        sum.count++;
      }
    }
  }
}

console.log(`${photos.length} photos, ${SIZES.length * SHIFTS.length * readers.length} readings each`);
console.log("part".padEnd(12) + "single".padStart(9) + "whole".padStart(9));
for (const [part, { single, whole, count }] of sums) {
  const share = (sum: number) =>
    Math.sqrt(sum / count)
      .toFixed(4)
      .padStart(9);
  console.log(part.padEnd(12) + share(single) + share(whole));
}
