import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLandmarksFile } from "./read-landmarks-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-points-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: unknown) {
  const path = join(folder, "points.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return readLandmarksFile(path);
}

const flat = Array.from({ length: 136 }, (_, index) => index + 0.5);
const pairs = Array.from({ length: 68 }, (_, point) => [2 * point + 0.5, 2 * point + 1.5]);

describe("readLandmarksFile", () => {
  it.each([
    ["136 numbers", flat, [flat]],
    ["68 pairs", pairs, [pairs]],
    ["a list of both", [flat, pairs], [flat, pairs]],
  ])("reads %s", async (_, content, wanted) => {
    expect(await read(content)).toEqual(wanted);
  });

  it("reads a file with a byte order mark", async () => {
    expect(await read(`\uFEFF${JSON.stringify(flat)}`)).toEqual([flat]);
  });

  it("makes null a missing number", async () => {
    const [set] = await read([null, ...flat.slice(1)]);
    expect((set as number[])[0]).toBeNaN();
  });

  it("keeps the good sets beside a bad one", async () => {
    const sets = await read([flat, { points: flat }, pairs, []]);
    expect(sets.map((set) => set instanceof EmotionNetError)).toEqual([false, true, false, true]);
    expect((sets[1] as EmotionNetError).message).toMatch(/an object as entry 1/);
  });

  it.each([
    ["text", "no JSON", /not JSON/],
    ["NaN", "[1, NaN]", /not JSON/],
    ["an object", { a: 1 }, /an object/],
    ["an empty list", [], /an empty list/],
    ["null", null, /null/],
  ])("refuses %s", async (_, content, sentence) => {
    const error = await read(content).catch((reason) => reason);
    expect(error).toMatchObject({ name: "EmotionNetError", code: "landmarks-file" });
    expect(error.message).toMatch(sentence);
  });
});
