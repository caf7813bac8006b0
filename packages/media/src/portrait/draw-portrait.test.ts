import { LANDMARK_COUNT, MEAN_SHAPE, normalise } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { drawPortrait, portraitSvg } from "./draw-portrait.ts";

const lowerLip = [55, 56, 57, 58, 59, 65, 66, 67];

/** The mean face with its lower lip and chin `drop` lower (the eyes are 2 apart). */
function openMouth(drop: number): Float64Array {
  const face = Float64Array.from(MEAN_SHAPE);
  for (const point of [...lowerLip, 6, 7, 8, 9, 10]) face[2 * point + 1]! += drop;
  return face;
}

/** The mean face with lids `share` of their distance apart. */
function openEyes(share: number): Float64Array {
  const face = Float64Array.from(MEAN_SHAPE);
  for (const [upper, lower] of [
    [37, 41],
    [38, 40],
    [43, 47],
    [44, 46],
  ] as const) {
    const middle = (face[2 * upper + 1]! + face[2 * lower + 1]!) / 2;
    for (const point of [upper, lower])
      face[2 * point + 1] = middle + share * (face[2 * point + 1]! - middle);
  }
  return face;
}

/** How many pixels in the square of `radius` around the middle of the points pass the test. */
async function countNear(
  face: ArrayLike<number>,
  points: readonly number[],
  radius: number,
  test: (red: number, green: number, blue: number) => boolean,
): Promise<number> {
  const { landmarks } = portraitSvg(face);
  const image = await drawPortrait(face);
  const x = Math.round(points.reduce((sum, point) => sum + landmarks[2 * point]!, 0) / points.length);
  const y = Math.round(points.reduce((sum, point) => sum + landmarks[2 * point + 1]!, 0) / points.length);
  let count = 0;
  for (let row = y - radius; row <= y + radius; row++) {
    for (let column = x - radius; column <= x + radius; column++) {
      const at = 3 * (row * image.width + column);
      if (test(image.data[at]!, image.data[at + 1]!, image.data[at + 2]!)) count++;
    }
  }
  return count;
}

describe("drawPortrait", () => {
  it("is a square picture of the asked size", async () => {
    const image = await drawPortrait(MEAN_SHAPE, { size: 200 });
    expect([image.width, image.height, image.data.length]).toEqual([200, 200, 120_000]);
  });

  it("draws the points it was given, whatever their size and place", () => {
    const moved = Array.from(MEAN_SHAPE, (value, index) => 37 * value + (index % 2 ? 500 : -900));
    const { landmarks, svg } = portraitSvg(moved, { size: 400 });
    expect(landmarks.length).toBe(2 * LANDMARK_COUNT);
    const wanted = normalise(MEAN_SHAPE);
    normalise(landmarks).forEach((value, index) => {
      expect(Math.abs(value - wanted[index]!)).toBeLessThan(1e-4);
    });
    for (const value of landmarks) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(400);
    }
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("is the same for the same seed, and other seeds are other people", () => {
    const drawings = Array.from({ length: 12 }, (_, seed) => portraitSvg(MEAN_SHAPE, { seed }).svg);
    expect(portraitSvg(MEAN_SHAPE, { seed: 3 }).svg).toBe(drawings[3]);
    expect(new Set(drawings).size).toBeGreaterThanOrEqual(11);
  });

  it("opens the mouth onto dark, teeth and tongue", async () => {
    const isDark = (red: number, green: number, blue: number) => red < 70 && green < 40 && blue < 40;
    const isTooth = (red: number, green: number, blue: number) => Math.min(red, green, blue) > 190;
    const gap = [62, 66];
    expect(await countNear(openMouth(0), gap, 6, isTooth)).toBe(0);
    expect(await countNear(openMouth(0.5), gap, 14, isDark)).toBeGreaterThan(30);
    expect(await countNear(openMouth(0.5), gap, 18, isTooth)).toBeGreaterThan(30);
  });

  it("shows more of the eye the wider the lids are apart", async () => {
    const isWhite = (red: number, green: number, blue: number) => Math.min(red, green, blue) > 215;
    const counts: number[] = [];
    for (const share of [0.1, 0.6, 1, 1.6]) {
      counts.push(await countNear(openEyes(share), [36, 37, 38, 39, 40, 41], 18, isWhite));
    }
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[3]! - counts[0]!).toBeGreaterThan(60);
  });

  it("refuses 67 points, points that coincide and missing ones", () => {
    expect(() => portraitSvg(new Float32Array(134))).toThrow(
      expect.objectContaining({ code: "landmarks-count" }),
    );
    expect(() => portraitSvg(new Float32Array(136))).toThrow(
      expect.objectContaining({ code: "landmarks-degenerate" }),
    );
    const missing = Float32Array.from(MEAN_SHAPE);
    missing[7] = Number.NaN;
    expect(() => portraitSvg(missing)).toThrow(expect.objectContaining({ code: "landmarks-not-finite" }));
  });
});
