/** The build step `node dist/convert/prepare.js`: makes packages/vision/models. */

import { fileURLToPath } from "node:url";
import { EmotionNetError } from "@emotionnet/core";
import { prepareModels } from "./prepare-models.ts";

try {
  const written = prepareModels(fileURLToPath(new URL("../..", import.meta.url)));
  if (written.length > 0) console.log(`vision: converted ${written.join(", ")}`);
} catch (error) {
  if (!(error instanceof EmotionNetError)) throw error;
  console.error(`vision: ${error.code}: ${error.message}`);
  process.exitCode = 1;
}
