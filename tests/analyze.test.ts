import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type AnalyzeOptions, analyze, formatJsonLine } from "@emotionnet/analyze";
import { EmotionNet, EXPRESSIONS, MEAN_SHAPE, type SourceResult } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { contactSheet, drawPortrait, portraitSvg, readPhoto, writePhoto } from "@emotionnet/media";
import { FaceReader } from "@emotionnet/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const brows = [17, 18, 19, 20, 21, 22, 23, 24, 25, 26];
const lowerMouth = [6, 7, 8, 9, 10, 55, 56, 57, 58, 59, 65, 66, 67];

/** The mean face with its brows `lift` higher and its lower lip and chin `drop` lower (outer eye corners are 2 apart). */
function faceWith(lift: number, drop: number): Float32Array {
  const face = Float32Array.from(MEAN_SHAPE);
  for (const point of brows) face[2 * point + 1]! -= lift;
  for (const point of lowerMouth) face[2 * point + 1]! += drop;
  return face;
}

const faces = [faceWith(0, 0), faceWith(0.15, 0.35), faceWith(-0.08, 0), faceWith(0, 0.7)];

let folder: string;
let photos: string;
let net: EmotionNet;
let reader: FaceReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-analyze-"));
  photos = join(folder, "photos");
  await mkdir(photos);
  net = await EmotionNet.load(randomModel(5));
  reader = await FaceReader.create();
  for (const [index, face] of faces.entries()) {
    await writePhoto(join(photos, `${index + 1}.jpg`), await drawPortrait(face, { seed: index }));
  }
  await writePhoto(join(photos, "5-none.png"), {
    width: 300,
    height: 200,
    data: new Uint8Array(180_000).fill(120),
  });
  await writeFile(join(photos, "6-text.jpg"), "this is no picture");
  const whole = await readFile(join(photos, "1.jpg"));
  await writeFile(join(photos, "7-cut.jpg"), whole.subarray(0, whole.length / 2));
  const cells = [0, 1].map((seed) => ({ seed, caption: "" }));
  const two = await Promise.all(
    cells.map(async ({ seed }) => ({ image: await drawPortrait(faces[0]!, { seed }), caption: "" })),
  );
  await writePhoto(join(photos, "8-two.webp"), await contactSheet(two, { title: "", columns: 2 }));
});

afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true });
});

async function results(sources: string | string[], options: AnalyzeOptions = {}): Promise<SourceResult[]> {
  const all: SourceResult[] = [];
  for await (const result of analyze(sources, { model: net, reader, ...options })) all.push(result);
  return all;
}

