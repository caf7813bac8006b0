/** What runs in the browser: what each way from a file or a decoded frame to the networks' pixels costs, and what it changes. */

import { outerEyeDistance } from "@emotionnet/core";
import { FaceReader } from "@emotionnet/vision";
import { sampleCrop } from "#packages/vision/dist/image/crop.js";
import { overviewOf } from "#packages/vision/dist/image/overview.js";
import { openPicture } from "#packages/vision/dist/image/picture.js";
import { ImagePyramid } from "#packages/vision/dist/image/pyramid.js";

/** Squares that the networks see. */
const DETECTOR_SIZE = 256;
const MESH_SIZE = 192;

type Times = Record<string, number[]>;

/** Milliseconds of every way and step, all of them in turn. */
async function timePixels(pictures: number, rounds: number): Promise<Times> {
  const times: Times = {};
  const timed = async <Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> => {
    const start = performance.now();
    const result = await work();
    times[name] ??= [];
    times[name].push(performance.now() - start);
    return result;
  };
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const small = squareContext(DETECTOR_SIZE);
  small.imageSmoothingQuality = "medium";
  const face = squareContext(MESH_SIZE);
  for (const blob of await blobsOf(pictures)) {
    for (let round = 0; round < rounds; round++) {
      const bitmap = await timed("decode: createImageBitmap", () => createImageBitmap(blob));
      const { width, height } = bitmap;
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const data = await timed("all pixels: drawImage and getImageData", () => {
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, width, height);
      });
      const side = Math.max(width, height);
      const view = { centreX: width / 2, centreY: height / 2, side, angle: 0 };
      const crop = { centreX: width / 2, centreY: height / 2, side: 380, angle: 0.05 };
      const opened = await timed("decode: as the reader opens a file", () => openPicture(blob));
      await timed("all pixels: copied, of a file, and the square", () =>
        opened.overview(view, DETECTOR_SIZE),
      );
      opened.close();
      const drawn = await openPicture(bitmap);
      await timed("all pixels: copied, of a bitmap, and the square", () =>
        drawn.overview(view, DETECTOR_SIZE),
      );
      drawn.close();
      const again = await openPicture(bitmap);
      const part = await timed("a crop's part: copied, of a bitmap", () => again.around([crop], MESH_SIZE));
      again.close();
      await timed("detector's square: drawn, medium quality", () => {
        const scale = DETECTOR_SIZE / side;
        small.drawImage(bitmap, 0, 0, width * scale, height * scale);
        return small.getImageData(0, 0, DETECTOR_SIZE, DETECTOR_SIZE);
      });
      const square = new Float32Array(DETECTOR_SIZE * DETECTOR_SIZE * 3);
      await timed("detector's square: halves of pixels, sampled", () =>
        sampleCrop(new ImagePyramid(data), view, DETECTOR_SIZE, square),
      );
      await timed("detector's square: means of samples", () => overviewOf(data, view, DETECTOR_SIZE));
      await timed("a crop: drawn", () => {
        const scale = MESH_SIZE / crop.side;
        face.setTransform(scale, 0, 0, scale, MESH_SIZE / 2, MESH_SIZE / 2);
        face.rotate(-crop.angle);
        face.drawImage(bitmap, -crop.centreX, -crop.centreY);
        return face.getImageData(0, 0, MESH_SIZE, MESH_SIZE);
      });
      const target = new Float32Array(MESH_SIZE * MESH_SIZE * 3);
      await timed("a crop: sampled", () => sampleCrop(part, crop, MESH_SIZE, target));
      bitmap.close();
    }
  }
  return times;
}

function squareContext(size: number): OffscreenCanvasRenderingContext2D {
  return new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true, alpha: false })!;
}

interface Difference {
  readonly name: string;
  /** Mean distance of the 68 points to those from all pixels, as shares of the outer eye distance, one a picture. */
  readonly shares: readonly number[];
  readonly missed: number;
}

/** Landmarks from a file and a bitmap beside those from all of its pixels. */
async function comparePixels(pictures: number): Promise<Difference[]> {
  const reader = await FaceReader.create();
  const results = {
    file: { shares: [] as number[], missed: 0 },
    bitmap: { shares: [] as number[], missed: 0 },
  };
  for (const blob of await blobsOf(pictures)) {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    const [wanted] = await reader.read(context.getImageData(0, 0, width, height));
    for (const [source, result] of [
      [blob, results.file],
      [bitmap, results.bitmap],
    ] as const) {
      const [face] = await reader.read(source);
      if (!wanted !== !face) result.missed++;
      else if (wanted && face) result.shares.push(meanShare(face.landmarks, wanted.landmarks));
    }
    bitmap.close();
  }
  return Object.entries(results).map(([name, result]) => ({ name, ...result }));
}

function meanShare(points: Float32Array, wanted: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < points.length; at += 2) {
    sum += Math.hypot(points[at]! - wanted[at]!, points[at + 1]! - wanted[at + 1]!);
  }
  return sum / (points.length / 2) / outerEyeDistance(wanted);
}

function blobsOf(pictures: number): Promise<Blob[]> {
  const numbers = Array.from({ length: pictures }, (_, index) => index);
  return Promise.all(numbers.map(async (index) => (await fetch(`/picture/${index}`)).blob()));
}

Object.assign(globalThis, { timePixels, comparePixels });
