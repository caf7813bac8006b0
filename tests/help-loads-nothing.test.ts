import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const command = fileURLToPath(new URL("../packages/cli/bin/emotionnet.js", import.meta.url));

/** Told of every module that is loaded; prints its address, marked, to stderr. */
const hook = `
  import { writeSync } from "node:fs";
  export async function load(url, context, next) {
    writeSync(2, "loaded " + url + "\\n");
    return next(url, context);
  }`;
const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const preload = asUrl(
  `import { register } from "node:module"; register(${JSON.stringify(asUrl(hook))});
   process.on("exit", () => console.error("libraries " + process.report.getReport().sharedObjects.join(" ")));`,
);

async function modulesOf(
  ...args: string[]
): Promise<{ modules: string[]; libraries: string; stdout: string }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    "--import",
    preload,
    command,
    ...args,
  ]);
  const lines = stderr.split("\n");
  const modules = lines.filter((line) => line.startsWith("loaded ")).map((line) => line.slice(7));
  return { modules, libraries: lines.find((line) => line.startsWith("libraries ")) ?? "", stdout };
}

const ENGINES = /onnxruntime|sharp|default-model|packages\/(onnx|train|vision|media|analyze)\//;

it.each([[["--help"]], [["benchmark", "--help"]], [["--version"]]])(
  "emotionnet %j loads no engine",
  async (args) => {
    const { modules, libraries, stdout } = await modulesOf(...args);
    expect(stdout).not.toBe("");
    expect(modules.some((url) => url.includes("packages/cli/dist/"))).toBe(true);
    expect(modules.filter((url) => ENGINES.test(url))).toEqual([]);
    expect(libraries).toMatch(/libc/);
    expect(libraries).not.toMatch(/onnxruntime|sharp|vips/);
  },
  60_000,
);

it("sees the modules of a command that works", async () => {
  const { modules } = await modulesOf("benchmark", "--batch", "1", "--duration", "0.05");
  expect(modules.some((url) => ENGINES.test(url))).toBe(true);
}, 60_000);
