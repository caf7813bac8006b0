import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSources } from "./find-sources.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-find-"));
  await mkdir(join(folder, "b", ".hidden"), { recursive: true });
  await mkdir(join(folder, "empty"));
  const names = [
    "10.jpg",
    "2.JPG",
    "b/1.png",
    "b/.secret.png",
    "b/.hidden/3.png",
    "notes.txt",
    "phone.heic",
    "[1].webp",
    "p.json",
  ];
  for (const name of names) await writeFile(join(folder, name), "x");
  await symlink(folder, join(folder, "b", "loop"));
  await symlink(join(folder, "10.jpg"), join(folder, "b", "link.jpg"));
});
afterAll(() => rm(folder, { recursive: true }));

async function found(sources: string | string[]): Promise<string[]> {
  const items = await findSources(sources);
  return items.map(({ kind, path }) => `${kind} ${relative(folder, path).replaceAll("\\", "/")}`);
}

describe("findSources", () => {
  it("lists a folder with its sub-folders in natural order, without hidden files, other files or loops", async () => {
    expect(await found(folder)).toEqual([
      "photo [1].webp",
      "photo 2.JPG",
      "photo 10.jpg",
      "photo b/1.png",
      "photo b/link.jpg",
      "photo phone.heic",
    ]);
  });

  it("expands patterns, and takes an existing name with brackets as it is", async () => {
    expect(await found(`${folder.replaceAll("\\", "/")}/*.{jpg,JPG}`)).toEqual([
      "photo 2.JPG",
      "photo 10.jpg",
    ]);
    expect(await found(join(folder, "[1].webp"))).toEqual(["photo [1].webp"]);
  });

  it("names a folder it may not list beside the photos of the others", async () => {
    const locked = join(folder, "c");
    await mkdir(locked);
    await chmod(locked, 0);
    const items = await findSources(folder);
    await chmod(locked, 0o700);
    await rm(locked, { recursive: true });
    expect(items.filter(({ kind }) => kind === "photo").length).toBe(6);
    // Root may list everything.
    const errors = process.getuid?.() === 0 ? [] : [{ path: locked, error: { code: "file-unreadable" } }];
    expect(items.filter(({ kind }) => kind === "error")).toMatchObject(errors);
  });

  it("keeps the caller's order and repetitions", async () => {
    const named = ["p.json", "b/1.png", "10.jpg", "2.JPG", "10.jpg"].map((name) => join(folder, name));
    expect(await found(named)).toEqual([
      "landmarks p.json",
      "photo b/1.png",
      "photo 10.jpg",
      "photo 2.JPG",
      "photo 10.jpg",
    ]);
  });

  it("turns what holds nothing into error items", async () => {
    for (const source of [join(folder, "empty"), `${folder}/*.gif`]) {
      const [item, ...others] = await findSources(source);
      expect(others).toEqual([]);
      expect(item).toMatchObject({ kind: "error", path: source, error: { code: "no-photos" } });
    }
  });

  it("knows videos by their ending, cameras and addresses by their form", async () => {
    const named = ["CLIP.MP4", "a.webm", "camera:0", "rtsp://host/stream", "http://host/a.jpg"];
    expect((await findSources(named)).map(({ kind }) => kind)).toEqual(named.map(() => "video"));
    const others = ["camera:", "camera.jpg", "mp4", "rtsp:stream.png"];
    expect((await findSources(others)).map(({ kind }) => kind)).toEqual(others.map(() => "photo"));
  });

  it("leaves a missing path to the reader, which says what is wrong", async () => {
    expect(await found(join(folder, "absent.jpg"))).toEqual(["photo absent.jpg"]);
  });
});
