import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetConfig, readDatasetConfig } from "./config.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

const good = `{
  "ground_truth_folder_suffix": "DataFactory",
  "is_filtered": false,
  "set_name": "ckplus",
  "is_datafactory": true,
  "org_data_path": "/workspace/tao-experiments/emotionnet/orgData",
  "post_data_path": "/workspace/tao-experiments/emotionnet/postData",
  "num_keypoints": 68,
  "emotion_map": {
    "neutral": 0, "Happy": 1, "surprise": 2,
    "contempt": 3, "disgust": 4, "angry": 5
  }
}`;

async function read(text: string) {
  const path = join(folder, "config.json");
  await writeFile(path, text);
  return readDatasetConfig(path);
}

describe("readDatasetConfig", () => {
  it("reads the original's config", async () => {
    expect(await read(good)).toEqual({
      groundTruthFolderSuffix: "DataFactory",
      isFiltered: false,
      setName: "ckplus",
      isDatafactory: true,
      orgDataPath: "/workspace/tao-experiments/emotionnet/orgData",
      postDataPath: "/workspace/tao-experiments/emotionnet/postData",
      scheme: "ibug-68",
      emotionMap: new Map(
        Object.entries({ neutral: 0, happy: 1, surprise: 2, contempt: 3, disgust: 4, angry: 5 }),
      ),
      classes: ["neutral", "happy", "surprise", "contempt", "disgust", "angry"],
    });
  });

  it.each<[string, string, string, number, RegExp]>([
    ["a misspelt key", '"set_name"', '"set_nam"', 4, /"set_nam" is no key.*did you mean "set_name"/],
    [
      "a foreign key",
      '"num_keypoints": 68',
      '"num_keypoints": 68, "colour": 1',
      8,
      /"colour" is no key of this file\n/,
    ],
    [
      "a word for a truth value",
      "false",
      '"false"',
      3,
      /"is_filtered": expected true or false, received "false"/,
    ],
    ["too few points", "68", "67", 8, /68, 80 or 104, received 67/],
    ["a path in a name", '"ckplus"', '"../ckplus"', 4, /name of the set's folder.*received "..\/ckplus"/],
    [
      "null for a path",
      /"\/work[^"]*orgData"/.exec(good)![0],
      "null",
      6,
      /path of the input folder, received null/,
    ],
    [
      "a word for an id",
      '"surprise": 2',
      '"surprise": "2"',
      10,
      /whole number from 0 for "surprise", received "2"/,
    ],
    ["a gap in the ids", '"angry": 5', '"angry": 6', 9, /without a gap, received none for 5/],
    ["a name given twice", '"surprise"', '"NEUTRAL"', 10, /"NEUTRAL" stands twice/],
    ["a name with _", '"angry"', '"very_angry"', 11, /without "_"/],
    [
      "a list for the map",
      good.slice(good.indexOf("{\n    "), -2),
      "[1]",
      9,
      /object of class ids by name.*received \[1\]/,
    ],
    ["a missing comma", "true,", "true", 6, /`,` or `}`, received `"org/],
  ])("names the line of %s", async (_name, part, by, line, message) => {
    const error = await read(good.replace(part, by)).catch((reason) => reason);
    expect(error.code).toBe("spec-invalid");
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`config.json:${line} `);
  });

  it("tells all problems at once, and keys that are missing", async () => {
    const error = await read('{\n "set_nam": "a",\n "num_keypoints": 1 }').catch((reason) => reason);
    expect(error.message).toMatch(/6 problems/);
    for (const key of ["set_name", "org_data_path", "post_data_path", "emotion_map"])
      expect(error.message).toMatch(new RegExp(`"${key}": expected .*received nothing`));
  });

  it("tells a missing file", async () => {
    await expect(readDatasetConfig(join(folder, "none.json"))).rejects.toMatchObject({
      code: "file-not-found",
    });
  });
});

describe("datasetConfig", () => {
  it("needs only what has no usual value, and lets names share a class", () => {
    const config = datasetConfig({
      set_name: "s",
      org_data_path: "a",
      post_data_path: "b",
      emotion_map: { smile: 1, neutral: 0, happy: 1 },
    });
    expect(config).toMatchObject({
      groundTruthFolderSuffix: "DataFactory",
      isFiltered: false,
      isDatafactory: true,
      scheme: "ibug-68",
      classes: ["neutral", "smile"],
    });
  });
});
