import type { RgbImage } from "@emotionnet/core";
import { expect, test } from "vitest";
import { type Crop, fromCrop, sampleCrop } from "./crop.ts";
import { ImagePyramid, type PixelImage } from "./pyramid.ts";

/** Red tells x, green y, blue is 200. */
function ramp(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) data.set([at % width, Math.floor(at / width), 200], 3 * at);
  return { width, height, data };
}

function sample(image: PixelImage, crop: Crop, size: number, reading?: "plain" | "mirrored"): Float32Array {
  const target = new Float32Array(size * size * 3);
  sampleCrop(new ImagePyramid(image), crop, size, target, 0, reading);
  return target;
}

test("a crop of whole pixels at their own size is those pixels", () => {
  const crop = { centreX: 30, centreY: 40, side: 20, angle: 0 };
  const pixels = sample(ramp(100, 90), crop, 20);
  expect([...pixels.slice(0, 3)]).toEqual([20, 30, 200]);
  expect([...pixels.slice(-3)]).toEqual([39, 49, 200]);
  expect([...sample(ramp(100, 90), crop, 20, "mirrored").slice(0, 3)]).toEqual([39, 30, 200]);
});

test.each([0, 0.3, -1.2, Math.PI / 2])(
  "what is sampled at angle %f comes from where fromCrop says",
  (angle) => {
    const crop = { centreX: 61.3, centreY: 55.7, side: 50, angle };
    const size = 40;
    const pixels = sample(ramp(120, 110), crop, size);
    for (const [column, row] of [
      [3, 5],
      [20, 20],
      [37, 11],
    ] as const) {
      const [x, y] = fromCrop(crop, (column + 0.5) / size, (row + 0.5) / size);
      expect(pixels[3 * (row * size + column)]).toBeCloseTo(x - 0.5, 3);
      expect(pixels[3 * (row * size + column) + 1]).toBeCloseTo(y - 0.5, 3);
    }
  },
);

test("outside the picture it is black, without a seam of foreign colour", () => {
  const pixels = sample(ramp(8, 8), { centreX: 4, centreY: 4, side: 24, angle: 0.4 }, 24);
  expect([...pixels.slice(0, 3)]).toEqual([0, 0, 0]);
  expect(Math.max(...pixels.filter((_, at) => at % 3 === 2))).toBeLessThanOrEqual(200.001);
});

test("shrinking averages: fine stripes become grey, not stripes", () => {
  const stripes = { width: 256, height: 256, data: new Uint8Array(256 * 256 * 3) };
  for (let at = 0; at < 256 * 256; at++) stripes.data.fill((at % 256) % 4 < 2 ? 255 : 0, 3 * at, 3 * at + 3);
  const pixels = sample(stripes, { centreX: 128, centreY: 128, side: 256, angle: 0 }, 16);
  for (const value of pixels) expect(Math.abs(value - 127.5)).toBeLessThan(2);
});

test("a fourth byte a pixel changes nothing, at any scale and over the edge", () => {
  const image = ramp(100, 90);
  const data = new Uint8ClampedArray(4 * 9000).fill(77);
  for (let pixel = 0; pixel < 9000; pixel++)
    data.set(image.data.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  for (const side of [20, 90, 300]) {
    const crop = { centreX: 30, centreY: 40, side, angle: 0.4 };
    expect(sample({ ...image, data }, crop, 16)).toEqual(sample(image, crop, 16));
  }
});
