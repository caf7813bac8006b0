/**
 * Writes what sources cannot hold by hand: the compiled kernels of core and onnx, and core's default model, as base64 text.
 * Compiled kernels are compared with the hashes that were accepted; `--update` accepts new ones.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compileKernel, KERNELS, type Kernel, sha256 } from "./compile-kernel.ts";

// Compiled, this file lies in scripts/dist.
const packages = fileURLToPath(new URL("../../..", import.meta.url));
const defaultModel = join(packages, "../models/default/emotionnet.safetensors");

/** Writes `PATH.generated.ts` with one constant, unless it is the same already (so that tsc has nothing to redo). */
function writeGenerated(path: string, constant: string, comment: string, bytes: Uint8Array): string {
  const file = `${path}.generated.ts`;
  const base64 = Buffer.from(bytes).toString("base64");
  const text = `/** ${comment} Written by packages/core/scripts/build-kernel.ts. */\nexport const ${constant}: string =\n  "${base64}";\n`;
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  return `${relative(process.cwd(), file)} (${bytes.length} bytes)`;
}

/** Compares the binary with what was committed, or accepts it. */
function checkHash(kernel: Kernel, binary: Uint8Array): void {
  const hashFile = join(packages, kernel.package, kernel.hashFile);
  const hash = sha256(binary);
  if (process.argv.includes("--update")) writeFileSync(hashFile, `${hash}\n`);
  const committed = existsSync(hashFile) ? readFileSync(hashFile, "utf8").trim() : "";
  if (hash === committed) return;
  console.error(
    `The compiled ${kernel.name} has changed: SHA-256 ${hash}, committed ${committed || "none"}.\n` +
      `If you changed what packages/${kernel.package}/${kernel.entry} is made of, accept it with: npm run build:kernel -w @emotionnet/core -- --update`,
  );
  process.exitCode = 1;
}

for (const kernel of KERNELS) {
  const binary = await compileKernel(kernel, packages);
  checkHash(kernel, binary);
  const path = join(packages, kernel.package, kernel.generated);
  const comment = `WebAssembly of ${kernel.entry}, base64.`;
  console.log(`${kernel.name}: ${writeGenerated(path, kernel.constant, comment, binary)}`);
}
const model = existsSync(defaultModel) ? readFileSync(defaultModel) : new Uint8Array(0);
const comment = "models/default/emotionnet.safetensors in base64; empty when it was not there.";
const modelPath = join(packages, "core/src/default-model");
console.log(`default model: ${writeGenerated(modelPath, "DEFAULT_MODEL", comment, model)}`);
