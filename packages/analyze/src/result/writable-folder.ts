/** Folders for what is written beside the results: checked before any work. */

import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";

/** Makes a folder where it is missing. @param purpose what it is for, in words. @throws EmotionNetError `file-unwritable`. */
export async function makeWritableFolder(folder: string, purpose: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, purpose, error);
  }
  await assertWritableFolder(folder, purpose);
}

/** @throws EmotionNetError `file-unwritable`. */
export async function assertWritableFolder(folder: string, purpose: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(folder, purpose, error);
  }
}

function unwritable(folder: string, purpose: string, error: unknown): EmotionNetError {
  const systemCode = (error as NodeJS.ErrnoException).code ?? String(error);
  return new EmotionNetError(
    "file-unwritable",
    {
      got: `the folder ${JSON.stringify(folder)} for ${purpose}, which cannot be written (${systemCode})`,
      wanted: "a folder with permission to write",
      mend: "Make the folder, or name another place.",
    },
    { cause: error },
  );
}
