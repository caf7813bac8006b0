import { readFile } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";

/**
 * All bytes of a file.
 * @throws EmotionNetError `file-not-found`, `file-is-folder` or `file-unreadable`.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileReadError(path, error);
  }
}

/** The error of Node's file system, told in the project's words. */
export function fileReadError(path: string, error: unknown): EmotionNetError {
  const systemCode = (error as NodeJS.ErrnoException | undefined)?.code;
  const cause = { cause: error };
  switch (systemCode) {
    case "ENOENT":
    case "ENOTDIR":
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE":
      return new EmotionNetError(
        "file-not-found",
        {
          got: `the path ${JSON.stringify(path)}, where there is nothing`,
          wanted: "a file that exists",
          mend: "Check the spelling and the folder you are in.",
        },
        cause,
      );
    case "EISDIR":
      return new EmotionNetError(
        "file-is-folder",
        {
          got: `the folder ${JSON.stringify(path)}`,
          wanted: "a file",
          mend: "Name one file in the folder.",
        },
        cause,
      );
    case "EACCES":
    case "EPERM":
      return new EmotionNetError(
        "file-unreadable",
        {
          got: `the file ${JSON.stringify(path)}, which you may not read`,
          wanted: "a file with read permission",
          mend: "Change its permissions, or run as a user who may read it.",
        },
        cause,
      );
    default:
      return new EmotionNetError(
        "file-unreadable",
        {
          got: `the file ${JSON.stringify(path)}, which the system could not read (${systemCode ?? String(error)})`,
          wanted: "a readable file",
          mend: "Copy it to another disk, or save it again.",
        },
        cause,
      );
  }
}
