/** The report of `evaluate`, its gates and the cards, as a user sees them. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { readDataset, recordPaths } from "@emotionnet/train";
import { beforeAll, describe, expect, test } from "vitest";
import { repository, runCommand, temporaryFolder, trainTinyModel } from "./cli-support.ts";

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

  test.each([
    ["weighted_f2>=0.9", /perhaps "weighted_f1"/],
    ["weighted_f1", /Known figures: accuracy, /],
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
