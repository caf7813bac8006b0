/** Pages that use the vision package as an application would, pictures for them, and what Node reads in these. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Face, MEAN_SHAPE, outerEyeDistance, type RgbImage } from "@emotionnet/core";
import { drawPortrait, readPhoto, writePhoto } from "@emotionnet/media";
import { FaceReader, type Preset } from "@emotionnet/vision";
import { build } from "vite";
import { turned } from "./turned-jpeg.ts";
import { fromGuide } from "./vision-programs.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** Mean distance of the points to those read in Node, as a share of the outer eye distance: JPEG decoders differ a little. */
export const LARGEST_SHARE = 0.003;
const PORTRAITS = 3;

/** Where the built packages are, for pages outside of the repository. */
export const alias = {
  "@emotionnet/vision/pool": join(repository, "packages/vision/dist/workers/index.js"),
  "@emotionnet/vision": join(repository, "packages/vision/dist/index.js"),
};

/** Draws portraits into `public/portrait-N.jpg`, and the first one turned by its EXIF; returns what Node reads in each. */
export async function drawPortraits(folder: string): Promise<Face[]> {
  const portraits = Array.from({ length: PORTRAITS }, (_, index) =>
    drawPortrait(MEAN_SHAPE, { seed: index + 1, size: 480 }),
  );
  mkdirSync(join(folder, "public"));
  const wanted: Face[] = [];
  for (const [index, portrait] of (await Promise.all(portraits)).entries()) {
    const photo = join(folder, `public/portrait-${index}.jpg`);
    await writePhoto(photo, portrait);
    wanted.push((await readInNode(await readPhoto(photo)))[0]!);
  }
  writeFileSync(
    join(folder, "public/turned.jpg"),
    turned(readFileSync(join(folder, "public/portrait-0.jpg"))),
  );
  writeFileSync(join(folder, "vite.config.ts"), fromGuide("ts"));
  return wanted;
}

/** Bundles one page for each program, as an application would that uses the built packages. Resolves to our own code. */
export async function bundle(folder: string, programs: Readonly<Record<string, string>>): Promise<string[]> {
  const input = Object.entries(programs).map(([name, program]) => {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, `<!doctype html><body><script type="module">${program}</script></body>`);
    return path;
  });
  const built = await build({
    root: folder,
    configFile: join(folder, "vite.config.ts"),
    logLevel: "error",
    resolve: { conditions: ["module", "browser", "production"], alias },
    build: {
      outDir: join(folder, "dist"),
      target: "es2023",
      minify: false,
      emptyOutDir: true,
      rollupOptions: { input },
    },
  });
  const files = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    "output" in one ? one.output : [],
  );
  return files.flatMap((file) => {
    if (file.type === "chunk") return file.name.startsWith("ort") ? [] : [file.code];
    // A worker comes out as a file.
    return file.fileName.includes("face-worker") ? [String(file.source)] : [];
  });
}

export async function readInNode(image: RgbImage, preset: Preset = "balanced"): Promise<Face[]> {
  const reader = await FaceReader.create({ preset });
  const faces = await reader.read(image);
  await reader.close();
  return faces;
}

/** Mean distance of the points as a share of the outer eye distance. */
export function shareBetween(found: Face, expected: Face): number {
  const { landmarks } = expected;
  let sum = 0;
  for (let at = 0; at < landmarks.length; at += 2) {
    sum += Math.hypot(found.landmarks[at]! - landmarks[at]!, found.landmarks[at + 1]! - landmarks[at + 1]!);
  }
  return sum / (landmarks.length / 2) / outerEyeDistance(landmarks);
}
