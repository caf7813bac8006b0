import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { EXPRESSIONS } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLabels } from "../../labels/read-labels.ts";
import { convertDataset } from "../convert-dataset.ts";
import { pointLines, testFace, writeLabelTree } from "../testing.ts";
import { type ImportOptions, importLabels } from "./import-labels.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "emotionnet-import-"));
});
afterAll(() => rm(root, { recursive: true }));

const LICENCE = "for tests";

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

function optionsOf(from: ImportOptions["from"], source: string, set: string): ImportOptions {
  return { from, source: join(root, source), target: join(root, "orgData", set), licence: LICENCE };
}

/** Converts what was imported, so that the split and its check run on it. */
function convert(set: string, names: readonly string[]) {
  return convertDataset({
    config: {
      set_name: set,
      org_data_path: join(root, "orgData"),
      post_data_path: join(root, "postData"),
      emotion_map: Object.fromEntries(names.map((name, id) => [name, id])),
    },
  });
}

describe("a Multi-PIE tree", () => {
  const SHOTS = [
    "01_01",
    "01_02",
    "02_01",
    "02_02",
    "02_03",
    "03_01",
    "03_02",
    "03_03",
    "04_01",
    "04_02",
    "04_03",
  ];
  beforeAll(async () => {
    for (const person of ["001", "002", "003", "004"]) {
      for (const shot of SHOTS) {
        for (const camera of ["051", "240"]) {
          const name = `${person}_${shot}_${camera}_07`;
          const folder = `pie/session${shot.slice(0, 2)}/multiview/${person}/${shot.slice(3)}/${camera.slice(0, 2)}_${camera[2]}`;
          await write(`${folder}/${name}.txt`, pointLines(testFace(Number(person))));
          await write(`${folder}/${name}.png`, "");
        }
      }
    }
    const points = pointLines(testFace(1)).trim().replaceAll("   ", " ");
    await write("pie/extra/005_04_03_191_19_lm.pts", `version: 1\nn_points: 68\n{\n${points}\n}\n`);
    await write("pie/extra/005_01_03_051_00.txt", points);
    await write("pie/extra/005_01_01_052_00.txt", points);
    await write("pie/extra/005_01_01_051_20.txt", points);
    await write("pie/extra/readme.txt", "hello");
    await write("pie/extra/005_01_01_051_00.txt", points.replace("\n", "\nx y\n"));
    await write("pie/extra/005_01_01_051_01.txt", points.split("\n").slice(1).join("\n"));
  });

  it("takes the expression from session and recording and keeps camera and image in the name", async () => {
    const report = await importLabels(optionsOf("multipie", "pie", "multipie"));
    expect(report.card).toMatchObject({
      importedFrom: "multipie",
      licence: LICENCE,
      faces: 89,
      persons: 5,
      personsKnown: true,
      facesByExpression: { neutral: 40, happy: 16, surprise: 8, squint: 8, disgust: 8, scream: 9 },
      facesByPerson: { "005": { scream: 1 }, "001": { neutral: 10, squint: 2 } },
      facesBySlice: { camera: { "05_1": 44, "24_0": 44, "19_1": 1 }, illumination: { "07": 88, "19": 1 } },
      leftOut: 6,
    });
    const files = await readdir(report.labels);
    expect(files).toContain("001_02_03_240_07_squint.json");
    expect(files).toContain("005_04_03_191_19_scream.json");
    const { faces } = readLabels(
      await readFile(join(report.labels, "001_02_03_240_07_squint.json"), "utf8"),
      "label",
    );
    expect(faces[0]).toMatchObject({
      image: "session02/multiview/001/03/24_0/001_02_03_240_07.png",
      landmarks: testFace(1),
    });
  });

  it("tells what it cannot use, by line where there is one", async () => {
    const { problems } = await importLabels(optionsOf("multipie", "pie", "multipie"));
    const told = Object.fromEntries(problems.map(({ file, line, received }) => [file, [line, received]]));
    expect(told).toEqual({
      "extra/005_01_03_051_00.txt": [undefined, "session 1, recording 3"],
      "extra/005_01_01_052_00.txt": [undefined, "camera 052, image 00"],
      "extra/005_01_01_051_20.txt": [undefined, "camera 051, image 20"],
      "extra/readme.txt": [undefined, "readme"],
      "extra/005_01_01_051_00.txt": [2, '"x y"'],
      "extra/005_01_01_051_01.txt": [undefined, "67"],
    });
  });

  it("gives a set without a common person, whose slices are in the frame names", async () => {
    const report = await convert("multipie", EXPRESSIONS);
    expect(report.samples.train + report.samples.validate + report.samples.test).toBe(89);
    expect([report.persons.test.length, report.persons.validate.length]).toEqual([1, 1]);
  });

  it("lists the inputs as sha256sum checks them", async () => {
    const { card, cardPath } = await importLabels(optionsOf("multipie", "pie", "multipie"));
    const list = join(dirname(cardPath), "inputs.sha256");
    const text = await readFile(list, "utf8");
    expect(card.inputs).toEqual({ files: 91, sha256: createHash("sha256").update(text).digest("hex") });
    await promisify(execFile)("sha256sum", ["-c", "--quiet", list], { cwd: join(root, "pie") });
  });
});

