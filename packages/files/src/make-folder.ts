/** Folders made with their parents. */

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and the parents it lacks; one that is there is left as it is.
 *
 * Node's own `mkdir` with `recursive` never comes back where a file system answers that the new folder's parent is missing although
 * it is there, as `/proc` and folders of an automounter do.
 * @throws the system's error, for example EACCES, ENOTDIR or ENOENT
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    const isOrphan = (error as NodeJS.ErrnoException).code === "ENOENT" && !(await isFolder(parent));
    if (!isOrphan || parent === path) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
