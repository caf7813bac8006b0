/** The house keeps its order: arrows between packages point one way, and no file grows past what a reader can hold. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** What each package may import; everything else is an arrow that points back. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  onnx: ["core"],
  train: ["core", "onnx"],
  vision: ["core", "onnx"],
  media: ["core"],
  analyze: ["core", "vision", "media"],
  cli: ["core", "onnx", "train", "vision", "media", "analyze"],
};
const mostLines = 500;

interface Source {
  readonly path: string;
  readonly text: string;
  /** What it imports, as written. */
  readonly imports: readonly string[];
}

function sourcesOf(folder: string): Source[] {
  const names = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /\.(ts|mjs|js)$/.test(name) && !/node_modules|dist|\.generated\./.test(name))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(repository, path), "utf8");
      const imports = [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*"([^"]+)"/gm)].map(([, to]) => to!);
      return { path, text, imports };
    });
}

const packages = readdirSync(join(repository, "packages"));

describe("arrows between packages", () => {
  test("every package has its list", () => {
    expect([...packages].sort()).toEqual(Object.keys(mayImport).sort());
  });

  test.each(packages)("%s imports only what it may, by package name", (name) => {
    const allowed = [...mayImport[name]!, name];
    const wrong = sourcesOf(`packages/${name}/src`).flatMap(({ path, imports }) =>
      imports
        .filter((target) => {
          const own = /^@emotionnet\/([a-z]+)/.exec(target)?.[1];
          return own !== undefined ? !allowed.includes(own) : target.includes("packages/");
        })
        .map((target) => `${path}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test("core stands alone: no dependency, no Node", () => {
    const manifest = JSON.parse(readFileSync(join(repository, "packages/core/package.json"), "utf8"));
    expect(manifest.dependencies ?? {}).toEqual({});
    const outside = sourcesOf("packages/core/src")
      .filter(({ path }) => !/\.test\.ts$|\/testing\//.test(path))
      .flatMap(({ path, imports }) =>
        imports.filter((target) => !target.startsWith(".")).map((target) => `${path}: ${target}`),
      );
    expect(outside).toEqual([]);
  });

  test("what a package imports is in its manifest", () => {
    const missing = packages.flatMap((name) => {
      const manifest = JSON.parse(readFileSync(join(repository, "packages", name, "package.json"), "utf8"));
      const known = [
        ...Object.keys(manifest.dependencies ?? {}),
        ...Object.keys(manifest.devDependencies ?? {}),
      ];
      return sourcesOf(`packages/${name}/src`)
        .filter(({ path }) => !path.endsWith(".test.ts") && !path.includes("/testing"))
        .flatMap(({ path, imports }) =>
          imports
            .filter((target) => /^@?[a-z]/.test(target) && !target.startsWith("node:"))
            .map((target) =>
              target
                .split("/")
                .slice(0, target.startsWith("@") ? 2 : 1)
                .join("/"),
            )
            .filter((target) => !known.includes(target))
            .map((target) => `${path}: ${target}`),
        );
    });
    expect(missing).toEqual([]);
  });
});

test(`no file is longer than ${mostLines} lines`, () => {
  const folders = ["packages", "tests", "scripts"];
  const long = folders
    .flatMap(sourcesOf)
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > mostLines);
  expect(long).toEqual([]);
});
