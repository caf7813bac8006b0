/**
 * How wrongly our own mesh places points, as the generator's character `mesh` and the simulated protocol use it.
 *
 *     node dist/bench/mesh-noise.js <folder of photos> [small|turned|settled]
 *
 * `settled`: how much the points move when nothing but the picture's size, place and the reader's preset change.
 * `small`: errors on faces of 20 to 150 pixels from eye corner to eye corner, against the reading of the full photo,
 * as shrunk and with a camera's noise and a JPEG's losses.
 * `turned`: errors on the same photos turned in space (`noise/turned-photo.ts`), against the turned reading.
 * Without a name all three run. Lengths are shares of the outer-eye distance of the frontal face, along one axis.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { flipLandmarks, outerEyeDistance, type RgbImage } from "@emotionnet/core";
import { readPhoto } from "@emotionnet/media";
import { FaceReader, type MeshFace, PRESETS, type Preset } from "@emotionnet/vision";
import { GROUP_NAMES, MEASURE_NAMES, PointErrors } from "./noise/point-errors.ts";
import { QUALITIES, smallPhoto } from "./noise/small-photo.ts";
import { type TurnedPhoto, turnable } from "./noise/turned-photo.ts";

/** Shares of the picture's width by which it is moved right and down. */
const SHIFTS: readonly (readonly [left: number, top: number])[] = [
  [0, 0],
  [0.13, 0.05],
  [0.04, 0.17],
];
const SETTLED_FACTORS = [1, 0.5, 1 / 3];
/** Pixels from outer eye corner to outer eye corner. */
const EYE_DISTANCES = [150, 90, 60, 45, 30, 20];
const YAWS = [0, 15, 30, 45, 60];
/** Sizes at which turned faces are read. */
const TURNED_EYE_DISTANCES = [150, 45];

/** A photo with its points as the reader settles on them: the mean over sizes and places near the original. */
interface Reference {
  readonly photo: RgbImage;
  readonly face: MeshFace;
  readonly landmarks: Float32Array;
  readonly unit: number;
}

async function references(paths: readonly string[], reader: FaceReader): Promise<Reference[]> {
  const result: Reference[] = [];
  for (const path of paths) {
    const photo = await readPhoto(path);
    const [face] = await reader.readMesh(photo);
    if (!face) continue;
    const readings: Float32Array[] = [];
    for (const [index, shift] of SHIFTS.entries()) {
      const points = await readSmall(reader, photo, 1 - 0.03 * index, shift, "clean", 0);
      if (points) readings.push(points);
    }
    const landmarks = face.landmarks.map(
      (value, at) => readings.reduce((sum, points) => sum + points[at]!, value) / (readings.length + 1),
    );
    result.push({ photo, face, landmarks, unit: outerEyeDistance(landmarks) });
  }
  return result;
}

/** Points of the photo when it is read at another size and place, in pixels of the photo; undefined: no face found. */
async function readSmall(
  reader: FaceReader,
  photo: RgbImage,
  factor: number,
  shift: readonly [number, number],
  quality: (typeof QUALITIES)[number],
  seed: number,
): Promise<Float32Array | undefined> {
  const { image, scale, left, top } = await smallPhoto(photo, factor, shift, quality, seed);
  const [face] = await reader.read(image);
  return face?.landmarks.map((value, index) => (value - (index % 2 === 0 ? left : top)) / scale);
}

async function settled(all: readonly Reference[]): Promise<void> {
  const errors = new PointErrors();
  for (const preset of Object.keys(PRESETS) as Preset[]) {
    const reader = await FaceReader.create({ preset });
    for (const { photo, landmarks, unit } of all) {
      for (const factor of SETTLED_FACTORS) {
        for (const shift of SHIFTS) {
          const points = await readSmall(reader, photo, factor, shift, "clean", 0);
          if (points) errors.add(landmarks, points, unit);
        }
      }
    }
    await reader.close();
  }
  print("size, place and preset", [["all", errors, all.length * 27]]);
}

