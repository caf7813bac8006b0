/**
 * Are faces found in pictures that hold nothing but the face, and are the points right?
 *
 *     node dist/bench/tight-crops.js <folder of photos>
 *
 * Every photo is cropped to the detector's own box, to the box of the mesh and to less (a tenth of the box cut off on
 * every side), and scaled to a few sizes. Printed: how many have exactly one face, no face or several, and how far the
 * points of the best face lie from those of the whole photo (mean over the inner points and all photos, in % of the outer-eye
 * distance).
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type Box,
  FIRST_INNER_POINT,
  LANDMARK_COUNT,
  outerEyeDistance,
  type RgbImage,
} from "@emotionnet/core";
import { readPhoto } from "@emotionnet/media";
import { createSession } from "@emotionnet/onnx";
import { FaceReader } from "@emotionnet/vision";
import sharp from "sharp";
import { detectFaces } from "#packages/vision/dist/detect/detector.js";
import { openPicture } from "#packages/vision/dist/image/picture.js";
import { loadModels } from "#packages/vision/dist/models/load-node.js";

const SIZES = [64, 128, 256];
const CUT = 0.1;
const DETECTOR_SCORE = 0.5;
const CROPS = ["detector's box", "mesh's box", "mesh's box, cut"] as const;

interface Crop {
  readonly image: RgbImage;
  readonly left: number;
  readonly top: number;
  /** Pixels of the crop to one of the photo. */
  readonly scale: number;
}

async function cropped({ data, width, height }: RgbImage, box: Box, size: number): Promise<Crop> {
  const [left, top] = [Math.max(0, Math.round(box.x)), Math.max(0, Math.round(box.y))];
  const right = Math.min(width, Math.round(box.x + box.width));
  const bottom = Math.min(height, Math.round(box.y + box.height));
  const scale = size / Math.max(right - left, bottom - top);
  const { data: pixels, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(Math.round((right - left) * scale), Math.round((bottom - top) * scale), { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { image: { data: pixels, width: info.width, height: info.height }, left, top, scale };
}

function shrunk({ x, y, width, height }: Box, share: number): Box {
  return {
    x: x + share * width,
    y: y + share * height,
    width: (1 - 2 * share) * width,
    height: (1 - 2 * share) * height,
  };
}

const folder = process.argv[2];
if (!folder) throw new Error("Give the path of a folder of photos.");
const photos = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
const reader = await FaceReader.create();
const detector = await createSession((await loadModels()).detector, { threads: 1 });
const rows = CROPS.flatMap((crop) =>
  SIZES.map((size) => ({ crop, size, one: 0, none: 0, several: 0, error: 0 })),
);
for (const name of photos) {
  const photo = await readPhoto(join(folder, name));
  const [face] = await reader.read(photo);
  const [detection] = await detectFaces(detector, await openPicture(photo), DETECTOR_SCORE);
  if (!face || !detection) throw new Error(`No face is found in the whole photo ${name}.`);
  const side = detection.size;
  const boxes: Readonly<Record<(typeof CROPS)[number], Box>> = {
    "detector's box": {
      x: detection.centreX - side / 2,
      y: detection.centreY - side / 2,
      width: side,
      height: side,
    },
    "mesh's box": face.box,
    "mesh's box, cut": shrunk(face.box, CUT),
  };
  for (const row of rows) {
    const { image, left, top, scale } = await cropped(photo, boxes[row.crop], row.size);
    const [found, ...others] = await reader.read(image);
    row[found ? (others.length > 0 ? "several" : "one") : "none"]++;
    if (!found) continue;
    let sum = 0;
    for (let point = FIRST_INNER_POINT; point < LANDMARK_COUNT; point++) {
      const [x, y] = [
        found.landmarks[2 * point]! / scale + left,
        found.landmarks[2 * point + 1]! / scale + top,
      ];
      sum += Math.hypot(x - face.landmarks[2 * point]!, y - face.landmarks[2 * point + 1]!);
    }
    row.error += sum / (LANDMARK_COUNT - FIRST_INNER_POINT) / outerEyeDistance(face.landmarks);
  }
}
console.log(`${photos.length} photos\n`);
console.log("| cropped to | longer side, pixels | one face | none | several | points off |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const { crop, size, one, none, several, error } of rows) {
  const off = ((100 * error) / (one + several)).toFixed(2);
  console.log(`| ${crop} | ${size} | ${one} | ${none} | ${several} | ${off} % |`);
}
await detector.release();
await reader.close();
