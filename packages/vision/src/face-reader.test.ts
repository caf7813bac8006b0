import { afterAll, beforeAll, expect, test } from "vitest";
import { FaceReader } from "./face-reader.ts";
import { loadModels } from "./models/load-node.ts";

let reader: FaceReader;
beforeAll(async () => {
  reader = await FaceReader.create();
});
afterAll(() => reader.close());

test("a picture without faces is an empty list, whatever its shape", async () => {
  for (const [width, height] of [
    [320, 240],
    [1, 1],
    [700, 3],
  ] as const) {
    const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919) % 256);
    expect(await reader.read({ width, height, data })).toEqual([]);
  }
});

test("pixels that are not three or four bytes each are refused", async () => {
  for (const length of [16, 47, 80]) {
    const image = { width: 4, height: 4, data: new Uint8Array(length) };
    await expect(reader.read(image)).rejects.toMatchObject({ code: "photo-damaged" });
  }
});

test("options out of range and damaged networks are told apart", async () => {
  await expect(FaceReader.create({ preset: "fastest" as "fast" })).rejects.toMatchObject({ code: "usage" });
  await expect(FaceReader.create({ minScore: 0 })).rejects.toMatchObject({ code: "usage" });
  await expect(FaceReader.create({ maxFaces: 1.5 })).rejects.toMatchObject({ code: "usage" });
  const models = await loadModels();
  const cut = { ...models, mesh: models.mesh.subarray(0, 100_000) };
  await expect(FaceReader.create({ models: cut })).rejects.toMatchObject({ code: "onnx-graph" });
});