describe("a CK+ tree", () => {
  /** Person, sequence, number of frames, CK+'s label. */
  const SEQUENCES: [string, string, number, string][] = [
    ["S005", "001", 11, "3.0000000e+00"],
    ["S010", "002", 20, "7.0000000e+00"],
    ["S011", "001", 9, "5.0000000e+00"],
    ["S011", "003", 30, "6"],
    ["S011", "004", 4, "9"],
    ["S012", "001", 5, ""],
  ];
  beforeAll(async () => {
    for (const [person, sequence, frames, label] of SEQUENCES) {
      for (let frame = 1; frame <= frames; frame++) {
        const name = `${person}_${sequence}_${String(frame).padStart(8, "0")}`;
        await write(`ck/Landmarks/${person}/${sequence}/${name}_landmarks.txt`, pointLines(testFace(frame)));
        await write(`ck/cohn-kanade-images/${person}/${sequence}/${name}.png`, "");
      }
      await mkdir(join(root, `ck/Emotion/${person}/${sequence}`), { recursive: true });
      const last = `${person}_${sequence}_${String(frames).padStart(8, "0")}_emotion.txt`;
      if (label) await write(`ck/Emotion/${person}/${sequence}/${last}`, `   ${label}\n`);
    }
    await write("ck/cohn-kanade-images/S010/002/.DS_Store", "");
  });

  it("labels the first tenth neutral and the last tenth with the sequence's expression", async () => {
    const report = await importLabels(optionsOf("ckplus", "ck", "ck"));
    expect((await readdir(report.labels)).sort()).toEqual([
      "S005_001_00000001_neutral.json",
      "S005_001_00000010_disgust.json",
      "S005_001_00000011_disgust.json",
      "S010_002_00000001_neutral.json",
      "S010_002_00000002_neutral.json",
      "S010_002_00000019_surprise.json",
      "S010_002_00000020_surprise.json",
      "S011_001_00000001_neutral.json",
      "S011_001_00000009_happy.json",
      "S011_003_00000001_neutral.json",
      "S011_003_00000002_neutral.json",
      "S011_003_00000003_neutral.json",
      "S011_003_00000028_sad.json",
      "S011_003_00000029_sad.json",
      "S011_003_00000030_sad.json",
    ]);
    expect(report.problems).toMatchObject([{ line: 1, expected: "a label from 0 to 7", received: '"9"' }]);
    expect(report.card).toMatchObject({ persons: 3, facesByPerson: { S010: { neutral: 2, surprise: 2 } } });
    const converted = await convert("ck", ["neutral", "happy", "surprise", "disgust"]);
    expect(converted.dropped).toEqual({ sad: 3 });
  });

  it("does without the pictures", async () => {
    await rm(join(root, "ck/cohn-kanade-images"), { recursive: true });
    const { card } = await importLabels(optionsOf("ckplus", "ck", "ck"));
    expect(card.faces).toBe(15);
  });

  it("tells the wrong folder", async () => {
    await expect(importLabels(optionsOf("ckplus", "pie", "wrong"))).rejects.toMatchObject({
      code: "dataset-missing",
      message: expect.stringMatching(/Emotion and Landmarks/),
    });
  });
});

