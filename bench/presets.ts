/**
 * What passes of the mesh and mirror averaging bring and what they cost: the grounds for the reader's presets.
 *
 *     node dist/bench/presets.js <folder of photos> [<drawn persons, default 20>]
 *
 * Photos are named `<person>_neutral` or `<person>_smiling`; drawn persons show all six classes. Every picture is read as
 * it is, and as a camera far away would take it (45 pixels from eye corner to eye corner, noise, JPEG). Printed: right
 * answers of the default model when none may be withheld, among six classes and between neutral and happy; how far the
 * inner points move, on average, when the picture's place changes, in % of the outer-eye distance; processor time a face of
 * detection and mesh together, over that of `fast`.
 */

import { EmotionNet, FIRST_INNER_POINT, normalise, outerEyeDistance, type RgbImage } from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import { PRESETS } from "@emotionnet/vision";
import { detectFaces } from "#packages/vision/dist/detect/detector.js";
import { openPicture } from "#packages/vision/dist/image/picture.js";
import { cropOfDetection, cropOfMesh } from "#packages/vision/dist/mesh/crops.js";
import { type Mesh, readMeshes } from "#packages/vision/dist/mesh/mesh.js";
import { faceOf } from "#packages/vision/dist/mesh/mesh-face.js";
import { loadModels } from "#packages/vision/dist/models/load-node.js";
import { type Quality, smallPhoto } from "./noise/small-photo.ts";
import { ForcedChoice } from "./trial/forced-choice.ts";
import { type LabelledPicture, labelledPhotos, labelledPortraits } from "./trial/labelled-pictures.ts";

interface Schedule {
  readonly passes: number;
  readonly mirrored: boolean;
}

/** The presets and what lies between and beyond them. */
const SCHEDULES: Readonly<Record<string, Schedule>> = {
  "1 pass": { passes: 1, mirrored: false },
  "fast: 2 passes": PRESETS.fast,
  "2 passes, mirrored": { passes: 2, mirrored: true },
  "balanced: 3 passes": PRESETS.balanced,
  "accurate: 3 passes, mirrored": PRESETS.accurate,
  "4 passes": { passes: 4, mirrored: false },
};
const SHIFTS: readonly (readonly [left: number, top: number])[] = [
  [0, 0],
  [0.13, 0.05],
  [0.04, 0.17],
];
const FAR_EYE_DISTANCE = 45;
const DETECTOR_SCORE = 0.5;
const PERSONS = 20;
const SEED = 11;

const models = await loadModels();
const detector = await createSession(models.detector, { threads: 1 });
const mesh = await createSession(models.mesh, { threads: 1 });
const net = await EmotionNet.load();

/** As `FaceReader.read` works, with any number of passes. */
async function readFace(image: RgbImage, schedule: Schedule): Promise<Float32Array | undefined> {
  const picture = await openPicture(image);
  const [detection] = await detectFaces(detector, picture, DETECTOR_SCORE);
  if (!detection) return undefined;
  let crop = cropOfDetection(detection);
  let [reading] = (await readMeshes(mesh, picture, [crop])) as [Mesh];
  for (let pass = 1; pass < schedule.passes; pass++) {
    crop = cropOfMesh(reading.points);
    [reading] = (await readMeshes(mesh, picture, [crop])) as [Mesh];
  }
  if (!schedule.mirrored) return faceOf(reading.points, detection.score).landmarks;
  const [mirrored] = (await readMeshes(mesh, picture, [crop], "mirrored")) as [Mesh];
  const mean = reading.points.map((value, at) => (value + mirrored.points[at]!) / 2);
  return faceOf(mean, detection.score).landmarks;
}

class Measured {
  readonly choice = new ForcedChoice();
  #moved = 0;
  #readings = 0;
  processorTime = 0;

  /** @param readings of one picture at several places. */
  addPlaces(readings: readonly Float32Array[]): void {
    const shapes = readings.map((points) => {
      const unit = outerEyeDistance(normalise(points));
      return normalise(points).map((value) => value / unit);
    });
    for (const shape of shapes) {
      let sum = 0;
      for (let at = 2 * FIRST_INNER_POINT; at < shape.length; at += 2) {
        const [x, y] = [0, 1].map(
          (axis) => shapes.reduce((total, other) => total + other[at + axis]!, 0) / shapes.length,
        ) as [number, number];
        sum += Math.hypot(shape[at]! - x, shape[at + 1]! - y);
      }
      this.#moved += sum / (shape.length / 2 - FIRST_INNER_POINT);
      this.#readings++;
    }
  }

  /** Mean movement in percent of the outer-eye distance. */
  get jitter(): number {
    return (100 * this.#moved) / this.#readings;
  }
}

async function measure(
  pictures: readonly LabelledPicture[],
  quality: Quality,
): Promise<Map<string, Measured>> {
  const results = new Map(Object.keys(SCHEDULES).map((name) => [name, new Measured()]));
  for (const { image, expression } of pictures) {
    const first = await readFace(image, PRESETS.balanced);
    const factor = quality === "clean" || !first ? 1 : FAR_EYE_DISTANCE / outerEyeDistance(first);
    const readings = new Map(Object.keys(SCHEDULES).map((name) => [name, [] as Float32Array[]]));
    for (const [index, shift] of SHIFTS.entries()) {
      const { image: moved } = await smallPhoto(image, factor, shift, quality, index + 1);
      // Schedules take turns on every picture, so that a busy machine slows all of them alike.
      for (const [name, schedule] of Object.entries(SCHEDULES)) {
        const before = process.cpuUsage();
        const points = await readFace(moved, schedule);
        const { user, system } = process.cpuUsage(before);
        const result = results.get(name)!;
        result.processorTime += user + system;
        result.choice.add(expression, points && net.classify(points).probabilities);
        if (points) readings.get(name)!.push(points);
      }
    }
    for (const [name, places] of readings) results.get(name)!.addPlaces(places);
  }
  return results;
}

function print(title: string, results: ReadonlyMap<string, Measured>): void {
  const fast = results.get("fast: 2 passes")!.processorTime;
  console.log(`\n${title}\n`);
  console.log("| schedule | six classes | neutral or happy | points move | processor time over fast |");
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const [name, { choice, jitter, processorTime }] of results) {
    const [six, two] = (["six", "two"] as const).map((kind) => `${(100 * choice.share(kind)).toFixed(1)} %`);
    console.log(
      `| ${name} | ${six} | ${two} | ${jitter.toFixed(2)} % | ${(processorTime / fast).toFixed(2)} |`,
    );
  }
}

const [folder, persons] = process.argv.slice(2);
if (!folder) throw new Error("Give the path of a folder of photos.");
const photos = await labelledPhotos(folder);
const portraits = await labelledPortraits(Number(persons ?? PERSONS), SEED);
print(`${photos.length} photos, as they are`, await measure(photos, "clean"));
print(`${photos.length} photos, small and noisy`, await measure(photos, "camera"));
print(`${portraits.length} drawn portraits, as they are`, await measure(portraits, "clean"));
print(`${portraits.length} drawn portraits, small and noisy`, await measure(portraits, "camera"));
await detector.release();
await mesh.release();
