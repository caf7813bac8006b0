/**
 * Writes what the sources of core cannot hold by hand: the compiled kernel and the default model, both as base64 text.
 * The compiled kernel is compared with the hash in scripts/kernel.sha256; `--update` accepts a new one.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), "..");
const hashFile = join(packageFolder, "scripts/kernel.sha256");
const defaultModel = join(packageFolder, "../../models/default/emotionnet.safetensors");

/** The kernel's WebAssembly bytes, compiled in memory. */
export async function compileKernel() {
  let binary;
  const { error, stderr } = await compile(
    [
      "src/kernel/assembly/index.ts",
      ...["--outFile", "kernel.wasm", "-O3", "--noAssert", "--runtime", "stub"],
      ...["--enable", "simd", "--importMemory", "--noExportMemory", "--use", "abort="],
    ],
    {
      readFile: (name, base) => {
        const path = join(packageFolder, base, name);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      },
      writeFile: (_name, content) => {
        binary = content;
      },
    },
  );
  if (error || !binary) throw new Error(`AssemblyScript could not compile the kernel.\n${stderr}`);
  return binary;
}

/** SHA-256 of the kernel that was committed. */
export function committedHash() {
  return existsSync(hashFile) ? readFileSync(hashFile, "utf8").trim() : "";
}

export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Writes `src/NAME.generated.ts` with one constant, unless it is the same already (so that tsc has nothing to redo). */
function writeGenerated(name, constant, comment, bytes) {
  const path = join(packageFolder, "src", `${name}.generated.ts`);
  const base64 = Buffer.from(bytes).toString("base64");
  const text = `/** ${comment} Written by scripts/build-kernel.mjs. */\nexport const ${constant}: string =\n  "${base64}";\n`;
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  return `${relative(process.cwd(), path)} (${bytes.length} bytes)`;
}

async function build() {
  const kernel = await compileKernel();
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
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
