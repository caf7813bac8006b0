import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { personOf } from "../dataset/dataset.ts";
import { readDataset } from "../dataset/dataset-file.ts";
import { readLabels } from "../labels/read-labels.ts";
import { convertDataset } from "./convert-dataset.ts";
import { testFace, writeLabelTree } from "./testing.ts";
import { verifyRecords } from "./verify.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "emotionnet-convert-"));
});
afterAll(() => rm(root, { recursive: true }));

const CK_MAP = { neutral: 0, happy: 1, surprise: 2, contempt: 3, disgust: 4, angry: 5 };

function configOf(setName: string, emotionMap: Record<string, number> = CK_MAP): Record<string, unknown> {
  return {
    ground_truth_folder_suffix: "DataFactory",
    is_filtered: false,
    set_name: setName,
    is_datafactory: true,
    org_data_path: join(root, "orgData"),
    post_data_path: join(root, "postData"),
    num_keypoints: 68,
    emotion_map: emotionMap,
  };
}

/** Printed by CPython 3.11: random.seed(1); random.sample(sorted users S001..S118, 118). */
// biome-ignore format: one part a line
const CPYTHON_ORDER_118 = {
  test: [18, 73, 109, 103, 98, 9, 33, 16, 64, 114, 58],
  validate: [61, 84, 49, 101, 27, 13, 63, 4, 50, 56, 78],
  train: [1, 90, 108, 35, 30, 76, 14, 41, 100, 3, 88, 106, 70, 2, 105, 28, 55, 86, 68, 29, 57, 110, 71, 92, 45, 117, 77, 59, 38, 87, 54, 102, 24, 89, 47, 116, 19, 8, 48, 22, 62, 46, 112, 81, 66, 43, 65, 20, 60, 97, 32, 52, 26, 107, 67, 31, 111, 44, 115, 12, 75, 36, 6, 85, 7, 25, 34, 17, 51, 99, 37, 40, 93, 96, 104, 83, 10, 94, 53, 74, 72, 113, 79, 23, 95, 15, 11, 39, 80, 5, 42, 69, 91, 21, 82, 118],
};
const user = (number: number) => `S${String(number).padStart(3, "0")}`;

/** The 1,205 names of a set of CK+'s shape: its class counts, and so many kept faces a part as CK+ has. */
function ckShapedNames(): string[] {
  const counts = { neutral: 467, surprise: 169, happy: 169, angry: 119, disgust: 115, contempt: 32 };
  const kept = Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => name));
  const persons = [
    ...Array.from({ length: 884 }, (_, index) => CPYTHON_ORDER_118.train[index % 96]!),
    ...Array.from({ length: 93 }, (_, index) => CPYTHON_ORDER_118.validate[index % 11]!),
    ...Array.from({ length: 94 }, (_, index) => CPYTHON_ORDER_118.test[index % 11]!),
  ];
  const frame = (index: number) =>
    `${String((index % 9) + 1).padStart(3, "0")}_${String(index).padStart(8, "0")}`;
  const names = kept.map((name, index) => `${user(persons[(index * 5) % 1071]!)}_${frame(index)}_${name}`);
  const unwanted = Array.from(
    { length: 134 },
    (_, index) => `${user((index % 118) + 1)}_${frame(2000 + index)}_${index % 2 ? "sad" : "fear"}`,
  );
  return [...names, ...unwanted];
}

