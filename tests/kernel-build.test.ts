import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../packages/core/scripts/build-kernel.mjs", import.meta.url));
const core = fileURLToPath(new URL("../packages/core/", import.meta.url));

it("compiles the kernel to the very bytes whose hash is committed", () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-kernel-"));
  try {
    // Compiled elsewhere than the build compiles it: paths must not leak into the bytes.
    const program = `import { compileKernel, sha256 } from ${JSON.stringify(script)}; console.log(sha256(await compileKernel()));`;
    const hash = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(hash.trim()).toBe(readFileSync(join(core, "scripts/kernel.sha256"), "utf8").trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
