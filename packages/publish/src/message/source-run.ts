/** What makes the ids of two runs the same: the same unchanged file, looked at in the same way. */

import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";

const runDigits = 16;
const idDigits = 32;

/** A run that is like no other. */
export function randomRun(): string {
  return hash([crypto.randomUUID()], runDigits);
}

/**
 * The run of a file: the same as long as path, size, time of the last change and settings are.
 * Undefined for what is no file.
 */
export async function runOfFile(source: string, settings: unknown): Promise<string | undefined> {
  try {
    const stats = await stat(source);
    if (!stats.isFile()) return undefined;
    return hash([await realpath(source), stats.size, stats.mtimeMs, settings], runDigits);
  } catch {
    return undefined;
  }
}

/** @param place where in the source: the frame, or the face and the times that an event or summary is about. */
export function messageId(run: string, source: string, kind: string, place: readonly unknown[]): string {
  return hash([run, source, kind, ...place], idDigits);
}

function hash(values: readonly unknown[], digits: number): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, digits);
}
