import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPhoto } from "./read-photo.ts";
import { isWritablePhotoPath, writePhoto } from "./write-photo.ts";

const image = {
  width: 8,
  height: 4,
  data: new Uint8Array(96).map((_, index) => (index % 3 === 0 ? 200 : 40)),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-write-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writePhoto", () => {
  it.each([".jpg", ".jpeg", ".png", ".webp", ".PNG"])(
    "writes %s, read back as the same picture",
    async (ending) => {
      const path = join(folder, `picture${ending}`);
      await writePhoto(path, image);
      const back = await readPhoto(path);
      expect([back.width, back.height]).toEqual([8, 4]);
      expect(Math.abs(back.data[0]! - 200)).toBeLessThan(12);
      expect(Math.abs(back.data[1]! - 40)).toBeLessThan(12);
    },
  );

  it("leaves nothing beside the file", async () => {
    expect((await readdir(folder)).every((name) => /^picture\.\w+$/.test(name))).toBe(true);
  });

  it.each([
    ["an ending that is no picture", "out.txt"],
    ["no ending", "out"],
    ["a folder that does not exist", "absent/out.png"],
    ["a folder that is a file", "file/out.png"],
  ])("refuses %s", async (_, name) => {
    await writeFile(join(folder, "file"), "");
    await expect(writePhoto(join(folder, name), image)).rejects.toMatchObject({
      name: "EmotionNetError",
      code: "file-unwritable",
    });
    expect(isWritablePhotoPath(name)).toBe(name.endsWith(".png"));
  });
});
