/** Faces, landmarks and poses on real, consented photos (London Set), where the folder with them is present. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RgbImage } from "@emotionnet/core";
import { readPhoto } from "@emotionnet/media";
import { FaceReader, type MeshFace } from "@emotionnet/vision";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const data = fileURLToPath(new URL("../../shared/data", import.meta.url));
const folder = `${data}/photos`;
const missing = !existsSync(folder);

interface Measured {
  /** The set, the person's number, and 03 for neutral or 08 for smiling. */
  readonly id: string;
  readonly width: number;
  readonly mesh478: readonly (readonly [number, number, number])[];
}

describe.skipIf(missing)(`photos${missing ? " (skipped: no folder ../shared/data/photos)" : ""}`, () => {
  let reader: FaceReader;
  const photos = new Map<string, RgbImage>();
  const faces = new Map<string, MeshFace[]>();

  beforeAll(async () => {
    reader = await FaceReader.create();
    for (const file of readdirSync(folder).sort()) {
      const photo = await readPhoto(`${folder}/${file}`);
      photos.set(file, photo);
      faces.set(file, await reader.readMesh(photo));
    }
  });
  afterAll(() => reader.close());

  test("at least 38 of the 40 photos have exactly one face", () => {
    expect(photos.size).toBe(40);
    expect([...faces.values()].filter((found) => found.length === 1).length).toBeGreaterThanOrEqual(38);
  });

  test("the meshes are those measured at full resolution by another program", () => {
    const { samples } = JSON.parse(readFileSync(`${data}/london-landmarks.json`, "utf8")) as {
      samples: Measured[];
    };
    const errors: number[] = [];
    for (const [file, [face]] of faces) {
      const id = `london/${file.slice(0, 3)}_${file.includes("smiling") ? "08" : "03"}`;
      const measured = samples.find((sample) => sample.id === id)!;
      const scale = photos.get(file)!.width / measured.width;
      errors.push(
        medianError(
          face!.mesh,
          measured.mesh478.flat().map((value) => value * scale),
        ),
      );
    }
    errors.sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(0.005);
    expect(errors.at(-1)).toBeLessThan(0.01);
  });

  test("people who look into the camera have small angles", () => {
    for (const [face] of faces.values()) {
      expect(Math.abs(face!.pose.yaw)).toBeLessThan(12);
      expect(Math.abs(face!.pose.pitch)).toBeLessThan(15);
      expect(Math.abs(face!.pose.roll)).toBeLessThan(10);
    }
  });

  test.each([20, -45, 90])(
    "turned by %d degrees, the points and the roll turn with the photo",
    async (degrees) => {
      for (const file of [...photos.keys()].slice(0, 6)) {
        const upright = faces.get(file)![0]!;
        const turned = turnPhoto(photos.get(file)!, degrees);
        const [face, ...others] = await reader.readMesh(turned.image);
        expect(others).toEqual([]);
        const expected = Float32Array.from(upright.mesh);
        for (let at = 0; at < expected.length; at += 3) {
          expected.set(turned.place(upright.mesh[at]!, upright.mesh[at + 1]!), at);
        }
        expect(medianError(face!.mesh, expected)).toBeLessThan(0.02);
        expect(Math.abs(face!.pose.roll - upright.pose.roll - degrees)).toBeLessThan(3);
      }
    },
  );

  test.each([
    [64, 0],
    [256, 0.1],
  ])(
    "a face cropped tight to %d pixels, %d of its box cut off on every side, is found once",
    async (size, cut) => {
      for (const file of [...photos.keys()].filter((name) => size === 64 || name.startsWith("107"))) {
        const { x, y, width, height } = faces.get(file)![0]!.box;
        const tight = await sharp(`${folder}/${file}`)
          .extract({
            left: Math.round(x + cut * width),
            top: Math.round(y + cut * height),
            width: Math.round((1 - 2 * cut) * width),
            height: Math.round((1 - 2 * cut) * height),
          })
          .resize(size, size, { fit: "inside" })
          .toBuffer();
        expect(await reader.read(await readPhoto(tight)), file).toHaveLength(1);
      }
    },
  );

  test("several faces in one picture are all found, each where it is, at once or one reading after another", async () => {
    const files = [...photos.keys()].filter((file) => file.includes("neutral")).slice(0, 4);
    const group = sideBySide(files.map((file) => photos.get(file)!));
    const [found, again] = await Promise.all([reader.read(group), reader.read(group)]);
    expect(again).toEqual(found);
    expect(found).toHaveLength(4);
    const cells = found!.map(({ box }) => {
      return Math.floor((box.x + box.width / 2) / 720) + 2 * Math.floor((box.y + box.height / 2) / 720);
    });
    expect(cells.sort()).toEqual([0, 1, 2, 3]);
  });

  test.each(["fast", "accurate"] as const)("the preset %s agrees with the default one", async (preset) => {
    const other = await FaceReader.create({ preset });
    for (const file of [...photos.keys()].slice(0, 6)) {
      const [face] = await other.readMesh(photos.get(file)!);
      expect(medianError(face!.mesh, faces.get(file)![0]!.mesh)).toBeLessThan(0.02);
    }
    await other.close();
  });
});

/** Median distance of the mesh's 478 points to expected ones, over the distance of the outer eye corners. */
function medianError(mesh: Float32Array, expected: ArrayLike<number>): number {
  const distances: number[] = [];
  for (let at = 0; at < mesh.length; at += 3) {
    distances.push(Math.hypot(mesh[at]! - expected[at]!, mesh[at + 1]! - expected[at + 1]!));
  }
  distances.sort((a, b) => a - b);
  const eyes = Math.hypot(
    expected[3 * 33]! - expected[3 * 263]!,
    expected[3 * 33 + 1]! - expected[3 * 263 + 1]!,
  );
  return distances[distances.length >> 1]! / eyes;
}

/** Turns a photo clockwise about its middle, nearest pixel, grey corners; the canvas stays the same. */
function turnPhoto({ width, height, data: pixels }: RgbImage, degrees: number) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const turned = new Uint8Array(pixels.length).fill(128);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const fromX = Math.floor(c * dx + s * dy + width / 2);
      const fromY = Math.floor(c * dy - s * dx + height / 2);
      if (fromX < 0 || fromY < 0 || fromX >= width || fromY >= height) continue;
      const from = 3 * (fromY * width + fromX);
      turned.set(pixels.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  const place = (x: number, y: number): [number, number] => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    return [c * dx - s * dy + width / 2, s * dx + c * dy + height / 2];
  };
  return { image: { width, height, data: turned }, place };
}

/** Four pictures of one size in two rows. */
function sideBySide(pictures: readonly RgbImage[]): RgbImage {
  const { width, height } = pictures[0]!;
  const group = new Uint8Array(width * height * 12);
  for (const [index, picture] of pictures.entries()) {
    for (let row = 0; row < height; row++) {
      const target = ((Math.floor(index / 2) * height + row) * 2 + (index % 2)) * width * 3;
      group.set(picture.data.subarray(row * width * 3, (row + 1) * width * 3), target);
    }
  }
  return { width: 2 * width, height: 2 * height, data: group };
}
