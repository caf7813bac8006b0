import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The order of the house: who may import whom, and how long a file may be. */

const root = fileURLToPath(new URL("../", import.meta.url));
const EVERYTHING = [
  "core",
  "files",
  "onnx",
  "train",
  "vision",
  "media",
  "analyze",
  "publish",
  "jobs",
  "server",
  "studio",
];

/** Packages of this repository that each package may import. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  files: [],
  onnx: ["core"],
  train: ["core", "files", "onnx"],
  vision: ["core", "onnx"],
  media: ["core", "files"],
  analyze: ["core", "vision", "media"],
  publish: ["core", "analyze"],
  jobs: ["core", "analyze"],
  server: ["core", "analyze"],
  studio: ["core", "vision", "onnx"],
  cli: EVERYTHING,
};

const MAXIMUM_LINES = 500;

interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** Specifiers of all static, side-effect and literal dynamic imports and re-exports. */
function importsOf(text: string): string[] {
  const pattern = /\bfrom\s+["']([^"']+)["']|^\s*import\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
  return [...code.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** What a file imports and may not, in words. */
function forbiddenImports({ path, text }: SourceFile, manifest: Manifest): string[] {
  const packageName = path.split("/")[1]!;
  const isTest = path.endsWith(".test.ts");
  return importsOf(text).flatMap((specifier) => {
    const problem = specifier.startsWith(".")
      ? relativeProblem(path, packageName, specifier)
      : isTest
        ? undefined
        : packageProblem(packageName, specifier, manifest);
    return problem ? [`${path}: "${specifier}" ${problem}`] : [];
  });
}

function relativeProblem(path: string, packageName: string, specifier: string): string | undefined {
  const target = join(dirname(path), specifier).replaceAll("\\", "/");
  if (!target.startsWith(`packages/${packageName}/`)) return "leaves its package";
  return undefined;
}

function packageProblem(packageName: string, specifier: string, manifest: Manifest): string | undefined {
  const own = /^@emotionnet\/([^/]+)(\/.+)?$/.exec(specifier);
  if (own) {
    const [, target, door = ""] = own;
    if (!ALLOWED[packageName]?.includes(target!)) return `is no arrow from ${packageName}`;
    return `.${door}` in (manifestOf(target!).exports ?? {})
      ? undefined
      : "is no public door of that package";
  }
  if (packageName === "core") return "is an import of core, which has none";
  if (specifier.startsWith("node:")) return undefined;
  if (specifier.startsWith("#")) return manifest.imports?.[specifier] ? undefined : "is not in the manifest";
  const dependency = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const known = { ...manifest.dependencies, ...manifest.optionalDependencies };
  return dependency in known ? undefined : "is no dependency in the manifest";
}

/** All TypeScript and JavaScript files below a folder, without what is installed, built or generated. */
function files(folder: string): SourceFile[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ["node_modules", "dist", "build"].includes(entry.name) ? [] : files(path);
    if (!/\.(ts|mjs|js)$/.test(path) || path.endsWith(".generated.ts")) return [];
    return [{ path, text: readFileSync(join(root, path), "utf8") }];
  });
}

function manifestOf(packageName: string): Manifest {
  const path = join(root, "packages", packageName, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

const sources = files("packages").filter(({ path }) =>
  /^packages\/[^/]+\/src\/(?!kernel\/assembly\/)/.test(path),
);

describe("the arrows between packages", () => {
  it("are those of the design", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((file) => forbiddenImports(file, manifestOf(file.path.split("/")[1]!)))).toEqual(
      [],
    );
  });

  it("are known for every package", () => {
    const packages = new Set(sources.map(({ path }) => path.split("/")[1]!));
    expect([...packages].filter((name) => !(name in ALLOWED))).toEqual([]);
  });

  it.each([
    ["core", 'import { readFile } from "node:fs/promises";'],
    ["core", 'import sharp from "sharp";'],
    ["core", 'export * from "@emotionnet/onnx";'],
    ["media", 'import type { Face } from "@emotionnet/vision";'],
    ["train", 'const vision = await import("@emotionnet/vision");'],
    ["vision", 'import {\n  train,\n} from "@emotionnet/train";'],
    ["onnx", 'import { EmotionNet } from "../../core/src/index.ts";'],
    ["onnx", 'import "left-pad";'],
    ["media", 'import { bestRotation } from "@emotionnet/vision/geometry";'],
    ["analyze", 'import { x } from "@emotionnet/core/dist/errors.js";'],
    ["analyze", 'import { Publisher } from "@emotionnet/publish";'],
  ])("would be found broken in %s by %s", (packageName, text) => {
    expect(forbiddenImports({ path: `packages/${packageName}/src/x.ts`, text }, {})).toHaveLength(1);
  });
});

describe("core", () => {
  it("is compiled without the types of DOM and Node, so that it cannot name their globals", () => {
    const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8")).compilerOptions;
    const options = { ...read("tsconfig.base.json"), ...read("packages/core/tsconfig.json") };
    expect(options.lib).toEqual(["es2023"]);
    expect(options.types).toEqual([]);
  });

  it("reaches the platform through one file", () => {
    const core = sources.filter(
      ({ path }) => path.startsWith("packages/core/") && !path.endsWith(".test.ts"),
    );
    const reaching = core.filter(({ text }) =>
      /\bglobalThis\b|@ts-(ignore|expect-error|nocheck)|<reference/.test(text),
    );
    expect(reaching.map(({ path }) => path)).toEqual(["packages/core/src/platform.ts"]);
  });

  it("has no dependency", () => {
    expect({ ...manifestOf("core").dependencies, ...manifestOf("core").optionalDependencies }).toEqual({});
  });
});

it(`no file is longer than ${MAXIMUM_LINES} lines`, () => {
  const all = ["packages", "tests", "bench", "scripts", "examples"].flatMap(files);
  const lines = ({ text }: SourceFile) => text.split("\n").length - 1;
  const long = all.filter((file) => lines(file) > MAXIMUM_LINES);
  expect(long.map((file) => `${file.path}: ${lines(file)} lines`)).toEqual([]);
});
