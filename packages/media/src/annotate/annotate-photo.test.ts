import { EXPRESSIONS, type FaceResult, MEAN_SHAPE, type RgbImage } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { annotatePhoto } from "./annotate-photo.ts";
import { expressionColour } from "./expression-colours.ts";
import { overlaySvg } from "./overlay.ts";

function faceAt(x: number, y: number, size: number, expression: string): FaceResult {
  const landmarks = Array.from(
    { length: 68 },
    (_, point) => [x + size * MEAN_SHAPE[2 * point]!, y + size * MEAN_SHAPE[2 * point + 1]!] as const,
  );
  const probabilities = Object.fromEntries(
    EXPRESSIONS.map((name) => [name, name === expression ? 0.9 : 0.02]),
  );
  return {
    box: { x: x - 1.7 * size, y: y - 1.6 * size, width: 3.4 * size, height: 3.6 * size },
    score: 0.9,
    landmarks,
    pose: { yaw: 0, pitch: 0, roll: 0 },
    quality: 0.9,
    confidence: 0.9,
    probabilities,
    ...(expression === "unknown" ? { expression, reason: "low-confidence" } : { expression }),
  };
}

function plain(width: number, height: number, level: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(level) };
}

function changedPixels(before: RgbImage, after: RgbImage): number[] {
  const changed: number[] = [];
  for (let pixel = 0; pixel < before.width * before.height; pixel++) {
    const at = 3 * pixel;
    const distance = [0, 1, 2].reduce(
      (sum, band) => sum + Math.abs(before.data[at + band]! - after.data[at + band]!),
      0,
    );
    if (distance > 60) changed.push(pixel);
  }
  return changed;
}

describe("annotatePhoto", () => {
  it.each([
    ["white", 255],
    ["black", 0],
    ["grey", 128],
  ])("draws each landmark and the box visibly on %s", async (_, level) => {
    const image = plain(500, 400, level);
    const face = faceAt(200, 200, 80, "happy");
    const annotated = await annotatePhoto(image, [face]);
    const changed = new Set(changedPixels(image, annotated));
    const near = (x: number, y: number) =>
      [-1, 0, 1].some((dx) =>
        [-1, 0, 1].some((dy) => changed.has((Math.round(y) + dy) * image.width + Math.round(x) + dx)),
      );
    for (const [x, y] of face.landmarks) expect(near(x, y), `${x},${y}`).toBe(true);
    expect(near(face.box.x, 200)).toBe(true);
    expect(near(face.box.x + face.box.width, 200)).toBe(true);
  });

  it("keeps size and source: a new picture of the same size", async () => {
    const image = plain(120, 90, 100);
    const annotated = await annotatePhoto(image, [faceAt(60, 45, 20, "scream")]);
    expect([annotated.width, annotated.height, annotated.data.length]).toEqual([120, 90, 120 * 90 * 3]);
    expect(image.data.every((value) => value === 100)).toBe(true);
  });

  it("leaves a picture without faces as it is", async () => {
    const image = plain(64, 48, 77);
    expect((await annotatePhoto(image, [])).data).toEqual(image.data);
  });

  it("draws the panel inside the picture wherever the face is", () => {
    for (const [x, y] of [
      [10, 10],
      [490, 10],
      [10, 390],
      [490, 390],
      [250, 200],
    ] as const) {
      const svg = overlaySvg(500, 400, [faceAt(x, y, 60, "disgust")]);
      const panel =
        /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)" rx="[\d.]+" fill="#101418"/.exec(
          svg,
        )!;
      const [left, top, width, height] = panel.slice(1).map(Number) as [number, number, number, number];
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(500.01);
      expect(top + height).toBeLessThanOrEqual(400.01);
    }
  });

  it("needs no font: the drawing holds no SVG text", () => {
    expect(overlaySvg(500, 400, [faceAt(200, 200, 60, "unknown")])).not.toMatch(/<text|font/);
  });

  it("has one colour an expression, each bright enough for dark text", () => {
    const colours = [...EXPRESSIONS, "unknown"].map(expressionColour);
    expect(new Set(colours).size).toBe(7);
    for (const colour of colours) {
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
      // WCAG relative luminance, gamma 2.2: 4.5:1 against the panel's #101418 needs about 0.2.
      const luminance = 0.2126 * red! ** 2.2 + 0.7152 * green! ** 2.2 + 0.0722 * blue! ** 2.2;
      expect(luminance, colour).toBeGreaterThan(0.2);
    }
  });
});
