/** The report of `evaluate`, its gates and the cards, as a user sees them. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { readDataset, recordPaths } from "@emotionnet/train";
import { beforeAll, describe, expect, test } from "vitest";
import {
  outcome,
  repository,
  runCommand,
  startCommand,
  temporaryFolder,
  trainTinyModel,
} from "./cli-support.ts";

const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const run = (...args: string[]) => runCommand(args, folder);
const evaluate = (...args: string[]) =>
  run("evaluate", "-m", "results/model.safetensors", "-e", "tiny.yaml", ...args);

beforeAll(() => trainTinyModel(folder));

describe("gates", () => {
  test("that are met end with 0, and each has its line", async () => {
    const { status, stderr } = await evaluate("--gate", "weighted_f1>0.05, persons>=1");
    expect(status).toBe(0);
    expect(stderr).toMatch(/^met {5}weighted_f1 > 0\.05 \(is 0\.\d+\)$/m);
    expect(stderr).toMatch(/^met {5}persons >= 1/m);
  });

  test("that are missed end with 1 after the report", async () => {
    const { status, stdout, stderr } = await evaluate("--gate", "weighted_f1>=0.999,ece<=1", "--json");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^missed {2}weighted_f1 >= 0\.999/m);
    expect(stderr).toMatch(/^met {5}ece <= 1/m);
    expect(JSON.parse(stdout).gate.map(({ isMet }: { isMet: boolean }) => isMet)).toEqual([false, true]);
  });

  test("on what was not measured are missed, and say so", async () => {
    const model = await run("export", "-m", "results/model.safetensors", "-o", "gate.onnx");
    expect(model.status).toBe(0);
    const args = ["evaluate", "-m", "gate.onnx", "-e", "tiny.yaml", "--gate", "abstained<=1", "--json"];
    const { status, stdout, stderr } = await run(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^missed {2}abstained <= 1 \(was not measured\)$/m);
    expect(JSON.parse(stdout).gate).toEqual([
      { name: "abstained", comparison: "<=", limit: 1, isMet: false },
    ]);
  });

  test.each([
    ["missed", "weighted_f1>=0.999", 1],
    ["met", "weighted_f1>=0", 0],
  ])("that are %s decide the status also when the reader goes away", async (_, gate, wanted) => {
    const args = ["evaluate", "-m", "results/model.safetensors", "-e", "tiny.yaml", "--gate", gate];
    const child = startCommand(args, folder);
    child.stdout!.destroy();
    expect((await outcome(child)).status).toBe(wanted);
  });

  test.each([
    ["weighted_f2>=0.9", /perhaps "weighted_f1"/],
    ["nothing>=1", /Known figures: accuracy, .*, each also with _low and _high; aurc, /],
    ["weighted_f1", /wanted conditions like /],
  ])("%s is wrong usage, told before anything is measured", async (gate, message) => {
    const { status, stdout, stderr } = await evaluate("--gate", gate);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error \[usage\]: Got /);
    expect(stderr).toMatch(message);
  });
});

test("attributes of faces become slices with a warning for few persons", async () => {
  const { names } = await readDataset(recordPaths(inFolder("data"), "tiny").test, EXPRESSIONS);
  const rows = names.map((name, at) => `${name},${at % 2 === 0 ? "glasses" : "none"}`);
  await writeFile(inFolder("people.csv"), `frame,eyewear\n${rows.join("\n")}\n`);
  const { status, stdout } = await evaluate("--attributes", "people.csv");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^By eyewear \(simulated\)\n.*\n {2}glasses +30 .*fewer than 30 persons$/m);
  expect(stdout).toMatch(/^warning: Only 2 persons/m);
});

test("attributes of persons reach all their frames", async () => {
  const { names } = await readDataset(recordPaths(inFolder("data"), "tiny").test, EXPRESSIONS);
  const people = [...new Set(names.map((name) => name.split("_")[0]!))];
  await writeFile(
    inFolder("persons.csv"),
    `person,group\n${people.map((one, at) => `${one},g${at}`).join("\n")}\n`,
  );
  const { stdout } = await evaluate("--attributes", "persons.csv");
  expect(stdout).toMatch(
    /^By group \(simulated\)\n.*\n {2}g0 +30 +1 .*fewer than 30 persons\n {2}g1 +30 +1 /m,
  );
});

test("measuring on the training faces is told", async () => {
  const spec = await readFile(inFolder("tiny.yaml"), "utf8");
  const seen = spec.replace(
    "tfrecords_set_id_kpi: [tiny]",
    "tfrecords_set_id_kpi: [tiny], kpi_file_name: train.tfrecords",
  );
  await writeFile(inFolder("seen.yaml"), seen);
  for (const model of ["results/model.safetensors", "gate.onnx"]) {
    const { stdout } = await run("evaluate", "-m", model, "-e", "seen.yaml");
    expect(stdout).toMatch(/^warning: The model was made with .*train\.tfrecords/m);
  }
  expect((await evaluate()).stdout).not.toContain("The model was made with");
});

test("simulated faces stay simulated on their way through label files", async () => {
  const synth = [
    "synth",
    "-o",
    "labels",
    "--name",
    "faces",
    "--persons",
    "10",
    "--samples",
    "30",
    "--labels",
  ];
  expect((await run(...synth)).status).toBe(0);
  const config = {
    ground_truth_folder_suffix: "DataFactory",
    is_filtered: false,
    set_name: "faces",
    is_datafactory: true,
    org_data_path: "labels",
    post_data_path: "converted",
    num_keypoints: 68,
    emotion_map: Object.fromEntries(EXPRESSIONS.map((name, id) => [name, id])),
  };
  await writeFile(inFolder("faces.json"), JSON.stringify(config));
  expect((await run("dataset_convert", "-c", "faces.json")).status).toBe(0);
  const [spec] = (await readFile(inFolder("tiny.yaml"), "utf8")).split("model_card:");
  const plain = spec!.replaceAll("[data]", "[converted]").replaceAll("[tiny]", "[faces]");
  await writeFile(inFolder("faces.yaml"), plain);
  const trained = await run("train", "-e", "faces.yaml", "-r", "faces-results");
  expect(trained.stdout).toMatch(/^Best epoch \d+: validation accuracy .* \(simulated\)$/m);
  const measured = await run("evaluate", "-m", "faces-results/model.safetensors", "-e", "faces.yaml");
  expect(measured.stdout).toMatch(/^emotionnet on faces\/test\.tfrecords \(simulated\)$/m);
  const told = await run("inspect", "faces-results/model.safetensors");
  expect(told.stdout).toContain("simulated.validation.accuracy");
  expect((await run("inspect", "converted/faces")).stdout).toMatch(/^# faces \(simulated\)$/m);
});

test("the results folder holds the page, the figures and both cards", async () => {
  expect((await evaluate("-r", "reports")).status).toBe(0);
  const read = (name: string) => readFile(inFolder(`reports/${name}`), "utf8");
  expect(await read("report.html")).toMatch(/^<!doctype html>/);
  expect(await read("report.txt")).toContain("95 % intervals");
  expect(await read("reliability.svg")).toContain("before scaling");
  expect(await read("risk_coverage.svg")).toContain("Risk and coverage (simulated)");
  expect(await read("model_card.md")).toContain("tiny/test.tfrecords (simulated)");
  expect(await read("data_card.md")).toContain("| simulated: measured | 2 | 60 |");
});

describe("cards", () => {
  test("train leaves both, and inspect shows them", async () => {
    const trained = await readFile(inFolder("results/model_card.md"), "utf8");
    const { status, stdout } = await run("inspect", "results/model.safetensors", "--card");
    expect(status).toBe(0);
    expect(stdout.replace("emotionnet inspect --card", "emotionnet train")).toBe(trained);
    expect(await readFile(inFolder("results/data_card.md"), "utf8")).toContain(
      "| simulated: train | 16 | 480 |",
    );
    const set = await run("inspect", "data/tiny");
    expect(set.stdout).toMatch(/^# tiny \(simulated\)$/m);
    expect((await run("inspect", "data/tiny/data-card.json")).stdout).toBe(set.stdout);
    expect(JSON.parse((await run("inspect", "data/tiny", "--json")).stdout).simulated).toBe(true);
  });

  test("a folder that is no data set is told so", async () => {
    const { status, stderr } = await run("inspect", join(repository, "docs"));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error \[file-not-found\].*no data-card\.json/);
  });
});
