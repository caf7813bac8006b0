/**
 * Does a second landmark source beside the mesh help? face-api's 68-point net reads the same faces, the default model answers
 * for both point sets, and the log-probabilities are averaged.
 *
 *     node dist/bench/second-source.js <folder of photos> [<drawn persons, default 20>]
 *
 * Installs `@vladmandic/face-api` into bench/.peers the first time. Pictures and printed answers as in `presets.ts`.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EmotionNet, outerEyeDistance, type RgbImage } from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import { FaceReader } from "@emotionnet/vision";
import { fromCrop, sampleCrop } from "#packages/vision/dist/image/crop.js";
import { ImagePyramid } from "#packages/vision/dist/image/pyramid.js";
import { type Quality, smallPhoto } from "./noise/small-photo.ts";
import { faceApiWeights } from "./peers.ts";
import { convertFaceApi, FACE_API_SIZE } from "./trial/face-api-net.ts";
import { type Answer, blended, ForcedChoice } from "./trial/forced-choice.ts";
import { type LabelledPicture, labelledPhotos, labelledPortraits } from "./trial/labelled-pictures.ts";

/** The crop that suits the net best: a square on the mesh's 68 points, over their longer side, moved down. */
const CROP_SCALE = 1.1;
const CROP_DOWN = 0.06;
const FAR_EYE_DISTANCE = 45;
const PERSONS = 20;
const SEED = 11;
/** Weight of the mesh's answer. */
const WEIGHTS = {
  "mesh alone": 1,
  "mesh 2/3, face-api 1/3": 2 / 3,
  "half and half": 1 / 2,
  "face-api alone": 0,
};

const weights = faceApiWeights();
const prefix = join(weights, "face_landmark_68_model");
const manifest = readFileSync(`${prefix}-weights_manifest.json`, "utf8");
const session = await createSession(convertFaceApi(manifest, readFileSync(`${prefix}.bin`)), { threads: 1 });
const reader = await FaceReader.create();
const net = await EmotionNet.load();
const time = { mesh: 0, second: 0, faces: 0, apart: 0 };

async function readSecond(image: RgbImage, meshPoints: Float32Array): Promise<Float32Array> {
  const xs = meshPoints.filter((_, index) => index % 2 === 0);
  const ys = meshPoints.filter((_, index) => index % 2 === 1);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = CROP_SCALE * Math.max(right - left, bottom - top);
  const crop = {
    centreX: (left + right) / 2,
    centreY: (top + bottom) / 2 + CROP_DOWN * side,
    side,
    angle: 0,
  };
  const pixels = new Float32Array(FACE_API_SIZE ** 2 * 3);
  sampleCrop(new ImagePyramid(image), crop, FACE_API_SIZE, pixels);
  const tensor = session.tensor("float32", [1, FACE_API_SIZE, FACE_API_SIZE, 3], pixels);
  const points = (await session.run({ pixels: tensor })).points!.data as Float32Array;
  const placed = points.slice();
  for (let at = 0; at < placed.length; at += 2) placed.set(fromCrop(crop, points[at]!, points[at + 1]!), at);
  return placed;
}

/** Both answers, or undefined where no face is found. */
async function answers(image: RgbImage): Promise<[Answer, Answer] | undefined> {
  const start = process.cpuUsage();
  const [face] = await reader.read(image);
  if (!face) return undefined;
  const { user, system } = process.cpuUsage(start);
  const middle = process.cpuUsage();
  const second = await readSecond(image, face.landmarks);
  const rest = process.cpuUsage(middle);
  time.mesh += user + system;
  time.second += rest.user + rest.system;
  time.faces++;
  const unit = outerEyeDistance(face.landmarks);
  for (let at = 0; at < second.length; at += 2)
    time.apart +=
      Math.hypot(second[at]! - face.landmarks[at]!, second[at + 1]! - face.landmarks[at + 1]!) / unit / 68;
  return [net.classify(face.landmarks).probabilities, net.classify(second).probabilities];
}

async function measure(title: string, pictures: readonly LabelledPicture[], quality: Quality): Promise<void> {
  const choices = Object.entries(WEIGHTS).map(([name, weight]) => ({
    name,
    weight,
    choice: new ForcedChoice(),
  }));
  for (const [index, { image, expression }] of pictures.entries()) {
    const [face] = quality === "camera" ? await reader.read(image) : [];
    const factor = face ? FAR_EYE_DISTANCE / outerEyeDistance(face.landmarks) : 1;
    const small = await smallPhoto(image, factor, [0.1, 0.1], quality, index + 1);
    const pair = await answers(small.image);
    for (const { weight, choice } of choices) choice.add(expression, pair && blended(...pair, weight));
  }
  console.log(`\n${title}, ${quality === "clean" ? "as they are" : "small and noisy"}\n`);
  console.log("| answers of | six classes | neutral or happy |");
  console.log("| --- | ---: | ---: |");
  for (const { name, choice } of choices) {
    const [six, two] = (["six", "two"] as const).map((kind) => `${(100 * choice.share(kind)).toFixed(1)} %`);
    console.log(`| ${name} | ${six} | ${two} |`);
  }
}

const [folder, persons] = process.argv.slice(2);
if (!folder) throw new Error("Give the path of a folder of photos.");
const photos = await labelledPhotos(folder);
const portraits = await labelledPortraits(Number(persons ?? PERSONS), SEED);
for (const quality of ["clean", "camera"] as const) await measure(`${photos.length} photos`, photos, quality);
for (const quality of ["clean", "camera"] as const)
  await measure(`${portraits.length} drawn portraits`, portraits, quality);
console.log(
  `\nThe points of both lie ${((100 * time.apart) / time.faces).toFixed(1)} % of the outer-eye distance apart on average; ` +
    `the second source adds ${((100 * time.second) / time.mesh).toFixed(0)} % to the processor time of detection and mesh.`,
);
await session.release();
await reader.close();
