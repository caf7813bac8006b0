/** Converts the source networks into this package's folder `models`, once. */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { MODEL_FILES, MODEL_HASHES, type ModelFileName } from "../models/names.ts";
import { convertAttentionMesh } from "./attention-mesh.ts";
import { convertFaceDetector } from "./face-detector.ts";
import { readSource, SOURCES } from "./sources.ts";

/** Source files under `folder`'s node_modules → ONNX bytes. Equal sources give equal bytes. */
export const CONVERSIONS: Readonly<Record<ModelFileName, (folder: string) => Uint8Array>> = {
  detector: (folder) =>
    convertFaceDetector(
      new TextDecoder().decode(readSource(SOURCES.detectorGraph, folder)),
      readSource(SOURCES.detectorWeights, folder),
    ),
  mesh: (folder) => convertAttentionMesh(readSource(SOURCES.mesh, folder), "native"),
  webMesh: (folder) => convertAttentionMesh(readSource(SOURCES.mesh, folder), "web"),
};

/**
 * Brings `packageFolder`/models up to date and names the files written: none when all are current.
 * @throws EmotionNetError `vision-models-missing` or `vision-models-changed` when the sources or the result are not those
 * that this version was made with.
 */
export function prepareModels(packageFolder: string): string[] {
  const target = join(packageFolder, "models");
  const outdated = (Object.keys(MODEL_FILES) as ModelFileName[]).filter(
    (name) => hashOfFile(join(target, MODEL_FILES[name])) !== MODEL_HASHES[name],
  );
  if (outdated.length === 0) return [];
  mkdirSync(target, { recursive: true });
  for (const name of outdated) {
    const model = CONVERSIONS[name](packageFolder);
    assertExpected(name, sha256(model));
    replaceFile(join(target, MODEL_FILES[name]), model);
  }
  replaceFile(join(target, "manifest.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  return outdated.map((name) => MODEL_FILES[name]);
}

function manifest() {
  const models = Object.entries(MODEL_FILES).map(([name, file]) => [
    file,
    MODEL_HASHES[name as ModelFileName],
  ]);
  return { models: Object.fromEntries(models), sources: Object.values(SOURCES) };
}

function assertExpected(name: ModelFileName, hash: string): void {
  if (hash === MODEL_HASHES[name]) return;
  throw new EmotionNetError("vision-models-changed", {
    got: `a converted ${MODEL_FILES[name]} with the SHA-256 ${hash}`,
    wanted: MODEL_HASHES[name],
    mend: "If you changed the converter on purpose, write the new hash into packages/vision/src/models/names.ts.",
  });
}

/** Writes aside, then renames, so that an interrupted build leaves no half file. */
function replaceFile(path: string, content: Uint8Array | string): void {
  const aside = `${path}.${process.pid}.partial`;
  writeFileSync(aside, content);
  renameSync(aside, path);
}

function hashOfFile(path: string): string | undefined {
  try {
    return sha256(readFileSync(path));
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
