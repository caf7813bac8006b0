import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { EmotionNetError, ErrorCode } from "@emotionnet/core";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileReadError } from "../file/read-file-bytes.ts";
import { readPhoto } from "./read-photo.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-photo-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Left half red, right half blue, 40×20, with some texture so that a cut file loses something. */
function redBlue(): Sharp {
  const data = new Uint8Array(40 * 20 * 3);
  for (let pixel = 0; pixel < 40 * 20; pixel++) {
    data[3 * pixel + (pixel % 40 < 20 ? 0 : 2)] = 255;
  }
  return sharp(data, { raw: { width: 40, height: 20, channels: 3 } });
}

function noise(width: number, height: number): Sharp {
  let state = 7;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state >> 16;
  });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function pixelAt(image: { width: number; data: Uint8Array }, x: number, y: number): number[] {
  const start = 3 * (y * image.width + x);
  return [...image.data.subarray(start, start + 3)];
}

function expectNear(actual: number[], wanted: number[], distance = 40): void {
  actual.forEach((value, index) => {
    expect(Math.abs(value - wanted[index]!), `${actual} is not near ${wanted}`).toBeLessThanOrEqual(distance);
  });
}

async function errorOf(promise: Promise<unknown>): Promise<EmotionNetError> {
  try {
    await promise;
  } catch (error) {
    return error as EmotionNetError;
  }
  throw new Error("nothing was thrown");
}

async function expectError(source: string | Uint8Array, code: ErrorCode, sentence: RegExp): Promise<void> {
  const error = await errorOf(readPhoto(source));
  expect(error.name).toBe("EmotionNetError");
  expect(error.code).toBe(code);
  expect(error.message).toMatch(sentence);
}

/** A PNG of one bit a pixel, all black, made without holding its pixels. */
function blackPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))), { level: 1 });
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

