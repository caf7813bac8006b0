/** The command as a user sees it: every sub-command on real files, its streams and its exit status. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { readPhoto } from "@emotionnet/media";
import { readOnnx } from "@emotionnet/onnx";
import { readDataset, recordPaths } from "@emotionnet/train";
import { beforeAll, describe, expect, test } from "vitest";
import {
  commandPath,
  drawFace,
  outcome,
  repository,
  runCommand,
  startCommand,
  temporaryFolder,
  tinySpec,
  trainTinyModel,
} from "./cli-support.ts";

const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const run = (...args: string[]) => runCommand(args, folder);
const model = "results/model.safetensors";

beforeAll(async () => {
  await trainTinyModel(folder);
  await drawFace(inFolder("face.png"));
});

describe("help and version", () => {
  test("every sub-command has help with an example", async () => {
    const { stdout, status } = await run("--help");
    expect(status).toBe(0);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) (\[|<)/gm)].map(([, name]) => name!);
    expect(names).toEqual(
      expect.arrayContaining(["analyze", "demo", "inspect", "synth", "train", "evaluate", "export"]),
    );
    for (const name of names.filter((each) => each !== "help")) {
      const help = await run(name, "--help");
      expect(help).toMatchObject({ status: 0, stderr: "" });
      expect(help.stdout).toContain(`Examples:\n  $ emotionnet ${name}`);
    }
  });

  test("the version is the package's", async () => {
    const { version } = JSON.parse(await readFile(join(repository, "packages/cli/package.json"), "utf8"));
    expect(await run("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("help loads no engine, work does", async () => {
    const engines = `Object.keys(require.cache).filter((name) => /onnxruntime-node|sharp/.test(name)).length`;
    await writeFile(inFolder("hook.cjs"), `process.on("exit", () => console.error("engines", ${engines}));`);
    const enginesOf = async (...args: string[]) => {
      const child = spawn(process.execPath, ["-r", inFolder("hook.cjs"), commandPath, ...args], {
        cwd: folder,
      });
      return Number(/engines (\d+)/.exec((await outcome(child)).stderr)![1]);
    };
    expect(await enginesOf("--help")).toBe(0);
    expect(await enginesOf("analyze", "-m", model, "face.png")).toBeGreaterThan(0);
  });
});

describe("analyze", () => {
  const analyze = (...args: string[]) => run("analyze", "-m", model, ...args);

  test("JSON lines, JSON and CSV hold the same answer", async () => {
    const line = JSON.parse((await analyze("face.png", "-f", "jsonl")).stdout);
    expect(line).toMatchObject({ source: "face.png", frame: 0, time: 0, width: 320, height: 320 });
    const [face] = line.faces;
    expect(Object.keys(face.probabilities)).toEqual([...EXPRESSIONS]);
    expect(face.landmarks).toHaveLength(68);
    expect(JSON.parse((await analyze("face.png", "-f", "json")).stdout)).toEqual([line]);
    const [header, row] = (await analyze("face.png", "-f", "csv")).stdout
      .split("\r\n")
      .map((text) => text.split(","));
    expect(row![header!.indexOf("expression")]).toBe(face.expression);
    expect(Number(row![header!.indexOf("confidence")])).toBe(face.confidence);
  });

  test("presets place the points of one face a little differently", async () => {
    const landmarks = new Map<string, [number, number][]>();
    for (const preset of ["fast", "balanced", "accurate"]) {
      const { stdout } = await analyze("face.png", "-f", "jsonl", "--preset", preset);
      landmarks.set(preset, JSON.parse(stdout).faces[0].landmarks);
    }
    const balanced = landmarks.get("balanced")!;
    for (const preset of ["fast", "accurate"]) {
      const apart = landmarks
        .get(preset)!
        .map(([x, y], point) => Math.hypot(x - balanced[point]![0], y - balanced[point]![1]));
      expect(Math.max(...apart)).toBeGreaterThan(0);
      expect(Math.max(...apart)).toBeLessThan(8);
    }
    const refused = await analyze("face.png", "--preset", "best");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("fast, balanced, accurate");
  });

  test("the table is plain text without colours or progress when it is no terminal", async () => {
    const result = await analyze("face.png");
    expect(result.stderr).toBe("");
    expect(result.stdout).toMatch(/^source .*confidence.*\nface\.png +1 /);
    expect(result.stdout).not.toContain("\x1b");
  });

  test("annotated copies are pictures of the same size", async () => {
    const result = await analyze("face.png", "--annotate", "marked");
    expect(result.stderr).toBe("Annotated copies are in marked.\n");
    const [before, after] = [
      await readPhoto(inFolder("face.png")),
      await readPhoto(inFolder("marked/face.png")),
    ];
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    expect(Buffer.compare(after.data, before.data)).not.toBe(0);
  });

  test("a reader that goes away ends the command quietly", async () => {
    const child = startCommand(
      ["analyze", "-m", model, "-f", "jsonl", ...Array(40).fill("face.png")],
      folder,
    );
    child.stdout!.destroy();
    const { stderr, status } = await outcome(child);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });
});

describe("from nothing to a deployable model", () => {
  test("synth writes the same set for the same seed, and another for another", async () => {
    const make = async (name: string, seed: string) => {
      const args = ["--persons", "10", "--samples", "12", "--seed", seed];
      expect((await run("synth", "-o", "sets", "--name", name, ...args)).status).toBe(0);
      return readFile(recordPaths(inFolder("sets"), name).train);
    };
    const first = await make("a", "1");
    expect(Buffer.compare(first, await make("b", "1"))).toBe(0);
    expect(Buffer.compare(first, await make("c", "2"))).not.toBe(0);
  });

  test("evaluate prints the table and writes reports that agree with its JSON", async () => {
    const args = ["evaluate", "-m", model, "-e", "tiny.yaml"];
    const table = await run(...args);
    expect(table.stdout.split("\n")[0]).toBe("tiny on tiny/test.tfrecords (simulated)");
    const json = JSON.parse((await run(...args, "-r", "reports", "--json")).stdout);
    const { count } = await readDataset(recordPaths(inFolder("data"), "tiny").test, EXPRESSIONS);
    expect(json.total).toBe(count);
    expect(JSON.parse(await readFile(inFolder("reports/evaluation.json"), "utf8"))).toEqual(json);
    expect(table.stdout).toContain(await readFile(inFolder("reports/eval_results.txt"), "utf8"));
  });

  test("export writes the ONNX file, and inspect shows the same metadata in both", async () => {
    expect(await run("export", "-m", model, "-o", "tiny.onnx")).toMatchObject({ status: 0, stderr: "" });
    const graph = readOnnx(await readFile(inFolder("tiny.onnx")));
    expect([graph.inputs[0]!.name, graph.outputs[0]!.name]).toEqual([
      "input_landmarks:0",
      "softmax/Softmax:0",
    ]);
    const [trained, deployed] = await Promise.all(
      [model, "tiny.onnx"].map(async (file) => JSON.parse((await run("inspect", file, "--json")).stdout)),
    );
    for (const key of ["name", "spec", "licence", "dataSources", "metrics", "hashes", "temperature"]) {
      expect(deployed[key]).toEqual(trained[key]);
    }
    const text = await run("inspect", model);
    expect(text.stdout).toMatch(/^tiny\n/);
    expect(text.stdout).toContain("136-16-8-6");
  });

  test("the original's flags are understood or left out with a notice", async () => {
    const flags = ["--gpus", "2", "-ll", "DEBUG", "-k", "nvidia_tlt"];
    const result = await run("train", "-e", "tiny.yaml", "-r", "again", ...flags);
    expect(result.status).toBe(0);
    for (const flag of ["--gpus", "-ll"]) expect(result.stderr).toContain(`note: ${flag} is left out: `);
    expect(existsSync(inFolder("again/model.tlt"))).toBe(true);
  });

  test("Ctrl-C ends training with 130 and whole files, and --resume goes on", async () => {
    await writeFile(inFolder("long.yaml"), tinySpec.replace("num_epoch: 2", "num_epoch: 100000"));
    const child = startCommand(["train", "-e", "long.yaml", "-r", "long"], folder);
    const result = outcome(child);
    child.stderr!.on("data", (text: string) => {
      if (text.includes("Epoch 2/") && !child.killed) child.kill("SIGINT");
    });
    const { status, stderr } = await result;
    expect(status).toBe(130);
    expect(stderr).not.toMatch(/\n\s+at /);
    const left = (await readdir(inFolder("long"))).filter(
      (name) => !/^model\.step-\d+\.safetensors$/.test(name),
    );
    expect(left.sort()).toEqual([
      "checkpoint.safetensors",
      "events",
      "experiment_spec.yaml",
      "metrics.jsonl",
      "validation.log",
    ]);
    const resumed = startCommand(["train", "-e", "long.yaml", "-r", "long", "--resume"], folder);
    const again = outcome(resumed);
    let first = "";
    resumed.stderr!.on("data", (text: string) => {
      first += text;
      if (/Epoch \d+\//.test(first) && !resumed.killed) resumed.kill("SIGINT");
    });
    expect((await again).status).toBe(130);
    const [epoch] = /(?<=Epoch )\d+(?=\/)/.exec(first)!;
    expect(Number(epoch)).toBeGreaterThan(2);
  });
});
