/** Folders that appear whole or not at all: filled aside, then renamed into place together. */

import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { makeFolder } from "@emotionnet/files";

export interface StagedFolders {
  /** Where to write what will be at `folder`. */
  at(folder: string): string;
  /** Moves all into place; what stood there before is removed. When one cannot be moved, all stays as it was. */
  publish(): Promise<void>;
  /** Removes what was written aside. */
  discard(): Promise<void>;
}

/**
 * Makes empty folders aside.
 * @param aside folder for the unfinished work, on the same disk as `folders`; leftovers of a killed run are removed.
 * @throws EmotionNetError `file-unwritable`.
 */
export async function stageFolders(aside: string, folders: readonly string[]): Promise<StagedFolders> {
  const staged = new Map(folders.map((folder, index) => [folder, join(aside, String(index))]));
  await writing(aside, async () => {
    await rm(aside, { recursive: true, force: true });
    for (const place of staged.values()) await makeFolder(place);
  });
  const discard = () => rm(aside, { recursive: true, force: true });
  return {
    at: (folder) => staged.get(folder)!,
    publish: () =>
      writing(aside, async () => {
        await moveAll([...staged], join(aside, "before"));
        await discard();
      }),
    discard,
  };
}

async function moveAll(moves: readonly (readonly [string, string])[], before: string): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    await mkdir(before);
    for (const [index, [folder, place]] of moves.entries()) {
      await makeFolder(dirname(folder));
      if (await stat(folder).catch(() => undefined)) {
        const old = join(before, String(index));
        await rename(folder, old);
        undo.unshift(() => rename(old, folder));
      }
      await rename(place, folder);
      undo.unshift(() => rename(folder, place));
    }
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

/** Runs work that writes below `path`. @throws EmotionNetError `file-unwritable` for an error of the file system. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EmotionNetError) throw cause;
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `${path}, which cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        wanted: "a folder to write the data set into",
        mend: "Choose a folder that you may write to, with enough room.",
      },
      { cause },
    );
  }
}
