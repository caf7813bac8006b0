/** kill -9 at any moment of training: what is on disk can be loaded, and --resume ends with the weights of an unbroken run. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readModel } from "@emotionnet/core";
import { expect, test } from "vitest";
import { outcome, runCommand, startCommand, temporaryFolder, tinySpec } from "./cli-support.ts";

const folder = temporaryFolder();
const train = (results: string, ...more: string[]) => [
  ...["train", "-e", "spec.yaml", "-r", results, "--threads", "1"],
  ...more,
];

/** Starts training, waits for a number of lines that hold `word`, and some milliseconds more, and kills it. */
async function killAt(args: readonly string[], word: string, count: number, milliseconds: number) {
  const child = startCommand(args, folder);
  const ended = outcome(child);
  let text = "";
  child.stderr!.on("data", (part: string) => {
    text += part;
    if (text.split(word).length > count) setTimeout(() => child.kill("SIGKILL"), milliseconds);
  });
  return ended;
}

test("killed runs go on to equal bytes", async () => {
  await writeFile(
    join(folder, "spec.yaml"),
    tinySpec.replace("num_epoch: 2", "num_epoch: 40\nlog_every_n_secs: 0").replace("[16, 8]", "[96, 48]"),
  );
  const synth = ["synth", "-o", "data", "--name", "tiny", "--persons", "20", "--samples", "30"];
  expect(await runCommand(synth, folder)).toMatchObject({ status: 0 });
  expect(await runCommand(train("whole"), folder)).toMatchObject({ status: 0 });
  const expected = await readFile(join(folder, "whole", "model.safetensors"));

  // In the middle of steps, right where a checkpoint is being written, and again later in the resumed run.
  const moments: [word: string, count: number, milliseconds: number][] = [
    ["epoch = ", 5, 0],
    ["Saving checkpoints", 1, 0],
    ["Saving checkpoints", 2, 3],
    ["epoch = ", 12, 1],
  ];
  let kills = 0;
  for (const [index, moment] of moments.entries()) {
    const more = index === 0 ? [] : ["--resume"];
    const { status } = await killAt(train("killed", ...more), ...moment);
    if (status === null) kills++;
    for (const name of await readdir(join(folder, "killed"))) {
      if (!/^model.*\.safetensors$/.test(name)) continue;
      const bytes = await readFile(join(folder, "killed", name));
      expect(() => readModel(bytes), name).not.toThrow();
    }
  }
  expect(kills).toBe(moments.length);

  const resumed = await runCommand(train("killed", "--resume"), folder);
  expect(resumed, resumed.stderr).toMatchObject({ status: 0 });
  expect(resumed.stderr).toMatch(/Going on in epoch \d+ of 40/);
  expect((await readFile(join(folder, "killed", "model.safetensors"))).equals(expected)).toBe(true);
  const log = (name: string) => readFile(join(folder, name, "validation.log"), "utf8");
  expect(await log("killed")).toBe(await log("whole"));
  const names = (await readdir(join(folder, "killed"))).filter((name) => /\.\d+$/.test(name));
  expect(names).toEqual([]);
});
