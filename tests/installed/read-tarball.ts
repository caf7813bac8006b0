/** Reads the files of a package that npm has packed. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const BLOCK = 512;

/** Contents by path inside the package. Folders, and headers that only extend the next one, are left out. */
export function readTarball(path: string): ReadonlyMap<string, Buffer> {
  const archive = gunzipSync(readFileSync(path));
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const text = (offset: number, length: number) =>
      archive.toString("utf8", at + offset, at + offset + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8);
    const isFile = text(156, 1) === "0" || text(156, 1) === "";
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join("/");
    if (isFile) files.set(name.replace(/^package\//, ""), archive.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
