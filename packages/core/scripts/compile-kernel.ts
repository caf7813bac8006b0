/** Compiles the classifier kernel; an own file, so that a test can compile it too. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What is used of AssemblyScript's compiler. Its own declarations would replace those of `console` and other globals. */
interface Compiler {
  main(
    options: readonly string[],
    files: {
      readFile(name: string, base: string): string | null;
      writeFile(name: string, content: Uint8Array): void;
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
}

const COMPILER: string = "assemblyscript/asc";

/**
 * The kernel's WebAssembly bytes, compiled in memory.
 * @param packageFolder where core lies; the bytes do not depend on it
 */
export async function compileKernel(packageFolder: string): Promise<Uint8Array> {
  const { main: compile }: Compiler = await import(COMPILER);
  let binary: Uint8Array | undefined;
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

/** SHA-256 of bytes, in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
