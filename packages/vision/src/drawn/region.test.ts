import { expect, test } from "vitest";
import { type Crop, fromCrop, sampleCrop } from "../image/crop.ts";
import { ImagePyramid } from "../image/pyramid.ts";
import { holds, regionOf } from "./region.ts";

const picture = { width: 1000, height: 700 };
const data = Uint8Array.from({ length: 1000 * 700 * 4 }, (_, at) => (at * 7919 + (at >> 9)) % 256);

/** The pixels of a part of the picture. */
function cut({ x, y, width, height }: ReturnType<typeof regionOf>) {
  const part = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    const from = 4 * ((y + row) * 1000 + x);
    part.set(data.subarray(from, from + 4 * width), 4 * row * width);
  }
  return { width, height, data: part };
}

const crops: Crop[] = [
  { centreX: 500, centreY: 350, side: 200, angle: 0 },
  { centreX: 503.3, centreY: 341.7, side: 260, angle: 0.7 },
  { centreX: 20, centreY: 690, side: 180, angle: -2.9 },
  { centreX: 300, centreY: 300, side: 300, angle: Math.PI / 4 },
];

test.each(crops)("a crop of a part is the crop of the whole picture: $side pixels at $centreX", (crop) => {
  for (const size of [192, 60, 20]) {
    const region = regionOf([crop], size, picture);
    const [part, whole] = [new Float32Array(size * size * 3), new Float32Array(size * size * 3)];
    sampleCrop(new ImagePyramid(cut(region), region), crop, size, part);
    sampleCrop(new ImagePyramid({ ...picture, data }), crop, size, whole);
    expect(Math.max(...part.map((value, at) => Math.abs(value - whole[at]!)))).toBeLessThan(0.02);
  }
});

test("one part holds all crops, and little more", () => {
  const near = crops.slice(0, 2);
  const region = regionOf(near, 192, picture);
  for (const crop of near) {
    for (const [across, down] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const [x, y] = fromCrop(crop, across, down);
      expect(holds(region, { x, y, width: 0, height: 0 })).toBe(true);
    }
  }
  expect(region.width).toBeLessThan(450);
  expect(holds(region, { x: 0, y: 0, ...picture })).toBe(false);
});

test("large crops, crops beside the picture and broken ones take all of it", () => {
  const all = { x: 0, y: 0, ...picture };
  for (const crop of [
    { centreX: 500, centreY: 350, side: 700, angle: 0 },
    { centreX: -900, centreY: 350, side: 100, angle: 0 },
    { centreX: Number.NaN, centreY: 350, side: 100, angle: 0 },
  ]) {
    expect(regionOf([crop], 192, picture)).toEqual(all);
  }
});
