/** Folders of generated files. */

import { dirname, join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { makeFolder, writeWhole } from "@emotionnet/files";

/** A file by its path inside a folder, with `/` between names. */
export interface FolderFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes files into a folder, made when missing; each is whole or not there.
 * @returns the paths written @throws EmotionNetError `file-unwritable`.
 */
export async function writeFolder(directory: string, files: readonly FolderFile[]): Promise<string[]> {
  const paths: string[] = [];
  try {
    for (const { path, content } of files) {
      const target = join(directory, path);
      await makeFolder(dirname(target));
      await writeWhole(target, typeof content === "string" ? content : Buffer.from(content));
      paths.push(target);
    }
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the folder ${JSON.stringify(directory)}, where nothing can be written`,
        wanted: "a folder that may be written to, or a new one",
        mend: "Name another folder, or check its permissions and the space on the disk.",
      },
      { cause },
    );
  }
  return paths;
}
