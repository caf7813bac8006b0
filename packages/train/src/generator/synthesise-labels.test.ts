import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { convertDataset } from "../convert/convert-dataset.ts";
import { readDataset, recordPaths } from "../dataset/dataset-file.ts";
import { synthesise } from "./synthesise.ts";
import { synthesiseLabels } from "./synthesise-labels.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-labels-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const set = {
  setName: "multipie",
  persons: 10,
  samplesPerPerson: 30,
  seed: 3,
  protocol: "multipie",
} as const;

it("dataset_convert makes of the labels the same records as synth makes at once", async () => {
  const { files, labels } = await synthesiseLabels({ ...set, directory: join(folder, "orgData") });
  expect(await readdir(labels)).toHaveLength(files);
  await synthesise({ ...set, directory: join(folder, "direct") });
  const config = {
    ground_truth_folder_suffix: "DataFactory",
    is_filtered: false,
    set_name: "multipie",
    is_datafactory: true,
    org_data_path: join(folder, "orgData"),
    post_data_path: join(folder, "postData"),
    num_keypoints: 68,
    emotion_map: Object.fromEntries(EXPRESSIONS.map((name, id) => [name, id])),
  };
  await convertDataset({ config });
  const converted = recordPaths(join(folder, "postData"), "multipie").test;
  const [direct, again] = [
    await readDataset(recordPaths(join(folder, "direct"), "multipie").test, EXPRESSIONS),
    await readDataset(converted, EXPRESSIONS),
  ];
  const sorted = (dataset: typeof direct) =>
    dataset.names
      .map((name, index) => ({
        name,
        label: dataset.labels[index],
        landmarks: Array.from(dataset.landmarks.subarray(index * 136, index * 136 + 136)),
        occluded: Array.from(dataset.occluded.subarray(index * 68, index * 68 + 68)),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  expect(sorted(again)).toEqual(sorted(direct));
  // Without its card the set would count as one of real faces.
  const card = await readFile(join(folder, "postData/multipie/data-card.json"), "utf8");
  expect(card).toBe(await readFile(join(folder, "orgData/multipie/data-card.json"), "utf8"));
  expect(JSON.parse(card)).toMatchObject({ simulated: true, personsByPart: { all: 10 } });
});

it("replaces simulated labels, never others", async () => {
  const small = { ...set, persons: 3, samplesPerPerson: 6, directory: join(folder, "again") };
  await synthesiseLabels(small);
  expect((await synthesiseLabels({ ...small, samplesPerPerson: 5 })).files).toBe(15);
  const card = JSON.parse(await readFile(join(small.directory, "multipie/data-card.json"), "utf8"));
  expect(card).toMatchObject({ simulated: true, split: "none" });

  const own = join(folder, "own/multipie/data_factory/fiducial");
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "a_b_happy.json"), "[]");
  const refused = synthesiseLabels({ ...small, directory: join(folder, "own") });
  await expect(refused).rejects.toMatchObject({ code: "dataset-exists" });
  expect(await readdir(own)).toEqual(["a_b_happy.json"]);
});
