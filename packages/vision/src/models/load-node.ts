/** Reads the two networks from this package's folder `models`. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { EmotionNetError } from "@emotionnet/core";
import { MODEL_FILES, MODEL_HASHES, type ModelBytes, type ModelFileName } from "./names.ts";

/**
 * @throws EmotionNetError `vision-models-missing` when a file is not there, `vision-models-changed` when it is another.
 */
export async function loadModels(): Promise<ModelBytes> {
  const [detector, mesh] = await Promise.all([readModel("detector"), readModel("mesh")]);
  return { detector, mesh };
}

async function readModel(name: ModelFileName): Promise<Uint8Array> {
  const path = fileURLToPath(new URL(`../../models/${MODEL_FILES[name]}`, import.meta.url));
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new EmotionNetError(
      "vision-models-missing",
      {
        got: `no readable file ${path}`,
        wanted: "the network that the build converts",
        mend: "Run npm run build in the repository, or install the package again.",
      },
      { cause },
    );
  }
  if (createHash("sha256").update(bytes).digest("hex") !== MODEL_HASHES[name]) {
    throw new EmotionNetError("vision-models-changed", {
      got: `a file ${path} that is not the one this version was made with`,
      wanted: `the SHA-256 ${MODEL_HASHES[name]}`,
      mend: "Run npm run build in the repository, or install the package again.",
    });
  }
  return bytes;
}
