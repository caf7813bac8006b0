import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { compileKernel, sha256 } from "../packages/core/scripts/compile-kernel.ts";

const core = fileURLToPath(new URL("../packages/core/", import.meta.url));

it("compiles the kernel to the very bytes whose hash is committed", async () => {
  const place = process.cwd();
  // Compiled elsewhere than the build compiles it: paths must not leak into the bytes.
  process.chdir(tmpdir());
  try {
    const committed = readFileSync(join(core, "scripts/kernel.sha256"), "utf8").trim();
    expect(sha256(await compileKernel(core))).toBe(committed);
  } finally {
    process.chdir(place);
  }
});