describe("a set of CK+'s shape", () => {
  const log: string[] = [];
  let post: string;
  beforeAll(async () => {
    await writeLabelTree(join(root, "orgData"), "ckplus", ckShapedNames());
    post = join(root, "postData", "ckplus", "Ground_Truth_DataFactory");
  });

  it("gives the original's counts, split and log", async () => {
    const report = await convertDataset({ config: configOf("ckplus"), log: (line) => log.push(line) });
    expect(report.files).toBe(1205);
    expect(report.dropped).toEqual({ fear: 67, sad: 67 });
    expect(report.problems).toEqual([]);
    expect(report.samples).toEqual({ train: 884, validate: 93, test: 94 });
    expect(report.classes).toEqual(["neutral", "happy", "surprise", "contempt", "disgust", "angry"]);
    const { persons } = report;
    expect(persons.test).toEqual(CPYTHON_ORDER_118.test.map(user));
    expect(persons.validate).toEqual(CPYTHON_ORDER_118.validate.map(user));
    expect(persons.train).toEqual(CPYTHON_ORDER_118.train.map(user));
    expect(log.find((line) => line.startsWith("Test: "))).toBe(
      `Test: [${persons.test.map((person) => `'${person}'`).join(", ")}]`,
    );
    expect(log).toContain("Dropped 134 label files: fear 67, sad 67 (not in emotion_map)");
    for (const start of ["Validation [", "Train [", join(post, "TfRecords")])
      expect(log.some((line) => line.startsWith(start))).toBe(true);
  });

  it("leaves the original's folders, and no person in two parts", async () => {
    const parts = ["train", "validate", "test"] as const;
    const sets = await Promise.all(
      parts.map((part) =>
        readDataset(join(post, "TfRecords_combined", `${part}.tfrecords`), Object.keys(CK_MAP)),
      ),
    );
    const persons = sets.map(({ names }) => new Set(names.map(personOf)));
    expect(persons.map(({ size }) => size)).toEqual([96, 11, 11]);
    expect(new Set(persons.flatMap((part) => [...part])).size).toBe(118);
    const counts = [0, 0, 0, 0, 0, 0];
    for (const set of sets) for (const label of set.labels) counts[label]!++;
    expect(counts).toEqual([467, 169, 169, 32, 115, 119]);

    expect((await readdir(post)).sort()).toEqual(["GT", "GT_combined", "TfRecords", "TfRecords_combined"]);
    expect(await readdir(join(post, "TfRecords"))).toHaveLength(118);
    expect((await readdir(join(root, "postData", "ckplus"))).sort()).toEqual([
      "GT_user_json",
      "Ground_Truth_DataFactory",
    ]);
    expect((await readFile(join(post, "GT_combined", "test.txt"), "utf8")).split("\n")).toHaveLength(95);
    const texts = (await readFile(join(post, "GT", "S018.txt"), "utf8")).trim().split("\n");
    expect(texts[0]!.split(" ")).toHaveLength(3 + 4 + 136);
  });

  it("regroups the JSON by person, readable again", async () => {
    const text = await readFile(join(root, "postData", "ckplus", "GT_user_json", "S018.json"), "utf8");
    const { faces, problems } = readLabels(text, "S018.json");
    const own = await readDataset(join(post, "TfRecords", "S018.tfrecords"), Object.keys(CK_MAP));
    expect(problems).toEqual([]);
    expect(faces.flatMap(({ landmarks }) => [...landmarks])).toEqual([...own.landmarks]);
  });

  it("is the same again, byte for byte", async () => {
    const path = join(post, "TfRecords_combined", "train.tfrecords");
    const before = await readFile(path);
    await convertDataset({ config: configOf("ckplus") });
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
  });

  it("finds a damaged record when it reads back", async () => {
    const folder = join(post, "TfRecords_combined");
    const records = {
      train: join(folder, "train.tfrecords"),
      validate: join(folder, "validate.tfrecords"),
      test: join(root, "damaged.tfrecords"),
    };
    const bytes = await readFile(join(folder, "test.tfrecords"));
    bytes[bytes.length - 900]! ^= 4;
    await writeFile(records.test, bytes);
    const classes = Object.keys(CK_MAP);
    const counts = { train: 884, validate: 93, test: 94 };
    await expect(verifyRecords(records, { classes }, counts)).rejects.toMatchObject({
      code: "dataset-damaged",
      message: expect.stringMatching(/record 9[34] /),
    });
    const mixed = { ...records, test: records.validate };
    await expect(verifyRecords(mixed, { classes }, { ...counts, test: 93 })).rejects.toMatchObject({
      code: "persons-mixed",
      message: expect.stringMatching(/validate and test/),
    });
  });

  const python = "/usr/bin/python3";
  it.skipIf(!existsSync(python))(
    "is read by an independent reader in Python (skipped without python3)",
    async () => {
      const program = join(root, "read.py");
      await writeFile(program, INDEPENDENT_READER);
      const path = join(post, "TfRecords_combined", "validate.tfrecords");
      const { stdout } = await promisify(execFile)(python, [program, path]);
      const set = await readDataset(path, Object.keys(CK_MAP));
      const read = JSON.parse(stdout) as {
        count: number;
        names: string[];
        labels: number[];
        first: number[];
      };
      expect(read.count).toBe(93);
      expect(read.names).toEqual(set.names);
      expect(read.labels).toEqual([...set.labels]);
      expect(read.first).toEqual([...set.landmarks.subarray(0, 136)]);
    },
  );
});

