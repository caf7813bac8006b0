/** Runs every command that the documentation shows. Blocks marked `sh long` take minutes and are run by CI itself or by hand. */

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commandPath, drawFace, outcome, repository, temporaryFolder, tinySpec } from "./cli-support.ts";
import { withoutFfmpeg } from "./video-support.ts";

const folder = temporaryFolder();
const binaries = join(folder, "bin");

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...documentsIn("docs/guide"),
  ...documentsIn("docs/reference"),
];

interface Block {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

beforeAll(async () => {
  mkdirSync(binaries);
  // `npx emotionnet` in a checkout is the command that was just built.
  const npx = `#!/bin/sh\n[ "$1" = emotionnet ] || exit 64\nshift\nexec "${process.execPath}" "${commandPath}" "$@"\n`;
  writeFileSync(join(binaries, "npx"), npx);
  chmodSync(join(binaries, "npx"), 0o755);
  await drawFace(join(folder, "photo.jpg"));
});

for (const document of documents) {
  const blocks = shellBlocks(document).filter(({ info }) => info === "sh");
  if (blocks.length === 0) continue;
  const missing = document === "docs/guide/video.md" ? withoutFfmpeg : "";
  describe.skipIf(missing)(`${document}${missing}`, () => {
    const place = join(folder, document.replaceAll("/", "-"));
    beforeAll(async () => {
      await furnish(place);
      if (document === "docs/guide/video.md" && !missing) drawClip(join(place, "clip.mp4"));
    });
    test.each(blocks)("line $line", async ({ text }) => {
      const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` };
      const child = spawn("bash", ["-euo", "pipefail", "-c", text], { cwd: place, env });
      const result = await outcome(child);
      expect(result.stderr).not.toContain("error [");
      expect(result.status).toBe(0);
    });
  });
}

test("every shell block is either run or marked long", () => {
  const infos = documents.flatMap((document) => shellBlocks(document).map(({ info }) => info));
  expect(new Set(infos)).toEqual(new Set(["sh", "sh long"]));
});

test("links inside the documentation lead somewhere", () => {
  const broken = documents.flatMap((document) => {
    const text = readFileSync(join(repository, document), "utf8");
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, target]) => target!);
    return targets
      .filter((target) => !existsSync(join(repository, document, "..", target)))
      .map((target) => `${document}: ${target}`);
  });
  expect(broken).toEqual([]);
});

/** What the commands speak of: photos, a folder of photos, landmarks, the example specs, one of the reader's own, and the models. */
async function furnish(place: string): Promise<void> {
  mkdirSync(join(place, "holiday"), { recursive: true });
  const photo = join(folder, "photo.jpg");
  for (const name of ["photo.jpg", "holiday/beach.jpg", "holiday/train.png"])
    await cp(photo, join(place, name));
  const points = Array.from({ length: 68 }, (_, index) => [Math.cos(index), Math.sin(index) + index / 20]);
  writeFileSync(join(place, "points.json"), JSON.stringify(points));
  writeFileSync(join(place, "small.yaml"), tinySpec.replaceAll("[tiny]", "[multipie]"));
  for (const shared of ["models", "examples/specs"])
    await cp(join(repository, shared), join(place, shared), { recursive: true });
}

/** By the program that the guide names. */
function drawClip(path: string): void {
  const { status, stderr } = spawnSync(process.execPath, [
    join(repository, "dist/examples/draw-clip.js"),
    path,
  ]);
  if (status !== 0) throw new Error(String(stderr));
}

function documentsIn(path: string): string[] {
  const names = readdirSync(join(repository, path)).filter((name) => name.endsWith(".md"));
  return names.sort().map((name) => `${path}/${name}`);
}

function shellBlocks(document: string): Block[] {
  const text = readFileSync(join(repository, document), "utf8");
  return [...text.matchAll(/^```(sh\b.*|bash.*|shell.*|console.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: match[1]!.trim(),
    text: match[2]!,
    line: text.slice(0, match.index).split("\n").length,
  }));
}
