/** The packages as users have them: packed by npm, installed into a project outside of the repository, and used there. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build, createServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../browser/chromium.ts";
import { drawFace, repository, runCommand, temporaryFolder, tinySpec } from "../cli-support.ts";
import { registryAnswers, runShell, shell } from "./npm.ts";
import { openPackage, type PackedPackage, packagesIn, reachedFrom, sourcesOf } from "./packed-package.ts";
import { answerOf, writePage } from "./page.ts";

const SLOW = 300_000;
const folder = temporaryFolder();
const packed = join(folder, "packed");
const project = join(folder, "project");
const browserPath = findChromium();
const withoutRegistry = (await registryAnswers(folder)) ? "" : " (skipped: npm's registry does not answer)";
const withoutBrowser = browserPath ? "" : " (skipped: chromium is not installed)";
/** Too large to be shipped twice; what it holds is in the compiled module. */
const UNSHIPPED_SOURCES = ["src/default-model.generated.ts"];

let packages: PackedPackage[];

beforeAll(async () => {
  const [pack] = guideCommands();
  await shell(pack!, repository);
  const tarballs = readdirSync(packed).filter((name) => name.endsWith(".tgz"));
  packages = tarballs.map((name) => openPackage(join(packed, name)));
}, SLOW);

describe("tarballs", () => {
  test("are made of every workspace", () => {
    const { workspaces } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    expect(packages).toHaveLength(workspaces.length);
  });

  test("hold the licence and the notice of the repository", () => {
    for (const { manifest, files } of packages) {
      for (const name of ["LICENSE", "NOTICE"]) {
        expect(files.get(name)?.toString(), manifest.name).toBe(readFileSync(join(repository, name), "utf8"));
      }
    }
  });

  test("hold everything that their doors lead to, and the sources that source maps name", () => {
    for (const one of packages) {
      expect(one.targets.filter((path) => !one.files.has(path))).toEqual([]);
      const { found, missing } = reachedFrom(one);
      expect(missing).toEqual([]);
      expect(found.length).toBeGreaterThan(0);
      const modules = found.filter((path) => path.startsWith("dist/"));
      const sources = modules.flatMap((path) => sourcesOf(one, path));
      expect(sources.filter((path) => !one.files.has(path) && !UNSHIPPED_SOURCES.includes(path))).toEqual([]);
    }
  });

  test("import only what their manifests name", () => {
    for (const { manifest, files } of packages) {
      const known = { ...manifest.dependencies, ...manifest.optionalDependencies };
      const code = [...files].filter(([path]) => /^(bin|dist)\/.*\.(js|d\.ts)$/.test(path));
      const imported = new Set(code.flatMap(([, bytes]) => packagesIn(bytes.toString())));
      expect([...imported].filter((name) => !(name in known))).toEqual([]);
      expect(Object.keys(known).filter((name) => !imported.has(name))).toEqual([]);
    }
  });

  test("install where the script of ONNX Runtime that fetches CUDA files fails", () => {
    const needing = packages.filter(({ manifest }) => "onnxruntime-node" in (manifest.dependencies ?? {}));
    expect(needing.map(({ manifest }) => manifest.name)).toEqual([]);
  });

  test("hold no tests and no programs that only build", () => {
    const paths = packages.flatMap(({ files }) => [...files.keys()]);
    expect(
      paths.filter((path) => /\.test\.|\/(derive|release|fit|compare)\/|tflite|tsbuildinfo/.test(path)),
    ).toEqual([]);
  });

  test("are not made of a package that was not built", async () => {
    const unbuilt = join(folder, "unbuilt");
    mkdirSync(join(unbuilt, "src"), { recursive: true });
    const manifest = {
      name: "unbuilt",
      version: "1.0.0",
      files: ["src", "NOTICE"],
      exports: { ".": { default: "./dist/index.js" } },
      scripts: { prepack: `node "${join(repository, "dist/scripts/prepack.js")}"` },
    };
    writeFileSync(join(unbuilt, "package.json"), JSON.stringify(manifest));
    const { status, stdout, stderr } = await runShell("npm pack", unbuilt);
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain("Got unbuilt without ./dist/index.js; wanted every file");
    expect(readdirSync(unbuilt)).toEqual(["NOTICE", "package.json", "src"]);
  });
});

