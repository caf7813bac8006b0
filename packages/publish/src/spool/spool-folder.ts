/** The folder of a spool: one sub-folder a run, so that runs at the same time keep out of each other's way. */

import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { beat, isAbandoned, own } from "./owner.ts";
import { Segment } from "./segment.ts";

const runPattern = /^(\d{15})-[0-9a-f]{8}$/;
const segmentPattern = /^\d{6}\.spool$/;

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, "0")}.spool`);
}

/** Makes a folder that this process owns. */
export async function makeRunFolder(spool: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    const folder = join(spool, runName(String(Date.now()).padStart(15, "0")));
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await own(folder);
      return folder;
    } catch (error) {
      // Another run that ended just now has removed the folder above, which was empty.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries === 5) throw error;
    }
  }
}

/**
 * Takes over the folders of runs that have ended, the oldest first. Renaming is the claim: of two who try, one succeeds.
 * @returns the folders, now this process's own.
 */
export async function adoptRunFolders(spool: string): Promise<string[]> {
  const adopted: string[] = [];
  const names = await readdir(spool).catch(() => []);
  for (const name of names.sort()) {
    const [, time] = runPattern.exec(name) ?? [];
    if (time === undefined || !(await isAbandoned(join(spool, name)))) continue;
    const claimed = join(spool, runName(time));
    try {
      await rename(join(spool, name), claimed);
    } catch {
      continue;
    }
    // Where the disk has no room for a name, the signs of life must do.
    await own(claimed).catch(() => beat(claimed));
    adopted.push(claimed);
  }
  return adopted;
}

/** What is left in the folder of a run, in order. */
export async function segmentsOf(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => segmentPattern.test(name)).sort();
  return Promise.all(names.map((name) => Segment.recover(join(folder, name))));
}

/** Removes the folder of a run, and those above it that are then empty, `levels` of them at most. */
export async function removeRunFolder(folder: string, levels: number): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  let above = folder;
  for (let level = 0; level < levels; level++) {
    above = join(above, "..");
    // Another run's folder in it is a reason to keep it.
    if (
      !(await rmdir(above).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}

/** The time comes first, so that the order of names is that of runs; the rest is random, new with every owner. */
function runName(time: string): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return `${time}-${random.toString(16).padStart(8, "0")}`;
}
