/** The original's own command lines on its own kinds of files: everything lands where its users' scripts look for it. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPRESSIONS, readModel } from "@emotionnet/core";
import { isSealed, openModel } from "@emotionnet/train";
import { beforeAll, describe, expect, test } from "vitest";
import { outcome, runCommand, startCommand, temporaryFolder } from "./cli-support.ts";
import { referenceSpec, writeLabelSet } from "./tao-support.ts";

const KEY = "s3cr3t_tlt";
const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const textOf = (name: string) => readFile(inFolder(name), "utf8");
const run = (...args: string[]) => runCommand(args, folder);
const model = "exp1/model.tlt";
const spec = "emotionnet_tlt.yaml";

/** All that the commands of this file have said. */
const said: string[] = [];
async function runTold(...args: string[]) {
  const result = await run(...args);
  said.push(result.stdout, result.stderr);
  return result;
}

beforeAll(async () => {
  await writeLabelSet(folder, "multipie", { classes: EXPRESSIONS });
  await writeFile(inFolder(spec), await referenceSpec(folder, "multipie", 2));
  const convert = await runTold("dataset_convert", "-c", "dataio_config_multipie.json");
  expect(convert, convert.stderr).toMatchObject({ status: 0 });
  const train = await runTold("train", "-e", spec, "-r", "exp1", "-k", KEY, "--gpus", "1");
  expect(train, train.stderr).toMatchObject({ status: 0 });
});