describe("readPhoto decodes", () => {
  it.each(["jpeg", "png", "webp", "gif", "tiff", "avif"] as const)(
    "%s, from a path and from bytes",
    async (format) => {
      const bytes = await redBlue().toFormat(format, { quality: 95 }).toBuffer();
      const path = join(folder, `plain.${format}`);
      await writeFile(path, bytes);
      for (const image of [await readPhoto(path), await readPhoto(bytes)]) {
        expect([image.width, image.height, image.data.length]).toEqual([40, 20, 2400]);
        expectNear(pixelAt(image, 5, 10), [255, 0, 0]);
        expectNear(pixelAt(image, 35, 10), [0, 0, 255]);
      }
    },
  );

  it("turns a photo upright by its EXIF tag", async () => {
    const bytes = await redBlue().withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    const image = await readPhoto(bytes);
    expect([image.width, image.height]).toEqual([20, 40]);
    expectNear(pixelAt(image, 10, 5), [255, 0, 0]);
    expectNear(pixelAt(image, 10, 35), [0, 0, 255]);
  });

  it("lays transparency on white", async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const bytes = await sharp({ create: { width: 4, height: 4, channels: 4, background: clear } })
      .png()
      .toBuffer();
    expect(pixelAt(await readPhoto(bytes), 1, 1)).toEqual([255, 255, 255]);
  });

  it("makes grey pictures RGB", async () => {
    const bytes = await sharp(new Uint8Array(100).fill(90), { raw: { width: 10, height: 10, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    expect(pixelAt(await readPhoto(bytes), 3, 3)).toEqual([90, 90, 90]);
  });

  it.each([
    ["grey16", 1],
    ["rgb16", 3],
  ] as const)("brings 16 bits to 8 (%s)", async (space, channels) => {
    const bytes = await sharp(new Uint8Array(100 * channels).fill(200), {
      raw: { width: 10, height: 10, channels },
    })
      .toColourspace(space)
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe("ushort");
    expectNear(pixelAt(await readPhoto(bytes), 3, 3), [200, 200, 200], 1);
  });

  it("converts CMYK", async () => {
    const bytes = await redBlue().toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe("cmyk");
    const [red, green, blue] = pixelAt(await readPhoto(bytes), 5, 10) as [number, number, number];
    expect(red).toBeGreaterThan(180);
    expect(Math.max(green, blue)).toBeLessThan(90);
  });

  it("takes the first page of a moving GIF", async () => {
    const frames = Buffer.alloc(10 * 20 * 3);
    frames.fill(255, 0, 10 * 10 * 3);
    const bytes = await sharp(frames, { raw: { width: 10, height: 20, channels: 3, pageHeight: 10 } })
      .gif({ delay: [100, 100], loop: 0 })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const image = await readPhoto(bytes);
    expect([image.width, image.height]).toEqual([10, 10]);
    expect(pixelAt(image, 5, 5)).toEqual([255, 255, 255]);
  });

  it("scales down to maxSide and never up", async () => {
    const bytes = await redBlue().png().toBuffer();
    const small = await readPhoto(bytes, { maxSide: 10 });
    expect([small.width, small.height, small.data.length]).toEqual([10, 5, 150]);
    expect((await readPhoto(bytes, { maxSide: 1000 })).width).toBe(40);
  });
});

describe("readPhoto refuses", () => {
  it("a path where there is nothing", () =>
    expectError(join(folder, "absent.jpg"), "file-not-found", /there is nothing/));
  it("a path through a file", async () => {
    await writeFile(join(folder, "file.txt"), "x");
    await expectError(join(folder, "file.txt", "a.jpg"), "file-not-found", /there is nothing/);
  });
  it("a path with a NUL character", () => expectError("a\0.jpg", "file-not-found", /there is nothing/));
  it("a folder", () => expectError(folder, "file-is-folder", /Got the folder/));

  it.skipIf(process.getuid?.() === 0)("a file without read permission (skipped for root)", async () => {
    const path = join(folder, "locked.jpg");
    await writeFile(path, await redBlue().jpeg().toBuffer());
    await chmod(path, 0);
    await expectError(path, "file-unreadable", /may not read/);
  });
  it("a file the system may not open, told by its code", () => {
    const error = fileReadError("a.jpg", Object.assign(new Error("no"), { code: "EACCES" }));
    expect([error.code, error.message]).toEqual([
      "file-unreadable",
      'Got the file "a.jpg", which you may not read; wanted a file with read permission. ' +
        "Change its permissions, or run as a user who may read it.",
    ]);
  });

  it("an empty file", async () => {
    const path = join(folder, "empty.jpg");
    await writeFile(path, "");
    await expectError(path, "photo-empty", /no bytes/);
  });
  it("text", () => expectError(Buffer.from("not a picture at all"), "photo-format", /not a picture/));
  it("drawings that could load other files", () =>
    expectError(
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      "photo-format",
      /SVG/,
    ));
  it("HEIC, with advice", () =>
    expectError(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), "photo-format", /HEIC.*JPEG/));

  it.each(["jpeg", "png", "webp", "tiff", "avif", "gif"] as const)(
    "a %s that is cut short",
    async (format) => {
      const whole = await noise(200, 160).toFormat(format, { quality: 90 }).toBuffer();
      expect((await readPhoto(whole)).width).toBe(200);
      for (const share of [0.3, 0.6, 0.95]) {
        await expectError(
          whole.subarray(0, Math.floor(whole.length * share)),
          "photo-damaged",
          /cut short or damaged/,
        );
      }
    },
  );
  it("a JPEG that ends in its header", async () => {
    const whole = await noise(200, 160).jpeg().toBuffer();
    for (const length of [4, 30, 300]) {
      await expectError(whole.subarray(0, length), "photo-damaged", /cut short or damaged/);
    }
  });
  it("a PNG of no width", () => expectError(blackPng(0, 10), "photo-damaged", /damaged/));

  it("a PNG of 30,000×30,000 pixels by its header alone, in little memory", async () => {
    const path = join(folder, "huge.png");
    await writeFile(path, blackPng(30_000, 30_000));
    const before = process.memoryUsage().rss;
    await expectError(
      path,
      "photo-too-large",
      /30000×30000 pixels \(900 megapixels\); wanted at most 100 megapixels/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
  it("more pixels than maxPixels, and no fewer", async () => {
    const bytes = await redBlue().png().toBuffer();
    expect((await errorOf(readPhoto(bytes, { maxPixels: 799 }))).code).toBe("photo-too-large");
    expect((await readPhoto(bytes, { maxPixels: 800 })).width).toBe(40);
  });
});
