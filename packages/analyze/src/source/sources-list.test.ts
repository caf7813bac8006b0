import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findSources } from "./find-sources.ts";
import { readSourcesList } from "./sources-list.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-list-"));
afterAll(() => rmSync(folder, { recursive: true }));

function list(text: string): string {
  const path = join(folder, "cameras.yaml");
  writeFileSync(path, text);
  return path;
}

test("paths are those beside the list; addresses and cameras stay as they are", async () => {
  const path = list(`# the shop\n- clips/a.mp4\n- rtsp://camera.local/stream\n- camera:0\n- /data/b.mkv\n`);
  expect(await readSourcesList(path)).toEqual([
    join(folder, "clips/a.mp4"),
    "rtsp://camera.local/stream",
    "camera:0",
    "/data/b.mkv",
  ]);
  expect((await findSources([path, "one.jpg"])).map(({ kind }) => kind)).toEqual([
    "video",
    "video",
    "video",
    "video",
    "photo",
  ]);
});

test.each([
  ["sources:\n  - a.mp4\n", "holds no list"],
  ["[]", "holds no list"],
  ["", "holds no list"],
  ["- a.mp4\n- 7\n", "entry 2 is 7"],
  ["- a.mp4\n- {name: door}\n", 'entry 2 is {"name":"door"}'],
  ["- other.yml\n", "entry 1 is another list"],
  ["- a.mp4\n- 'b.mp4\n", "no YAML in line"],
])("%j is told as what it is, and ends nothing else", async (text, words) => {
  const items = await findSources([list(text), "one.jpg"]);
  expect(items.length).toBe(2);
  expect(items[0]).toMatchObject({ kind: "error", error: { code: "sources-list" } });
  expect(items[0]!.kind === "error" && items[0]!.error.message).toContain(words);
});

test("a list that is not there", async () => {
  expect(await findSources(join(folder, "absent.yaml"))).toMatchObject([
    { kind: "error", error: { code: "file-not-found" } },
  ]);
});
