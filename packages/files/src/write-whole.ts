/** Files that appear whole or not at all: written aside, brought onto the disk, then renamed. */

import { rmSync } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";

/** Files aside that are being written; whoever ends the process in the middle leaves none. */
const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

/**
 * Takes the place of a file that is there, with its permissions and owner; a link leads to the file that is replaced.
 * @throws the system's error, for example ENOSPC; what was there before is then untouched.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => undefined);
  // The name with a number behind it.
  const aside = `${target}.${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  if (unfinished.size === 0) process.on("exit", removeUnfinished);
  unfinished.add(aside);
  try {
    const file = await open(aside, "wx", before?.mode);
    try {
      // Goes on after a write that was cut short, which is how a disk that is nearly full begins.
      await file.writeFile(data);
      if (before) await likeBefore(file, before);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  } finally {
    unfinished.delete(aside);
    if (unfinished.size === 0) process.removeListener("exit", removeUnfinished);
  }
}

async function likeBefore(
  file: FileHandle,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Promise<void> {
  // Who may not give files away keeps this one.
  await file.chown(uid, gid).catch(() => {});
  await file.chmod(mode).catch(() => {});
}