describe("the reference's complete spec with other paths and epochs", () => {
  test("train leaves the original's files, sealed, and logs in its words", async () => {
    const names = (await readdir(inFolder("exp1"))).sort();
    expect(names).toEqual([
      "checkpoint.tlt",
      "data_card.md",
      "events",
      "experiment_spec.yaml",
      "metrics.jsonl",
      "model.step-3.tlt",
      "model.step-6.tlt",
      "model.tlt",
      "model_card.md",
      "validation.log",
    ]);
    for (const name of names.filter((each) => each.endsWith(".tlt"))) {
      expect(isSealed(await readFile(inFolder(`exp1/${name}`))), name).toBe(true);
    }
    expect((await textOf("exp1/validation.log")).split("\n")[0]).toMatch(
      /^best_model@global_step [36] : \d+\.\d+$/,
    );
    expect(await textOf("exp1/experiment_spec.yaml")).toBe(await textOf(spec));
    const log = said.join("");
    for (const line of [
      "note: --gpus is left out: training runs on the processor",
      "Phase: training, num_samples: 192",
      "steps_per_epoch: 3",
      "last_step: 6",
      "Phase: validation, num_samples: 24",
      "epoch = 0.0, loss = ",
      "Saving checkpoints for step-3.",
    ]) {
      expect(log).toContain(line);
    }
  });

  test("evaluate writes the table and a line a sample", async () => {
    const args = ["evaluate", "-m", model, "-r", "exp1/eval", "-e", spec, "-k", KEY, "-type", "kpi_testing"];
    const { status, stdout } = await runTold(...args);
    expect(status).toBe(0);
    const table = await textOf("exp1/eval/eval_results.txt");
    expect(stdout).toContain(table);
    expect(table).toMatch(/^content +precision +recall +f_score +numsamples$/m);
    const [header, ...lines] = (await textOf("exp1/eval/full_results.txt")).trimEnd().split("\n");
    expect(header!.split("\t")).toEqual(["frame", "expression", "answer", "confidence", ...EXPRESSIONS]);
    expect(lines).toHaveLength(24);
    const right = lines.map((line) => line.split("\t")).filter((cells) => cells[1] === cells[2]);
    const accuracy = Number(/^Weighted_average +\S+ +(\S+)/m.exec(table)![1]);
    expect(right.length / lines.length).toBeCloseTo(accuracy, 4);
    for (const line of lines) {
      const [confidence, ...values] = line.split("\t").slice(3).map(Number);
      expect(Math.max(...values)).toBe(confidence);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    }
  });

  test("inference writes a line an image, the same from every form of the model", async () => {
    const labels = inFolder("orgData/multipie/data_factory/fiducial");
    const [first] = (await readdir(labels)).sort();
    const one = ["-e", spec, "-i", join(labels, first!)];
    const result = await runTold("inference", ...one, "-m", model, "-o", "out", "-k", KEY);
    expect(result).toMatchObject({ status: 0 });
    const line = await textOf("out/result.txt");
    const image = `images/${first!.replace(/_[a-z]+\.json$/, ".png")}`;
    expect(line).toMatch(new RegExp(`^${image} (${EXPRESSIONS.join("|")}) \\n$`));
    expect(result.stdout).toBe(line);

    await runTold("inference", "-e", spec, "-i", labels, "-m", model, "-o", "all", "-k", KEY, "-r", "/data");
    const all = await textOf("all/result.txt");
    expect(all.trimEnd().split("\n")).toHaveLength(240);
    expect(all.split("\n")[0]).toBe(`/data/${line.trimEnd()} `);

    const plain = await openModel(await readFile(inFolder(model)), KEY);
    await writeFile(inFolder("plain.safetensors"), plain);
    expect(await run("export", "-m", "plain.safetensors", "-o", "plain.onnx")).toMatchObject({ status: 0 });
    for (const file of ["plain.safetensors", "plain.onnx"]) {
      const other = await run(
        "inference",
        "-e",
        spec,
        "-i",
        labels,
        "-m",
        file,
        "-o",
        `${file}-out`,
        "-r",
        "/data",
      );
      expect(other.stdout, other.stderr).toBe(all);
    }
    const tables = await Promise.all(
      ["plain.safetensors", "plain.onnx"].map(async (file) => {
        const evaluated = await run("evaluate", "-m", file, "-e", spec, "-r", `${file}-out`);
        expect(evaluated, evaluated.stderr).toMatchObject({ status: 0 });
        return textOf(`${file}-out/eval_results.txt`);
      }),
    );
    expect(tables[1]).toBe(tables[0]);
  });

  test("--json adds the probabilities; the key may come from the environment", async () => {
    const labels = inFolder("orgData/multipie/data_factory/fiducial");
    const args = ["inference", "-e", spec, "-i", labels, "-m", model, "-o", "json", "--json"];
    const env = { ...process.env, EMOTIONNET_KEY: KEY };
    const { stdout, status } = await outcome(startCommand(args, folder, env));
    expect(status).toBe(0);
    const faces = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(faces).toHaveLength(240);
    expect(faces[0].probabilities[faces[0].expression]).toBe(faces[0].confidence);
    const lines = faces.map(({ image, expression }) => `${image} ${expression} \n`);
    expect(await textOf("json/result.txt")).toBe(lines.join(""));
  });

  test("export writes the sealed ONNX file, and evaluate gives it the same table", async () => {
    const args = ["export", "-m", model, "-o", "emotionnet_onnx.etlt", "-t", "tfonnx", "-k", KEY];
    const exported = await runTold(...args);
    expect(exported, exported.stderr).toMatchObject({ status: 0 });
    expect(isSealed(await readFile(inFolder("emotionnet_onnx.etlt")))).toBe(true);
    const evaluated = await runTold(
      ...["evaluate", "-m", "emotionnet_onnx.etlt", "-e", spec, "-r", "etlt-out", "-k", KEY],
    );
    expect(evaluated, evaluated.stderr).toMatchObject({ status: 0 });
    expect(await textOf("etlt-out/eval_results.txt")).toBe(await textOf("exp1/eval/eval_results.txt"));
  });

  test("a pretrained model with two frozen layers trains on, as the original's sample spec has it", async () => {
    const text = (await referenceSpec(folder, "multipie", 1))
      .replace("pretrained_model_path: null", `pretrained_model_path: ${inFolder(model)}`)
      .replace("frozen_blocks: 0", "frozen_blocks: 2");
    await writeFile(inFolder("tune.yaml"), text);
    const result = await runTold("train", "-e", "tune.yaml", "-r", "exp2", "-k", KEY);
    expect(result, result.stderr).toMatchObject({ status: 0 });
    const kernelsOf = async (path: string) => {
      const { layers } = readModel(await openModel(await readFile(inFolder(path)), KEY));
      return layers.map(({ kernel }) => Buffer.from(kernel.buffer, kernel.byteOffset, kernel.byteLength));
    };
    const [before, after] = [await kernelsOf(model), await kernelsOf("exp2/model.tlt")];
    expect(after.map((kernel, layer) => kernel.equals(before[layer]!))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("other class lists", () => {
  test("eight classes, l1 and class weights", async () => {
    const classes = ["neutral", "happy", "surprise", "contempt", "disgust", "angry"];
    await writeLabelSet(folder, "ckplus", { classes });
    const all = [...classes, "sad", "fear"];
    const text = (await referenceSpec(folder, "ckplus", 1))
      .replace(/class_list: .*/, `class_list: [${all.join(", ")}]`)
      .replace("num_class: 6", "num_class: 8")
      .replace("regularization_type: l2", "regularization_type: l1")
      .replace("class_weights_dict: None", "class_weights_dict: {neutral: 0.5, 5: 2}");
    await writeFile(inFolder("ckplus.yaml"), text);
    expect(await run("dataset_convert", "-c", "dataio_config_ckplus.json")).toMatchObject({ status: 0 });
    const train = await run("train", "-e", "ckplus.yaml", "-r", "ckplus");
    expect(train, train.stderr).toMatchObject({ status: 0 });
    const { stdout } = await run("inspect", "ckplus/model.safetensors", "--json");
    expect(JSON.parse(stdout).spec.classes).toEqual(all);
    const evaluated = await run("evaluate", "-m", "ckplus/model.safetensors", "-e", "ckplus.yaml");
    expect(evaluated.stdout).toMatch(/^contempt +\d/m);
  });
});

describe("keys", () => {
  const evaluate = (file: string, ...more: string[]) =>
    runTold("evaluate", "-m", file, "-e", spec, "-r", "never", ...more);
  const expectError = (result: { stderr: string; status: number | null }, code: string, hint: string) => {
    expect(result.stderr).toMatch(new RegExp(`^error \\[${code}\\]: .*${hint}`, "m"));
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(result.status).toBe(1);
  };

  test("a missing, a wrong and an empty one each have their sentence", async () => {
    expectError(await evaluate(model), "key-missing", "EMOTIONNET_KEY");
    expectError(await evaluate(model, "-k", `${KEY}x`), "key-wrong", "does not open exp1/model.tlt");
    expectError(await evaluate(model, "-k", ""), "key-missing", "-k");
    expect(await readdir(folder)).not.toContain("never");
  });

  test("damaged and foreign files each have their sentence", async () => {
    const sealed = await readFile(inFolder(model));
    await writeFile(inFolder("short.tlt"), sealed.subarray(0, sealed.length - 1000));
    expectError(await evaluate("short.tlt", "-k", KEY), "sealed-damaged", "cut short");
    await writeFile(inFolder("empty.tlt"), "");
    expectError(await evaluate("empty.tlt", "-k", KEY), "sealed-damaged", "empty");
    const name = Buffer.from("input_landmarks:0");
    const length = Buffer.alloc(4);
    length.writeInt32LE(name.length);
    const noise = Buffer.from(Uint8Array.from({ length: 4000 }, (_, index) => (index * 151) ^ (index >> 3)));
    await writeFile(inFolder("nvidia.etlt"), Buffer.concat([length, name, noise]));
    expectError(await evaluate("nvidia.etlt", "-k", KEY), "model-encrypted", "NVIDIA");
    await writeFile(inFolder("nvidia.tlt"), noise);
    expectError(await evaluate("nvidia.tlt", "-k", KEY), "model-encrypted", "NVIDIA");
    expectError(await run("train", "-e", spec, "-r", "exp1", "--resume"), "key-missing", "checkpoint.tlt");
  });

  test("inspect and analyze open sealed models", async () => {
    const inspected = await runTold("inspect", model, "-k", KEY, "--json");
    expect(JSON.parse(inspected.stdout)).toMatchObject({ kind: "safetensors", sealed: true });
    expectError(await runTold("inspect", model), "key-missing", "-k");
    const face = Array.from({ length: 136 }, (_, index) => (index * 37) % 101);
    await writeFile(inFolder("points.json"), JSON.stringify([face]));
    const analyzed = await runTold("analyze", "points.json", "-m", model, "-k", KEY, "-f", "jsonl");
    expect(analyzed.status).toBe(0);
    expect(Object.keys(JSON.parse(analyzed.stdout).faces[0].probabilities)).toEqual([...EXPRESSIONS]);
  });

  test("a mistyped flag does not show the key", async () => {
    const result = await runTold("train", "-e", spec, "-r", "never", `--keyy=${KEY}`);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("--keyy");
  });

  test("the process list shows no key", async ({ skip }) => {
    if (process.platform !== "linux") skip("/proc exists on Linux only");
    const text = await referenceSpec(folder, "multipie", 10_000);
    await writeFile(inFolder("long.yaml"), text);
    const child = startCommand(["train", "-e", "long.yaml", "-r", "long", "-k", KEY], folder);
    const ended = outcome(child);
    await new Promise<void>((resolve) => {
      child.stderr!.on("data", (part: string) => {
        if (part.includes("Starting training")) resolve();
      });
    });
    const shown = await readFile(`/proc/${child.pid}/cmdline`, "utf8");
    child.kill("SIGKILL");
    await ended;
    expect(shown).toContain("emotionnet");
    expect(shown).not.toContain(KEY);
  });

  test("no output and no file holds the key", async () => {
    expect(said.join("")).not.toContain(KEY);
    for (const place of ["exp1", "exp2", "long"]) {
      for (const entry of await readdir(inFolder(place), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = await readFile(join(entry.parentPath, entry.name));
        expect(bytes.includes(KEY), entry.name).toBe(false);
      }
    }
  });
});

describe("what is wrong is told line by line", () => {
  test("label files: the damaged are told, the others have answers", async () => {
    const labels = inFolder("orgData/multipie/data_factory/fiducial");
    const names = (await readdir(labels)).sort();
    const [first, second] = await Promise.all(
      names.slice(0, 2).map((name) => readFile(join(labels, name), "utf8")),
    );
    await mkdir(inFolder("mixed"));
    await writeFile(inFolder("mixed/a.json"), first!);
    await writeFile(inFolder("mixed/b.json"), second!.replace(/"P3x": .*/, '"P3x": "left",'));
    await writeFile(inFolder("mixed/c.json"), first!.slice(0, 400));
    const args = ["inference", "-e", spec, "-m", "plain.safetensors"];
    const { status, stderr } = await run(...args, "-i", "mixed", "-o", "mixed-out");
    expect(status).toBe(0);
    expect((await textOf("mixed-out/result.txt")).trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/^mixed\/b\.json:\d+ .*P3x: expected .*received "left" \(left out\)$/m);
    expect(stderr).toMatch(/^mixed\/c\.json:\d+: expected/m);
    const none = await run(...args, "-i", "mixed/c.json", "-o", "none-out");
    expect(none.status).toBe(1);
    expect(none.stderr).toMatch(/^error \[dataset-empty\]/m);
    expect(await readdir(folder)).not.toContain("none-out");
  });

  test.each([
    ["num_epoch: 2", "num_epochs: 2", '"num_epochs" on line', 'Did you mean "num_epoch"'],
    [
      "dropout_rate: 0.3",
      "dropout_rate: 30%",
      '"30%" for model.model_parameters.dropout_rate on line',
      "number",
    ],
    ["num_class: 6", "num_class: 7", "num_class 7 with 6 names in class_list on line", "the same number"],
  ])("spec: %s as %s", async (right, wrong, place, wanted) => {
    const text = (await textOf(spec)).replace(right, wrong);
    await writeFile(inFolder("broken.yaml"), text);
    const line = text.split("\n").findIndex((each) => each.includes(wrong)) + 1;
    for (const command of [
      ["train", "-r", "never"],
      ["evaluate", "-m", "plain.safetensors"],
      ["inference", "-m", "plain.safetensors", "-i", "mixed", "-o", "never"],
    ]) {
      const { stderr, status } = await run(...command, "-e", "broken.yaml");
      expect(status).toBe(1);
      expect(stderr).toContain(`${place} ${line} of broken.yaml`);
      expect(stderr).toContain(wanted);
    }
  });

  test("--log_file takes all that would go to the screen, behind what is there", async () => {
    await writeFile(inFolder("all.log"), "before\n");
    const args = ["evaluate", "-m", "plain.safetensors", "-e", spec];
    const shown = await run(...args);
    const logged = await run(...args, "--log_file", "all.log");
    expect(logged).toEqual({ status: 0, stdout: "", stderr: "" });
    const text = await textOf("all.log");
    expect(text.startsWith("before\n")).toBe(true);
    for (const line of (shown.stdout + shown.stderr).split("\n")) expect(text).toContain(line);
    const failed = await run("evaluate", "-m", "nothing.tlt", "-e", spec, "--log_file=all.log");
    expect(failed).toEqual({ status: 1, stdout: "", stderr: "" });
    expect(await textOf("all.log")).toContain("error [model-not-found]");
    const nowhere = await run(...args, "--log_file", "no/folder/a.log");
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toContain("error [file-unwritable]");
  });
});
