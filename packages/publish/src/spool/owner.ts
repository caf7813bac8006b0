/** Who owns a folder of a spool: several commands may publish to one broker at a time, and none may take what another still uses. */

import { readFileSync, readlinkSync } from "node:fs";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const fileName = "owner.json";

/** Milliseconds between signs of life, and after how many without one an owner on another machine is given up. */
export const HEARTBEAT = 5_000;
const GIVEN_UP = 60_000;

interface Owner {
  readonly pid: number;
  /** Machine and process table: only there the number of the process means something. */
  readonly place: string;
  /** When the process began, in the kernel's ticks, where that can be asked: numbers are used again. */
  readonly started: string | null;
}

/** Writes this process down as the owner of a folder. */
export async function own(folder: string): Promise<void> {
  const owner: Owner = { pid: process.pid, place: thisPlace(), started: startOf(process.pid) };
  await writeFile(join(folder, fileName), JSON.stringify(owner), { mode: 0o600 });
}

/** The folder is left for whoever comes next. */
export async function disown(folder: string): Promise<void> {
  await writeFile(join(folder, fileName), "{}", { mode: 0o600 });
}

/** A sign of life. */
export async function beat(folder: string): Promise<void> {
  const now = new Date();
  await utimes(join(folder, fileName), now, now).catch(() => {});
}

/** Whether nobody uses the folder any more. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const path = join(folder, fileName);
  const text = await readFile(path, "utf8").catch(() => undefined);
  // A folder is made a moment before its owner is written down.
  if (text === undefined) return (await ageOf(folder)) > GIVEN_UP;
  const owner = parsed(text);
  if (owner === undefined) return (await ageOf(path)) > GIVEN_UP;
  if (owner.pid === undefined) return true;
  if (owner.place !== thisPlace()) return (await ageOf(path)) > GIVEN_UP;
  if (!isRunning(owner.pid)) return true;
  if (owner.started) return startOf(owner.pid) !== owner.started;
  return (await ageOf(path)) > GIVEN_UP;
}

function parsed(text: string): Partial<Owner> | undefined {
  try {
    return JSON.parse(text) as Partial<Owner>;
  } catch {
    return undefined;
  }
}

/** Milliseconds since the last change. */
async function ageOf(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  return stats ? Date.now() - stats.mtimeMs : 0;
}

function thisPlace(): string {
  return `${hostname()} ${orNull(() => readlinkSync("/proc/self/ns/pid")) ?? process.platform}`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startOf(pid: number): string | null {
  // The name of the program, in brackets, may hold spaces; the start is the 20th field behind it (proc(5)).
  return orNull(() => readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!.split(" ")[19]!);
}

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}
