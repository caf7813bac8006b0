/** Which files a folder of imported data holds. */

import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { EmotionNetError } from "@emotionnet/core";

/**
 * All files below a folder but those that an import writes, as relative paths with `/`, sorted.
 * @param wanted what the folder should hold, in the words of the error
 * @throws EmotionNetError `dataset-missing` when it cannot be read.
 */
export async function filesBelow(folder: string, wanted: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw new EmotionNetError(
      "dataset-missing",
      {
        got: `no readable folder ${folder} (${cause.code})`,
        wanted,
        mend: "Name the folder of the data with --source.",
      },
      { cause },
    );
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .filter((file) => !file.startsWith("data_factory/"))
    .sort();
}