describe("a CSV file", () => {
  const coordinates = (variant: number) => [...testFace(variant)];
  const pairNames = Array.from({ length: 68 }, (_, point) => [`x${point + 1}`, `y${point + 1}`]).flat();

  async function importCsvText(text: string, set: string) {
    await write(`${set}.csv`, text);
    return importLabels(optionsOf("csv", `${set}.csv`, set));
  }
  async function facesOf(labels: string): Promise<Record<string, number[]>> {
    const faces: Record<string, number[]> = {};
    for (const file of (await readdir(labels)).sort()) {
      const { faces: read } = readLabels(await readFile(join(labels, file), "utf8"), file);
      faces[file] = [...read[0]!.landmarks];
    }
    return faces;
  }

  it("reads label, person and points by their names, in any order", async () => {
    const header = ["Subject ID", ...pairNames.toReversed(), "Emotion"];
    const row = (person: string, label: string, variant: number) =>
      [person, ...coordinates(variant).toReversed(), label].join(";");
    const text = [
      header.join(";"),
      row("anna_b", "Happy", 1),
      "",
      row('"ben; c"', "neutral", 2),
      row("cy", "neutral", 3),
    ];
    const report = await importCsvText(`\uFEFF${text.join("\r\n")}`, "named");
    expect(await facesOf(report.labels)).toEqual({
      "anna-b_0000002_Happy.json": coordinates(1),
      "ben-c_0000004_neutral.json": coordinates(2),
      "cy_0000005_neutral.json": coordinates(3),
    });
    expect(report.card).toMatchObject({ personsKnown: true, facesByExpression: { happy: 1, neutral: 2 } });
    expect((await convert("named", ["neutral", "happy"])).samples).toEqual({
      train: 1,
      validate: 1,
      test: 1,
    });
  });

  it("reads all x before all y, numbered from 0, and keeps what a picture's name says", async () => {
    const names = ["x", "y"].flatMap((axis) => Array.from({ length: 68 }, (_, point) => `${axis}_${point}`));
    const values = [
      ...coordinates(5).filter((_, at) => at % 2 === 0),
      ...coordinates(5).filter((_, at) => at % 2 === 1),
    ];
    const text = `label,${names.join(",")},person,filename\nhappy,${values.join(",")},007,d/007_01_02_051_06.png\n`;
    const { labels } = await importCsvText(text, "openface");
    expect(await facesOf(labels)).toEqual({ "007_01_02_051_06_happy.json": coordinates(5) });
  });

  it("takes a file without header, and says that persons are unknown", async () => {
    const text = [1, 2, 3].map((variant) => ["scream", ...coordinates(variant)].join("\t")).join("\n");
    const log: string[] = [];
    await write("bare.csv", text);
    const report = await importLabels({
      ...optionsOf("csv", "bare.csv", "bare"),
      log: (line) => log.push(line),
    });
    expect(report.card).toMatchObject({ faces: 3, persons: 3, personsKnown: false });
    expect(log.at(-1)).toMatch(/same person may be in training and in test/);
  });

  it("tells wrong lines with their number", async () => {
    const rows = [
      ["label", "person", ...pairNames],
      ["happy", "a", ...coordinates(1)],
      ["happy", "b", ...coordinates(1).slice(1)],
      ["happy", "c", "NaN", ...coordinates(1).slice(1)],
      ["", "d", ...coordinates(1)],
      ["happy", "", ...coordinates(1)],
      ['"happy', "e", ...coordinates(1)],
    ];
    const { problems, card } = await importCsvText(
      rows.map((row) => row.join(",")).join("\n"),
      "wrong-lines",
    );
    expect(card).toMatchObject({ faces: 1, leftOut: 5 });
    expect(problems.map(({ line, received }) => [line, received])).toEqual([
      [3, "137"],
      [4, '"NaN" in column 3'],
      [5, "an empty label in column 1"],
      [6, "an empty person in column 2"],
      [7, "a quotation mark without its partner"],
    ]);
  });

  it.each([
    ["no label column", ["person", ...pairNames].join(","), /no column named label/],
    ["too few coordinates", ["label", ...pairNames.slice(4)].join(","), /132 columns for coordinates/],
    ["a bare file of another width", coordinates(1).join(","), /136 columns without a header/],
    ["nothing", "\n\n", /no line/],
  ])("refuses %s", async (_name, text, message) => {
    await expect(importCsvText(text, "refused")).rejects.toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(message),
    });
  });

  it("refuses two persons that would share a name", async () => {
    const row = (person: string) => [person, "happy", ...coordinates(1)].join(",");
    const text = [["person", "label", ...pairNames].join(","), row("a b"), row("a_b")].join("\n");
    await expect(importCsvText(text, "alike")).rejects.toMatchObject({ code: "persons-mixed" });
    expect(await readdir(join(root, "orgData", "alike"))).toEqual([]);
  });

  it("refuses two labels that would share a name, but not two ways to write one", async () => {
    const row = (label: string) => [label, ...coordinates(1)].join(",");
    const textOf = (...labels: string[]) =>
      [["label", ...pairNames].join(","), ...labels.map(row)].join("\n");
    await expect(importCsvText(textOf("not happy", "not_happy"), "labels")).rejects.toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(/"not happy" and "not_happy"/),
    });
    const { card } = await importCsvText(textOf("Not happy", "not happy"), "labels");
    expect(card.facesByExpression).toEqual({ "not-happy": 2 });
  });
});