describe("analyze", () => {
  it("gives every photo of a folder one line, in order, good or bad", async () => {
    const all = await results(photos);
    const summary = all.map(({ source, faces, error }) => [
      basename(source),
      faces.length,
      error?.code ?? "ok",
    ]);
    expect(summary).toEqual([
      ["1.jpg", 1, "ok"],
      ["2.jpg", 1, "ok"],
      ["3.jpg", 1, "ok"],
      ["4.jpg", 1, "ok"],
      ["5-none.png", 0, "ok"],
      ["6-text.jpg", 0, "photo-format"],
      ["7-cut.jpg", 0, "photo-damaged"],
      ["8-two.webp", 2, "ok"],
    ]);
  });

  it("finds the drawn points, and its answer is the classifier's answer for them", async () => {
    const all = await results(faces.map((_, index) => join(photos, `${index + 1}.jpg`)));
    for (const [index, { width, height, faces: found }] of all.entries()) {
      expect([width, height, found.length]).toEqual([512, 512, 1]);
      const { landmarks, box, score, pose, ...answer } = found[0]!;
      const drawn = portraitSvg(faces[index]!).landmarks;
      const eyes = Math.hypot(drawn[90]! - drawn[72]!, drawn[91]! - drawn[73]!);
      const apart = landmarks.map(([x, y], point) =>
        Math.hypot(x - drawn[2 * point]!, y - drawn[2 * point + 1]!),
      );
      const error = apart.reduce((sum, value) => sum + value, 0) / apart.length / eyes;
      expect(error, `face ${index}`).toBeLessThan(0.06);
      expect(score).toBeGreaterThan(0.75);
      expect(Math.abs(pose.roll)).toBeLessThan(5);
      expect(box.width).toBeGreaterThan(eyes);
      expect(answer).toEqual(net.classify(landmarks));
      const sum = EXPRESSIONS.reduce((total, name) => total + answer.probabilities[name]!, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it("sees an open mouth open and raised brows raised", async () => {
    const [plain, surprised, , screaming] = await results(
      faces.map((_, index) => join(photos, `${index + 1}.jpg`)),
    );
    const gap = (result: SourceResult | undefined) => {
      const { landmarks } = result!.faces[0]!;
      return landmarks[66]![1] - landmarks[62]![1];
    };
    const brow = (result: SourceResult | undefined) => {
      const { landmarks } = result!.faces[0]!;
      return landmarks[37]![1] - landmarks[19]![1];
    };
    expect(gap(plain)).toBeLessThan(6);
    expect(gap(surprised)).toBeGreaterThan(15);
    expect(gap(screaming)).toBeGreaterThan(1.4 * gap(surprised));
    expect(brow(surprised)).toBeGreaterThan(brow(plain) + 4);
  });

  it("makes the same bytes again, however many photos are held at a time", async () => {
    const lines = async (concurrency: number) =>
      (await results(photos, { concurrency })).map((result) => formatJsonLine(result)).join("");
    const first = await lines(1);
    expect(await lines(3)).toBe(first);
    expect(first.trimEnd().split("\n").length).toBe(8);
  });

  it("accounts for files of landmarks, set by set", async () => {
    const path = join(folder, "points.json");
    const flat = Array.from(faces[1]!);
    const missing = [...flat.slice(0, 20), null, ...flat.slice(21)];
    await writeFile(path, JSON.stringify([flat, flat.slice(0, 134), missing, flat.map(() => 1)]));
    const all = await results([path, join(photos, "1.jpg")]);
    expect(all.map(({ frame, faces, error }) => [frame, faces.length, error?.code ?? "ok"])).toEqual([
      [0, 1, "ok"],
      [1, 0, "landmarks-count"],
      [2, 0, "landmarks-not-finite"],
      [3, 0, "landmarks-degenerate"],
      [0, 1, "ok"],
    ]);
    const { expression, probabilities } = net.classify(faces[1]!);
    expect(all[0]!.faces[0]).toMatchObject({ expression, probabilities });
    expect(Math.abs(all[0]!.faces[0]!.pose.roll)).toBeLessThan(0.5);
  });

  it("tells the roll of landmarks turned clockwise", async () => {
    const [sine, cosine] = [Math.sin(Math.PI / 6), Math.cos(Math.PI / 6)];
    const turned = Array.from({ length: 68 }, (_, point) => {
      const [x, y] = [MEAN_SHAPE[2 * point]!, MEAN_SHAPE[2 * point + 1]!];
      return [x * cosine - y * sine, x * sine + y * cosine];
    });
    await writeFile(join(folder, "turned.json"), JSON.stringify(turned));
    const [result] = await results(join(folder, "turned.json"));
    expect(result!.faces[0]!.pose.roll).toBeCloseTo(30, 2);
  });

  it("has error lines for what is not there, and still does the rest", async () => {
    const all = await results([
      join(folder, "absent.jpg"),
      `${folder}/*.gif`,
      join(photos, "2.jpg"),
      `${folder}/no.json`,
    ]);
    expect(all.map(({ error, faces }) => [error?.code, faces.length])).toEqual([
      ["file-not-found", 0],
      ["no-photos", 0],
      [undefined, 1],
      ["file-not-found", 0],
    ]);
  });

  it("refuses a model that is not there before it looks at anything", async () => {
    await expect(results(photos, { model: join(folder, "absent.safetensors") })).rejects.toMatchObject({
      code: "model-not-found",
    });
  });

  it("reports every input as done, and stops when told to", async () => {
    const done: string[] = [];
    const stop = new AbortController();
    const seen: SourceResult[] = [];
    const run = async () => {
      const options: AnalyzeOptions = {
        model: net,
        reader,
        signal: stop.signal,
        onProgress: ({ done: count, total, label }) => done.push(`${count}/${total} ${basename(label)}`),
      };
      for await (const result of analyze(photos, options)) {
        seen.push(result);
        if (seen.length === 3) stop.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "interrupted" });
    expect(seen.length).toBe(3);
    expect(done).toEqual(["1/8 1.jpg", "2/8 2.jpg", "3/8 3.jpg"]);
  });
});

describe("analyze with annotate", () => {
  it("writes one picture for one photo", async () => {
    const target = join(folder, "annotated.png");
    await results(join(photos, "1.jpg"), { annotate: target });
    const [annotated, photo] = [await readPhoto(target), await readPhoto(join(photos, "1.jpg"))];
    expect([annotated.width, annotated.height]).toEqual([photo.width, photo.height]);
    expect(
      annotated.data.filter((value, at) => Math.abs(value - photo.data[at]!) > 60).length,
    ).toBeGreaterThan(2000);
  });

  it("makes a folder for several, numbers equal names and leaves out what could not be read", async () => {
    const target = join(folder, "made", "here");
    const other = join(folder, "other");
    await mkdir(other);
    await copyFile(join(photos, "2.jpg"), join(other, "1.jpg"));
    await results([photos, other], { annotate: target });
    expect((await readdir(target)).sort()).toEqual([
      "1-2.jpg",
      "1.jpg",
      "2.jpg",
      "3.jpg",
      "4.jpg",
      "5-none.png",
      "8-two.webp",
    ]);
  });

  it("never writes over a photo it reads", async () => {
    const own = join(folder, "own");
    await mkdir(own);
    await copyFile(join(photos, "1.jpg"), join(own, "a.jpg"));
    const before = await readFile(join(own, "a.jpg"));
    await results(own, { annotate: own });
    expect((await readdir(own)).sort()).toEqual(["a-2.jpg", "a.jpg"]);
    await expect(results(join(own, "a.jpg"), { annotate: join(own, "a.jpg") })).rejects.toMatchObject({
      code: "file-unwritable",
    });
    expect(await readFile(join(own, "a.jpg"))).toEqual(before);
  });

  it.each([
    ["a picture file for several photos", "one.png", "usage"],
    ["a folder inside a file", "photos/1.jpg/out", "file-unwritable"],
    ["a file in a folder that is not there", "absent/one.png", "file-unwritable"],
  ])("refuses %s before any work", async (_, target, code) => {
    const sources = code === "usage" ? photos : join(photos, "1.jpg");
    const seen: SourceResult[] = [];
    const run = async () => {
      for await (const result of analyze(sources, { model: net, reader, annotate: join(folder, target) }))
        seen.push(result);
    };
    await expect(run()).rejects.toMatchObject({ name: "EmotionNetError", code });
    expect(seen).toEqual([]);
  });
});