/** A reader that shares no line with ours: bit-wise CRC-32C and a generic protobuf walk. */
const INDEPENDENT_READER = `
import json, struct, sys
def crc(data):
    c = 0xffffffff
    for byte in data:
        c ^= byte
        for _ in range(8): c = (c >> 1) ^ (0x82f63b78 & -(c & 1))
    c ^= 0xffffffff
    return (((c >> 15) | (c << 17)) + 0xa282ead8) & 0xffffffff
def varint(b, i):
    v = s = 0
    while True:
        v |= (b[i] & 127) << s; s += 7; i += 1
        if b[i - 1] < 128: return v, i
def fields(b):
    i = 0
    while i < len(b):
        tag, i = varint(b, i)
        if tag & 7 == 0: v, i = varint(b, i)
        elif tag & 7 == 2:
            n, i = varint(b, i); v = b[i:i + n]; i += n
        else: raise ValueError(tag)
        yield tag >> 3, v
def example(b):
    out = {}
    for _, features in fields(b):
        for _, entry in fields(features):
            pair = dict(fields(entry)); (kind, items), = fields(pair[2]); value, = [v for _, v in fields(items)]
            if kind == 2: value = struct.unpack('<%df' % (len(value) // 4), value)
            if kind == 3:
                ints, i = [], 0
                while i < len(value): v, i = varint(value, i); ints.append(v)
                value = ints
            out[pair[1].decode()] = value
    return out
data, at, rows = open(sys.argv[1], 'rb').read(), 0, []
while at < len(data):
    length, check = struct.unpack_from('<QI', data, at)
    assert crc(data[at:at + 8]) == check
    body = data[at + 12:at + 12 + length]
    assert crc(body) == struct.unpack_from('<I', data, at + 12 + length)[0]
    rows.append(example(body)); at += 16 + length
print(json.dumps({'count': len(rows), 'names': [r['train/image_frame_name'].decode() for r in rows],
    'labels': [r['label/emotion'][0] for r in rows], 'first': rows[0]['train/landmarks']}))
`;

