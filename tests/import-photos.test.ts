import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS, LANDMARK_VALUES } from "@emotionnet/core";
import { drawPortrait, readPhoto, writePhoto } from "@emotionnet/media";
import {
  convertDataset,
  generateFaces,
  type ImportReport,
  importLabels,
  readDataset,
} from "@emotionnet/train";
import { FaceReader } from "@emotionnet/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Folders of drawn photos, one for each class, through the photo pipeline to training records. */

const PERSONS = 3;
const CLASSES = ["neutral", "surprise"] as const;

let root: string;
let report: ImportReport;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "emotionnet-photos-"));
  const faces = generateFaces({ persons: PERSONS, samplesPerPerson: 90, seed: 5, protocol: "multipie" });
  for (let person = 1; person <= PERSONS; person++) {
    for (const expression of CLASSES) {
      const name = new RegExp(`^0*${person}_\\d+_\\d+_051_`);
      const face = faces.names.findIndex(
        (frame, index) => name.test(frame) && EXPRESSIONS[faces.labels[index]!] === expression,
      );
      const landmarks = faces.landmarks.subarray(face * LANDMARK_VALUES, (face + 1) * LANDMARK_VALUES);
      const folder = join(root, "pictures", expression, `p${person}`);
      await mkdir(folder, { recursive: true });
      await writePhoto(join(folder, "a.jpg"), await drawPortrait(landmarks, { size: 320, seed: person }));
    }
  }
  await writePhoto(join(root, "pictures/neutral/p1/blank.png"), {
    width: 64,
    height: 64,
    data: new Uint8Array(64 * 64 * 3).fill(200),
  });
  await writeFile(join(root, "pictures/neutral/p1/broken.jpg"), "no picture");
  await writeFile(join(root, "pictures/stray.jpg"), "in no class");
  const reader = await FaceReader.create({ preset: "fast" });
  report = await importLabels({
    from: "photos",
    source: join(root, "pictures"),
    target: join(root, "orgData/drawn"),
    licence: "drawn by the test",
    readLandmarks: async (photo) =>
      (await reader.read(await readPhoto(photo))).map(({ landmarks }) => landmarks),
  });
  await reader.close();
});
afterAll(() => rm(root, { recursive: true }));

describe("photos in a folder for each class", () => {
  it("become labels with a card that counts them", () => {
    expect(report.card.facesByExpression).toEqual({ neutral: PERSONS, surprise: PERSONS });
    expect(report.card.persons).toBe(PERSONS);
    expect(report.card.personsKnown).toBe(true);
    expect(report.card.licence).toBe("drawn by the test");
  });

  it("tell every photo that could not be used, and why", async () => {
    expect(report.problems.map(({ file, received }) => [file, received])).toEqual([
      ["neutral/p1/blank.png", "0 faces"],
      ["neutral/p1/broken.jpg", expect.stringContaining("Got")],
      ["stray.jpg", "stray.jpg"],
    ]);
    expect(report.card.leftOut).toBe(3);
    const hashes = await readFile(join(root, "orgData/drawn/data_factory/import/inputs.sha256"), "utf8");
    expect(hashes).toMatch(/^[0-9a-f]{64} {2}neutral\/p1\/a\.jpg$/m);
  });

  it("convert to records whose mouths are as open as the class says", async () => {
    const { records } = await convertDataset({
      config: {
        set_name: "drawn",
        org_data_path: join(root, "orgData"),
        post_data_path: join(root, "postData"),
        emotion_map: { neutral: 0, surprise: 1 },
      },
    });
    const train = await readDataset(records.train, ["neutral", "surprise"]);
    const gap = (face: number, point: number) => train.landmarks[face * LANDMARK_VALUES + 2 * point + 1]!;
    const openings = train.names.map((_, face) => gap(face, 66) - gap(face, 62));
    for (const [face, label] of train.labels.entries()) {
      const other = train.labels.findIndex((value, index) => value !== label && index !== face);
      if (label === 1) expect(openings[face]).toBeGreaterThan(openings[other]!);
    }
    expect(train.count).toBe(2);
  });
});
