import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { compileKernel, KERNELS, sha256 } from "../packages/core/scripts/compile-kernel.ts";

const packages = fileURLToPath(new URL("../packages/", import.meta.url));

it.each(KERNELS)("compiles the $name to the very bytes whose hash is committed", async (kernel) => {
  const place = process.cwd();
  // Compiled elsewhere than the build compiles it: paths must not leak into the bytes.
  process.chdir(tmpdir());
  try {
    const committed = readFileSync(join(packages, kernel.package, kernel.hashFile), "utf8").trim();
    expect(sha256(await compileKernel(kernel, packages))).toBe(committed);
  } finally {
    process.chdir(place);
  }
});
