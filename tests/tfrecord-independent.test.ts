/** Records that this project writes, read by a program that shares nothing with it: a few lines of Python. */

import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LANDMARK_VALUES } from "@emotionnet/core";
import { generateFaces, writeDataset } from "@emotionnet/train";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./cli-support.ts";
import { debianPython } from "./debian-python.ts";

/** Checks each frame with its own CRC-32C, bit by bit, and prints the features of each tf.train.Example. */
const reader = `
import json, struct, sys
def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8): crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    crc ^= 0xffffffff
    return ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff
def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift; shift += 7; at += 1
        if data[at - 1] < 128: return value, at
def fields(data):
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        assert tag & 7 == 2, "only length-delimited fields"
        size, at = varint(data, at); yield tag >> 3, data[at:at + size]; at += size
def numbers(kind, block):
    if kind == 2: return list(struct.unpack("<%df" % (len(block) // 4), block))
    values, at = [], 0
    while at < len(block): value, at = varint(block, at); values.append(value)
    return values
def feature(data):
    (kind, items), = fields(data)
    return [b.decode() for _, b in fields(items)] if kind == 1 else [v for _, b in fields(items) for v in numbers(kind, b)]
with open(sys.argv[1], "rb") as file:
    while header := file.read(12):
        size, check = struct.unpack("<QI", header)
        assert check == crc32c(header[:8]), "length checksum"
        payload = file.read(size)
        assert struct.unpack("<I", file.read(4))[0] == crc32c(payload), "payload checksum"
        (_, example), = fields(payload)
        entries = [dict(fields(entry)) for _, entry in fields(example)]
        print(json.dumps({entry[1].decode(): feature(entry[2]) for entry in entries}))
`;

const python = [debianPython, "python3", "python"].find((program) => {
  try {
    // 3.8 is the oldest with the assignment expression.
    execFileSync(program, ["-c", "import sys; assert sys.version_info >= (3, 8)"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});
const title = python ? "" : " (skipped: no Python 3.8 or newer here)";

describe.skipIf(!python)(`TFRecords in an independent reader${title}`, () => {
  const folder = temporaryFolder();
  const path = join(folder, "faces.tfrecords");
  const faces = generateFaces({ persons: 3, samplesPerPerson: 12, seed: 6 });
  const read = (file: string) =>
    execFileSync(python!, ["-c", reader, file], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  beforeAll(() => writeDataset(path, faces));

  test("every feature of every record is what was written", () => {
    const records = read(path)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(faces.count);
    records.forEach((record, index) => {
      expect(record).toEqual({
        "train/image_frame_name": [faces.names[index]],
        "train/landmarks": Array.from(
          faces.landmarks.subarray(index * LANDMARK_VALUES, (index + 1) * LANDMARK_VALUES),
        ),
        "train/landmarks_occ": Array.from(faces.occluded.subarray(index * 68, (index + 1) * 68)),
        "train/num_keypoints": [68],
        "label/emotion": [faces.labels[index]],
      });
    });
  });

  test("its checksums are real: one changed bit is found", async () => {
    const bytes = await readFile(path);
    bytes[200]! ^= 4;
    const damaged = join(folder, "damaged.tfrecords");
    await writeFile(damaged, bytes);
    expect(() => read(damaged)).toThrow(/payload checksum/);
  });
});
