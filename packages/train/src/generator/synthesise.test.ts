import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { personOf } from "../dataset/dataset.ts";
import { readDataset, recordPaths } from "../dataset/dataset-file.ts";
import { generateFaces } from "./generate-faces.ts";
import { synthesise } from "./synthesise.ts";

describe("synthesise", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "synthesise-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const options = { persons: 30, samplesPerPerson: 12, seed: 5 };

  it("writes the drawn faces, each person in one part, and a card that says so", async () => {
    const made = await synthesise({ ...options, directory, setName: "faces" });
    expect(made).toMatchObject({ train: 288, validate: 36, test: 36 });
    const paths = recordPaths(directory, "faces");
    const parts = await Promise.all(Object.values(paths).map((path) => readDataset(path, EXPRESSIONS)));
    const persons = parts.map((part) => new Set(part.names.map(personOf)));
    expect(persons.map((set) => set.size).reduce((a, b) => a + b)).toBe(30);
    expect(new Set(persons.flatMap((set) => [...set])).size).toBe(30);

    const drawn = generateFaces(options);
    const place = drawn.names.indexOf(parts[1]!.names[0]!);
    const stored = parts[1]!.landmarks.slice(0, 136);
    const wanted = drawn.landmarks.slice(place * 136, (place + 1) * 136);
    for (const [index, value] of stored.entries()) expect(value).toBeCloseTo(wanted[index]!, 3);

    const card = JSON.parse(await readFile(join(made.directory, "data-card.json"), "utf8"));
    expect(card).toMatchObject({ simulated: true, seed: 5, persons: 30, protocol: "wild" });
    expect(card.personsByPart).toEqual({ train: 24, validate: 3, test: 3 });
    expect(card.counts.train).toEqual(Object.fromEntries(EXPRESSIONS.map((name) => [name, 48])));
  });

  it("stops when asked to and writes nothing", async () => {
    const controller = new AbortController();
    const stopped = synthesise({
      ...options,
      persons: 200,
      directory,
      setName: "stopped",
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    await expect(readFile(recordPaths(directory, "stopped").train)).rejects.toThrow();
  });

  it("says when the place cannot be written", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const blocked = synthesise({ ...options, directory: file, setName: "x" });
    await expect(blocked).rejects.toMatchObject({ code: "file-unwritable" });
  });
});
