/**
 * Writes what the sources of core cannot hold by hand: the compiled kernel and the default model, both as base64 text.
 * The compiled kernel is compared with the hash in scripts/kernel.sha256; `--update` accepts a new one.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compileKernel, sha256 } from "./compile-kernel.ts";

// Compiled, this file lies in scripts/dist.
const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const hashFile = join(packageFolder, "scripts/kernel.sha256");
const defaultModel = join(packageFolder, "../../models/default/emotionnet.safetensors");

/** SHA-256 of the kernel that was committed. */
function committedHash(): string {
  return existsSync(hashFile) ? readFileSync(hashFile, "utf8").trim() : "";
}

/** Writes `src/NAME.generated.ts` with one constant, unless it is the same already (so that tsc has nothing to redo). */
function writeGenerated(name: string, constant: string, comment: string, bytes: Uint8Array): string {
  const path = join(packageFolder, "src", `${name}.generated.ts`);
  const base64 = Buffer.from(bytes).toString("base64");
  const text = `/** ${comment} Written by scripts/build-kernel.ts. */\nexport const ${constant}: string =\n  "${base64}";\n`;
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  return `${relative(process.cwd(), path)} (${bytes.length} bytes)`;
}

const kernel = await compileKernel(packageFolder);
const hash = sha256(kernel);
if (process.argv.includes("--update")) writeFileSync(hashFile, `${hash}\n`);
if (hash !== committedHash()) {
  console.error(
    `The compiled kernel has changed: SHA-256 ${hash}, committed ${committedHash() || "none"}.\n` +
      "If you changed src/kernel/assembly, accept it with: npm run build:kernel -w @emotionnet/core -- --update",
  );
  process.exitCode = 1;
}
const kernelFile = writeGenerated(
  "kernel/kernel-binary",
  "KERNEL_BINARY",
  "WebAssembly of assembly/index.ts, base64.",
  kernel,
);
const model = existsSync(defaultModel) ? readFileSync(defaultModel) : new Uint8Array(0);
const comment = "models/default/emotionnet.safetensors in base64; empty when it was not there.";
const modelFile = writeGenerated("default-model", "DEFAULT_MODEL", comment, model);
console.log(`kernel: ${kernelFile}\ndefault model: ${modelFile}`);
