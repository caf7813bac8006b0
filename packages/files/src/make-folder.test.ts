import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-folders-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a folder comes with its parents, and one that is there stays", async () => {
  const path = join(folder, "a", "b", "c");
  await makeFolder(path);
  writeFileSync(join(path, "kept"), "");
  await makeFolder(path);
  expect(statSync(join(path, "kept")).isFile()).toBe(true);
  await Promise.all(["x", "x", "y"].map((name) => makeFolder(join(folder, "together", name))));
  expect(existsSync(join(folder, "together", "y"))).toBe(true);
  await makeFolder(".");
});

test("a file in the way is an error", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(makeFolder(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(folder, "file", "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.skipIf(!existsSync("/proc/self"))("a file system that takes no folders says so and ends", async () => {
  await expect(makeFolder("/proc/emotionnet/results")).rejects.toMatchObject({ code: "ENOENT" });
});