describe("importLabels", () => {
  it("asks for the licence", async () => {
    for (const licence of [undefined, " "]) {
      await expect(importLabels({ ...optionsOf("csv", "x.csv", "x"), licence })).rejects.toMatchObject({
        code: "usage",
        message: expect.stringMatching(/--licence/),
      });
    }
  });

  it("replaces no labels that came from elsewhere", async () => {
    await writeLabelTree(join(root, "orgData"), "own", ["a_1_happy"]);
    await expect(importLabels(optionsOf("multipie", "pie", "own"))).rejects.toMatchObject({
      code: "dataset-exists",
    });
    expect(await readdir(join(root, "orgData/own/data_factory/fiducial"))).toEqual(["a_1_happy.json"]);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const abort = new AbortController();
    await expect(
      importLabels({
        ...optionsOf("multipie", "pie", "stopped"),
        signal: abort.signal,
        onProgress: ({ done }) => done === 5 && abort.abort(),
      }),
    ).rejects.toMatchObject({ code: "interrupted" });
    expect(await readdir(join(root, "orgData/stopped"))).toEqual([]);
  });

  it("says when a folder has nothing to import", async () => {
    await write("nothing/a.txt", "1 2");
    await expect(importLabels(optionsOf("multipie", "nothing", "nothing"))).rejects.toMatchObject({
      code: "dataset-empty",
      message: expect.stringMatching(/a\.txt: expected a name SSS_ss_rr_ccc_ii/),
    });
    await expect(importLabels(optionsOf("csv", "none.csv", "none"))).rejects.toMatchObject({
      code: "dataset-missing",
    });
  });
});