describe.skipIf(withoutRegistry)(`an installed project${withoutRegistry}`, () => {
  const photo = join(project, "photo.jpg");
  const emotionnet = (line: string) => shell(`node_modules/.bin/emotionnet ${line}`, project);
  /** What the command says of the photo in the repository, whose packages are linked, not installed. */
  let wanted: { readonly faces: readonly { readonly expression: string }[] };

  beforeAll(async () => {
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const [, install] = guideCommands();
    await shell(`${install} --prefer-offline --no-audit --no-fund`, project);
    await drawFace(photo);
    wanted = JSON.parse((await runCommand(["analyze", "photo.jpg", "--format", "jsonl"], project)).stdout);
    writeFileSync(join(project, "tiny.yaml"), tinySpec);
    await emotionnet("synth -o data --name tiny --persons 20 --samples 30");
  }, SLOW);

  test("has the command, from a photo and a set to an exported model", { timeout: SLOW }, async () => {
    expect(await shell("npx --no-install emotionnet --help", project)).toContain("dataset_convert");
    expect(JSON.parse(await emotionnet("analyze photo.jpg --format jsonl"))).toEqual(wanted);
    await emotionnet("train -e tiny.yaml -r results --threads 2");
    expect(await emotionnet("evaluate -m results/model.safetensors -e tiny.yaml")).toContain("neutral");
    await emotionnet("export -m results/model.safetensors -o tiny.onnx");
    expect(await emotionnet("inspect tiny.onnx")).toContain("136-16-8-6");
    expect(readdirSync(join(project, "node_modules/emotionnet/examples/specs"))).toContain("compact.yaml");
  });

  test("imports every door in Node", async () => {
    const program = `
      import { analyze } from "emotionnet";
      import { EmotionNet, MEAN_SHAPE } from "@emotionnet/core";
      ${doors().map(importOf).join("\n")}
      const net = await EmotionNet.load();
      const pool = await net.pool({ threads: 2 });
      const row = await pool.classifyBatch(MEAN_SHAPE, 1);
      pool.close();
      const expressions = [];
      for await (const { faces } of analyze("photo.jpg")) expressions.push(...faces.map(({ expression }) => expression));
      console.log(JSON.stringify([expressions, net.classify(MEAN_SHAPE).expression, row.length]));`;
    writeFileSync(join(project, "program.js"), program);
    const [line] = (await shell("node program.js", project)).split("\n");
    expect(JSON.parse(line!)).toEqual([expressionsOf(wanted), "neutral", 6]);
  });

  test.each([
    ["all packages in Node", "nodenext", ["es2023"], ["node"], /./],
    ["all packages in a page", "bundler", ["es2023", "dom", "dom.iterable"], [], /./],
    ["core anywhere", "nodenext", ["es2023"], [], /^@emotionnet\/core/],
  ])("has types of %s, moduleResolution %s", async (name, moduleResolution, lib, types, which) => {
    const imports = doors()
      .filter((door) => which.test(door))
      .map(importOf);
    const program = `${imports.join("\n")}
      import { EmotionNet } from "@emotionnet/core";
      const net = await EmotionNet.load();
      net.classify(new Float32Array(136)).confidence satisfies number;
      // @ts-expect-error -- no text is a list of points
      net.classify("points");`;
    const place = join(project, name.replaceAll(" ", "-"));
    mkdirSync(place);
    writeFileSync(join(place, "program.ts"), program);
    const target = { module: moduleResolution === "bundler" ? "esnext" : moduleResolution, target: "es2023" };
    const checks = { strict: true, skipLibCheck: false, noEmit: true, resolveJsonModule: true };
    const compilerOptions = { ...target, moduleResolution, lib, types, ...checks };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    const compiler = join(repository, "node_modules/typescript/bin/tsc");
    const { status, stdout } = await runShell(`node "${compiler}" -p .`, place);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  describe.skipIf(withoutBrowser)(`in a page${withoutBrowser}`, () => {
    const page = join(project, "page");
    const configFile = join(page, "vite.config.ts");
    const quiet = { root: page, configFile, logLevel: "error" } as const;
    let browser: Browser;
    beforeAll(async () => {
      await writePage(page, photo);
      browser = await launchChromium(browserPath!);
    });
    afterAll(() => browser?.close());

    test("that Vite has built", { timeout: SLOW }, async () => {
      const outDir = join(page, "dist");
      await build({ ...quiet, build: { outDir, reportCompressedSize: false } });
      const server = await preview({ ...quiet, build: { outDir }, preview: { port: 0 } });
      try {
        await expectAnswer(server.resolvedUrls!.local[0]!);
      } finally {
        await server.close();
      }
    });

    test("of Vite's development server", { timeout: SLOW }, async () => {
      const server = await createServer({ ...quiet, server: { host: "127.0.0.1", port: 0 } });
      try {
        await server.listen();
        await expectAnswer(server.resolvedUrls!.local[0]!);
      } finally {
        await server.close();
      }
    });

    async function expectAnswer(address: string): Promise<void> {
      const expressions = expressionsOf(wanted);
      expect(await answerOf(browser, address)).toEqual({ page: expressions, worker: expressions });
    }
  });

  test("works without the native engine, as after an install script that failed", async () => {
    rmSync(join(project, "node_modules/onnxruntime-node"), { recursive: true });
    const { faces } = JSON.parse(await emotionnet("analyze photo.jpg --format jsonl"));
    expect(faces).toHaveLength(1);
    expect(faces).toMatchObject(expressionsOf(wanted).map((expression) => ({ expression })));
    await emotionnet("train -e tiny.yaml -r results/wasm --threads 2");
    expect(readdirSync(join(project, "results/wasm"))).toContain("model.safetensors");
  });
});

/** The two blocks of the guide that pack and install, for the folders of this test. */
function guideCommands(): string[] {
  const guide = readFileSync(join(repository, "docs/guide/getting-started.md"), "utf8");
  const blocks = [...guide.matchAll(/^```sh long\n([\s\S]*?)^```$/gm)].map(([, block]) => block!.trim());
  const commands = blocks.filter((block) => block.includes("~/emotionnet-packages"));
  expect(commands).toHaveLength(2);
  return commands.map((command) => command.replaceAll("~/emotionnet-packages", packed));
}

function doors(): string[] {
  return packages.flatMap((one) => one.doors);
}

function importOf(door: string, at: number): string {
  return `import * as door${at} from "${door}"${door.endsWith(".json") ? ' with { type: "json" }' : ""};`;
}

function expressionsOf(result: { readonly faces: readonly { readonly expression: string }[] }): string[] {
  return result.faces.map(({ expression }) => expression);
}