describe("convertDataset", () => {
  it("converts the good ones of many labels and lists the damaged", async () => {
    const stems = Array.from(
      { length: 600 },
      (_, index) => `p${index % 20}_${index}_${index % 3 ? "happy" : "neutral"}`,
    );
    const folder = await writeLabelTree(join(root, "orgData"), "damaged", stems);
    for (const index of [100, 200, 300, 400, 500, 599]) {
      const path = join(folder, `${stems[index]}.json`);
      const text = await readFile(path, "utf8");
      await writeFile(path, text.slice(0, text.length / 2));
    }
    await writeFile(join(folder, "noname.json"), "[]");
    await mkdir(join(folder, "p1_folder_happy.json"));
    const log: string[] = [];
    const report = await convertDataset({ config: configOf("damaged"), log: (line) => log.push(line) });
    const { train, validate, test } = report.samples;
    expect(train + validate + test).toBe(594);
    expect(report.problems).toHaveLength(8);
    expect(report.problems.filter(({ line }) => line !== undefined && line > 1)).toHaveLength(6);
    const listed = join(root, "postData/damaged/Ground_Truth_DataFactory/GT_combined/problems.txt");
    expect((await readFile(listed, "utf8")).trim().split("\n")).toHaveLength(8);
    expect(log.filter((line) => /left out/.test(line))).toHaveLength(8);
  });

  it("reads frames and persons of a file with several faces, and drops a frame labelled twice", async () => {
    const stems = ["001_01_01_051_06_happy", "002_01_01_051_06_happy", "003_x_happy", "003_x_neutral"];
    const folder = await writeLabelTree(join(root, "orgData"), "several", stems);
    const one = JSON.parse(await readFile(join(folder, "001_01_01_051_06_happy.json"), "utf8"))[0];
    const images = ["a/004_01_02_051_00.png", "a\\004_01_02_140_00.PNG", "other.png"];
    await writeFile(
      join(folder, "004_many_Happy.json"),
      JSON.stringify(images.map((filename) => ({ ...one, filename }))),
    );
    const report = await convertDataset({ config: configOf("several") });
    const records = join(root, "postData/several/Ground_Truth_DataFactory/TfRecords/004.tfrecords");
    expect((await readDataset(records, report.classes)).names).toEqual([
      "004_01_02_051_00",
      "004_01_02_140_00",
      "004_many",
    ]);
    expect(report.problems).toMatchObject([{ file: "003_x_neutral.json", expected: "a frame of its own" }]);
  });

  it("splits ten persons as CPython does", async () => {
    const stems = Array.from({ length: 10 }, (_, index) => `${user(index + 1)}_1_happy`);
    await writeLabelTree(join(root, "orgData"), "ten", stems);
    const { persons } = await convertDataset({ config: configOf("ten") });
    expect(persons.test).toEqual(["S003"]);
    expect(persons.validate).toEqual(["S002"]);
    expect(persons.train).toEqual([5, 1, 4, 6, 8, 10, 9, 7].map(user));
  });

  it("puts all 80 points into the records, and gives the first 68 to those who want no more", async () => {
    const folder = await writeLabelTree(join(root, "orgData"), "eighty", [
      "a_1_happy",
      "a_2_happy",
      "b_1_happy",
      "c_1_happy",
    ]);
    for (const name of ["a_1", "b_1", "c_1"]) {
      const path = join(folder, `${name}_happy.json`);
      const [image] = JSON.parse(await readFile(path, "utf8"));
      for (let point = 69; point <= 80; point++)
        Object.assign(image.annotations[1], { [`P${point}x`]: point, [`P${point}y`]: 2 });
      await writeFile(path, JSON.stringify(image));
    }
    const report = await convertDataset({ config: { ...configOf("eighty"), num_keypoints: 80 } });
    const person = async (scheme?: "points-80") => {
      const { landmarks, occluded, names } = await readDataset(report.records.test, report.classes, scheme);
      return { points: [...landmarks], flags: occluded.length, face: testFace("abc".indexOf(names[0]![0]!)) };
    };
    const first = await person();
    expect(first.points).toEqual([...first.face]);
    const all = await person("points-80");
    const further = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? 69 + index / 2 : 2));
    expect(all).toMatchObject({ points: [...all.face, ...further], flags: 80 });
    // a_2 has 68 points only.
    expect(report.problems).toMatchObject([
      { file: "a_2_happy.json", expected: "80 points", received: expect.stringContaining("no P69") },
    ]);
    await expect(readDataset(report.records.test, report.classes, "points-104")).rejects.toMatchObject({
      code: "dataset-damaged",
      message: expect.stringContaining("160 of 208 values of train/landmarks"),
    });
  });

  it("changes nothing when it is interrupted or fails", async () => {
    await writeLabelTree(join(root, "orgData"), "kept", [
      "a_1_happy",
      "b_1_happy",
      "c_1_happy",
      "d_1_neutral",
    ]);
    const report = await convertDataset({ config: configOf("kept") });
    const before = await readFile(report.records.train);
    const abort = new AbortController();
    await expect(
      convertDataset({
        config: configOf("kept", { happy: 0 }),
        signal: abort.signal,
        onProgress: ({ done }) => done === 2 && abort.abort(),
      }),
    ).rejects.toMatchObject({ code: "interrupted" });
    await expect(convertDataset({ config: configOf("kept", { neutral: 0 }) })).rejects.toMatchObject({
      code: "dataset-empty",
      message: expect.stringMatching(/1 person; wanted at least 3/),
    });
    expect(await readFile(report.records.train)).toEqual(before);
    expect((await readdir(join(root, "postData", "kept"))).sort()).toEqual([
      "GT_user_json",
      "Ground_Truth_DataFactory",
    ]);
  });

  it("says what is missing", async () => {
    await expect(convertDataset({ config: configOf("nowhere") })).rejects.toMatchObject({
      code: "dataset-missing",
      message: expect.stringMatching(/nowhere.*fiducial.*--from/),
    });
    await expect(convertDataset({ config: configOf("kept", { joy: 0 }) })).rejects.toMatchObject({
      code: "dataset-empty",
      message: expect.stringMatching(/happy 3, neutral 1.*_joy/),
    });
    await writeFile(join(root, "file"), "");
    const config = { ...configOf("kept"), post_data_path: join(root, "file") };
    await expect(convertDataset({ config })).rejects.toMatchObject({ code: "file-unwritable" });
  });
});
