import { expect, test } from "vitest";
import { sampleCrop } from "./crop.ts";
import { overviewOf } from "./overview.ts";
import { ImagePyramid, type PixelImage } from "./pyramid.ts";

/** Soft hills of light, brightest where a face would be; red, green and blue differ. */
function hills(width: number, height: number): PixelImage {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const x = (at % width) / width;
    const y = Math.floor(at / width) / height;
    data.set([255 * x, 255 * y, 127 + 120 * Math.sin(9 * x) * Math.cos(7 * y)], at * 4);
  }
  return { width, height, data };
}

function whole({ width, height }: PixelImage, border: number) {
  const side = Math.max(width, height) * (1 + 2 * border);
  return { centreX: width / 2, centreY: height / 2, side, angle: 0 };
}

test.each([
  [1280, 720],
  [720, 721],
  [300, 400],
  [9000, 20],
] as const)("a picture of %i × %i is shown as a pyramid would show it", (width, height) => {
  const image = hills(width, height);
  for (const border of [0, 0.25]) {
    const view = whole(image, border);
    const wanted = new Float32Array(64 * 64 * 3);
    sampleCrop(new ImagePyramid(image), view, 64, wanted);
    const found = overviewOf(image, view, 64);
    const apart = found.map((value, at) => Math.abs(value - wanted[at]!));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(2);
  }
});

test("around the picture it is black; black and white grains become grey", () => {
  const image = { width: 640, height: 320, data: new Uint8Array(640 * 320 * 4) };
  for (let at = 0; at < 640 * 320; at++) {
    const isWhite = (Math.imul(at, 0x9e3779b1) >>> 15) % 2 === 1;
    image.data.fill(isWhite ? 255 : 0, 4 * at, 4 * at + 3);
  }
  const values = overviewOf(image, whole(image, 0), 100);
  expect([...values.slice(0, 300)].every((value) => value === 0)).toBe(true);
  const middle = values.slice(3 * 100 * 40, 3 * 100 * 60);
  const mean = middle.reduce((sum, value) => sum + value, 0) / middle.length;
  const spread = Math.sqrt(middle.reduce((sum, value) => sum + (value - mean) ** 2, 0) / middle.length);
  expect(Math.abs(mean - 127.5)).toBeLessThan(8);
  // One sample alone would spread by 127, sixteen by 32.
  expect(spread).toBeLessThan(45);
});
