/** A packed package and what its doors lead to. */

import { join } from "node:path/posix";
import { readTarball } from "./read-tarball.ts";

export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface PackedPackage {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Buffer>;
  /** What users may import: `@emotionnet/core/geometry` and the like. */
  readonly doors: readonly string[];
  /** Files that `exports`, `imports` and `bin` name, under every condition. */
  readonly targets: readonly string[];
}

export function openPackage(tarball: string): PackedPackage {
  const files = readTarball(tarball);
  const manifest: Manifest = JSON.parse(files.get("package.json")!.toString());
  const targets = [manifest.exports, manifest.imports, manifest.bin].flatMap(textsIn);
  return {
    manifest,
    files,
    doors: Object.keys(manifest.exports).map((door) => join(manifest.name, door)),
    targets: [...new Set(targets)].map((target) => join(target)),
  };
}

/** Modules and declarations of a package that its targets lead to through imports and addresses relative to a module. */
export function reachedFrom({ files, targets }: PackedPackage): { found: string[]; missing: string[] } {
  const waiting = targets.filter((path) => /\.(js|d\.ts)$/.test(path));
  const found = new Set<string>();
  const missing = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const text = files.get(path)?.toString();
    if (text === undefined) missing.add(path);
    else found.add(path);
    for (const specifier of specifiersOf(text ?? "")) {
      if (!specifier.startsWith(".")) continue;
      const target = join(path, "..", specifier);
      // Declarations name their neighbours by the names of the sources.
      const named = path.endsWith(".d.ts") ? target.replace(/(\.d)?\.ts$/, ".d.ts") : target;
      if (/\.(js|d\.ts)$/.test(named)) waiting.push(named);
      else if (!files.has(named)) missing.add(named);
    }
  }
  return { found: [...found].sort(), missing: [...missing].sort() };
}

/** Names of packages that a file imports. */
export function packagesIn(text: string): string[] {
  const outside = specifiersOf(text).filter((name) => !/^(\.|#|node:)/.test(name));
  return outside.map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}

/** Sources that the source map of a file names, as paths inside the package. */
export function sourcesOf({ files }: PackedPackage, path: string): string[] {
  const map = files.get(`${path}.map`);
  if (!map) return [`${path}.map`];
  const { sources } = JSON.parse(map.toString()) as { sources: string[] };
  return sources.map((source) => join(path, "..", source));
}

function specifiersOf(text: string): string[] {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
  const pattern = /\b(?:from|import|new URL)\s*\(?\s*"([^"\s]+)"/g;
  return [...code.matchAll(pattern)].map(([, specifier]) => specifier!);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Object.values(value ?? {}).flatMap(textsIn);
}
