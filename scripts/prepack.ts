/**
 * What npm runs in a package's folder before it packs the package (its script `prepack`). npm packs only what lies in that folder, and
 * no links: what the repository holds once for all packages is copied there, and a package that lacks what it promises is refused.
 */

import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Manifest {
  readonly name: string;
  readonly files: readonly string[];
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly bin?: unknown;
}

/** From the root of the repository; a package gets those that its `files` lists. */
const SHARED = ["LICENSE", "NOTICE", "docs/guide", "docs/reference", "examples/specs"];

// Compiled, this file lies in dist/scripts.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.cwd();
const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

for (const path of SHARED.filter((path) => manifest.files.includes(path))) {
  rmSync(join(folder, path), { recursive: true, force: true });
  cpSync(join(repository, path), join(folder, path), { recursive: true });
}

const missing = promisedBy(manifest).filter((path) => !existsSync(join(folder, path)));
if (missing.length > 0) {
  console.error(
    `Got ${manifest.name} without ${missing.join(", ")}; wanted every file that its package.json names. Run npm run build first.`,
  );
  process.exitCode = 1;
}

/** Paths that are to be packed, and those that `exports`, `imports` and `bin` lead to. */
function promisedBy({ files, exports, imports, bin }: Manifest): string[] {
  const packed = files.filter((path) => !path.startsWith("!"));
  return [...new Set([...packed, ...[exports, imports, bin].flatMap(pathsIn)])];
}

function pathsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.values(value ?? {}).flatMap(pathsIn);
}
