/** Compiles the kernels of this workspace; an own file, so that a test can compile them too. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A kernel: one AssemblyScript program, compiled to one WebAssembly binary. */
export interface Kernel {
  readonly name: string;
  /** Folder of its package beside core's. */
  readonly package: string;
  /** The program, from the folder of its package. */
  readonly entry: string;
  /** What else than `simd` the compiler may use of WebAssembly. */
  readonly features: readonly string[];
  /** The file with the hash of the binary that was accepted, from the folder of its package. */
  readonly hashFile: string;
  /** The TypeScript file that holds the binary, without its ending, and the constant in it. */
  readonly generated: string;
  readonly constant: string;
}

const CONVOLUTION = { package: "onnx", entry: "src/simd/assembly/index.ts" } as const;

export const KERNELS: readonly Kernel[] = [
  {
    name: "kernel",
    package: "core",
    entry: "src/kernel/assembly/index.ts",
    features: [],
    hashFile: "scripts/kernel.sha256",
    generated: "src/kernel/kernel-binary",
    constant: "KERNEL_BINARY",
  },
  {
    ...CONVOLUTION,
    name: "convolution kernel",
    features: [],
    hashFile: "src/simd/baseline.sha256",
    generated: "src/simd/baseline-binary",
    constant: "BASELINE_BINARY",
  },
  {
    ...CONVOLUTION,
    name: "convolution kernel with relaxed SIMD",
    features: ["relaxed-simd"],
    hashFile: "src/simd/relaxed.sha256",
    generated: "src/simd/relaxed-binary",
    constant: "RELAXED_BINARY",
  },
];

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
 * A kernel's WebAssembly bytes, compiled in memory.
 * @param packages the folder of all packages; the bytes do not depend on it
 */
export async function compileKernel(kernel: Kernel, packages: string): Promise<Uint8Array> {
  const { main: compile }: Compiler = await import(COMPILER);
  const folder = join(packages, kernel.package);
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compile(
    [
      kernel.entry,
      ...["--outFile", "kernel.wasm", "-O3", "--noAssert", "--runtime", "stub"],
      ...["simd", ...kernel.features].flatMap((feature) => ["--enable", feature]),
      ...["--importMemory", "--noExportMemory", "--use", "abort="],
    ],
    {
      readFile: (name, base) => {
        const path = join(folder, base, name);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      },
      writeFile: (_name, content) => {
        binary = content;
      },
    },
  );
  if (error || !binary) throw new Error(`AssemblyScript could not compile the ${kernel.name}.\n${stderr}`);
  return binary;
}

/** SHA-256 of bytes, in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
