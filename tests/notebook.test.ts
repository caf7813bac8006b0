/** The example notebook runs from top to bottom, and lies in the repository without outputs. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandPath, repository, temporaryFolder } from "./cli-support.ts";
import { hasPythonModules } from "./debian-python.ts";

const path = join(repository, "examples/notebook/emotionnet.ipynb");

interface Output {
  readonly output_type: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: readonly string[];
    readonly execution_count?: number | null;
    readonly outputs?: readonly Output[];
  }[];
}

const readNotebook = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Notebook;

test("the notebook lies here without outputs, in short cells", () => {
  const code = readNotebook(path).cells.filter(({ cell_type }) => cell_type === "code");
  expect(code.length).toBeGreaterThan(8);
  for (const { outputs, execution_count, source } of code) {
    expect({ outputs, execution_count }).toEqual({ outputs: [], execution_count: null });
    expect(source.length).toBeLessThan(60);
  }
});

const jupyter = "/usr/bin/jupyter";
const missing = !existsSync(jupyter) || !hasPythonModules("nbconvert", "ipykernel", "matplotlib");
const title = missing
  ? " (skipped: jupyter-nbconvert, python3-ipykernel or python3-matplotlib is not installed)"
  : "";

describe.skipIf(missing)(`the notebook executed by Jupyter${title}`, () => {
  const folder = temporaryFolder();

  test("trains, evaluates, infers and exports, with its plots", { timeout: 300_000 }, () => {
    const env = {
      ...process.env,
      EMOTIONNET: `"${process.execPath}" "${commandPath}"`,
      EMOTIONNET_WORK: join(folder, "work"),
      IPYTHONDIR: join(folder, "ipython"),
      JUPYTER_DATA_DIR: join(folder, "jupyter"),
    };
    const convert = ["nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=240"];
    const args = [...convert, "--output-dir", folder, "--output", "executed.ipynb", path];
    execFileSync(jupyter, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const outputs = readNotebook(join(folder, "executed.ipynb")).cells.flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    expect(outputs.filter(({ data }) => data?.["image/png"])).toHaveLength(4);
    const said = outputs.flatMap(({ text }) => text ?? []).join("");
    expect(said).toMatch(/Samples: train 2880, validate 360, test 360/);
    expect(said).toMatch(/Best epoch \d+: validation accuracy/);
    expect(said).toMatch(/Weighted_average/);
    expect(said).toMatch(/_051_\d+\.png (neutral|happy|surprise|squint|disgust|scream) /);
    const made = ["emotionnet.etlt", "fp32.onnx", "fp16.onnx", "int8.onnx", "triton/emotionnet/config.pbtxt"];
    for (const file of made) expect([file, existsSync(join(folder, "work", file))]).toEqual([file, true]);
  });
});