async function small(all: readonly Reference[], reader: FaceReader): Promise<void> {
  for (const quality of QUALITIES) {
    const rows: Row[] = [];
    for (const distance of EYE_DISTANCES) {
      const errors = new PointErrors();
      for (const { photo, landmarks, unit } of all) {
        for (const [index, shift] of SHIFTS.entries()) {
          const factor = (distance / unit) * (1 + 0.04 * (index - 1));
          const points = await readSmall(reader, photo, factor, shift, quality, index + 1);
          if (points) errors.add(landmarks, points, unit);
        }
      }
      rows.push([`${distance} px`, errors, all.length * SHIFTS.length]);
    }
    print(`small faces, ${quality}`, rows);
  }
}

async function turned(all: readonly Reference[], reader: FaceReader): Promise<void> {
  const table = TURNED_EYE_DISTANCES.map(() => YAWS.map(() => new PointErrors()));
  for (const reference of all) {
    const turn = turnable(reference.photo, reference.face.mesh);
    for (const [column, yaw] of YAWS.entries()) {
      const columns = table.map((row) => row[column]!);
      for (const side of yaw === 0 ? [1] : [1, -1])
        await addTurned(reader, reference, turn(side * yaw), side, columns);
    }
  }
  for (const [row, distance] of TURNED_EYE_DISTANCES.entries()) {
    const rows = YAWS.map((yaw, column): Row => {
      return [`${yaw} degrees`, table[row]![column]!, all.length * (yaw === 0 ? 1 : 2)];
    });
    print(`turned faces of ${distance} px`, rows);
  }
}

/** Reads a turned photo at each of the sizes. */
async function addTurned(
  reader: FaceReader,
  { landmarks, unit }: Reference,
  { image, place }: TurnedPhoto,
  side: number,
  errorsOfSize: readonly PointErrors[],
): Promise<void> {
  const truth = landmarks.slice();
  for (let at = 0; at < truth.length; at += 2) truth.set(place(truth[at]!, truth[at + 1]!), at);
  for (const [row, distance] of TURNED_EYE_DISTANCES.entries()) {
    const points = await readSmall(reader, image, distance / unit, SHIFTS[1]!, "camera", 1);
    if (points) errorsOfSize[row]!.add(...facingRight(side, truth, points), unit);
  }
}

/** Both point lists, mirrored when the head looks to the left of the picture: errors of both sides are then alike. */
function facingRight(side: number, truth: Float32Array, read: Float32Array): [Float32Array, Float32Array] {
  return side > 0 ? [truth, read] : [flipLandmarks(truth), flipLandmarks(read)];
}

type Row = readonly [name: string, errors: PointErrors, wanted: number];

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n`);
  const heads = ["", "found", ...GROUP_NAMES.flatMap((group) => [group, "single", "whole"])];
  line(heads);
  for (const [name, errors, wanted] of rows) {
    const found = share(errors.count / wanted);
    if (errors.count === 0) {
      line([name, found]);
      continue;
    }
    const noise = GROUP_NAMES.flatMap((group) => {
      const { constant, single, whole } = errors.noise(group);
      return [constant, single, whole].map((value) => value.toFixed(4));
    });
    line([name, found, ...noise]);
  }
  console.log();
  line(["", ...MEASURE_NAMES.flatMap((name) => [name, "shift"])], 12);
  for (const [name, errors] of rows) {
    if (errors.count === 0) continue;
    const numbers = MEASURE_NAMES.flatMap((measure) => [
      errors.slope(measure).toFixed(2),
      errors.shift(measure).toFixed(4),
    ]);
    line([name, ...numbers], 12);
  }
}

function share(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}

function line(cells: readonly string[], width = 7): void {
  const [first, ...others] = cells;
  console.log(first!.padEnd(12) + others.map((cell) => cell.padStart(width + 1)).join(""));
}

const [folder, wanted] = process.argv.slice(2);
if (!folder) throw new Error("Give the path of a folder of photos.");
const photos = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
const reader = await FaceReader.create();
const all = await references(
  photos.map((name) => join(folder, name)),
  reader,
);
console.log(
  `${all.length} of ${photos.length} photos read. Of each group of points: what is the same in every reading (under the group's ` +
    "name), points around their part (single), parts as a whole; along one axis, in outer-eye distances.",
);
console.log("Slopes: read measure against the full photo's; shift: mean read minus mean true measure.");
if (!wanted || wanted === "settled") await settled(all);
if (!wanted || wanted === "small") await small(all, reader);
if (!wanted || wanted === "turned") await turned(all, reader);
await reader.close();
