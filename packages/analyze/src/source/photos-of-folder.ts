import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { compareNaturally } from "./natural-order.ts";

/** HEIC is listed although it cannot be read: its error line tells why, instead of silence. */
const photoExtensions: ReadonlySet<string> = new Set(
  "jpg jpeg jpe jfif png webp avif gif tif tiff heic heif".split(" ").map((name) => `.${name}`),
);

export interface FolderContent {
  readonly photos: readonly string[];
  /** Folders whose content the system would not list. */
  readonly unreadable: readonly { readonly path: string; readonly error: unknown }[];
}

/**
 * Photos in a folder and its sub-folders, told by the ending of their names, sorted naturally; hidden files and folders
 * are skipped. Links are followed, each folder is visited once.
 */
export async function photosOfFolder(folder: string): Promise<FolderContent> {
  const photos: string[] = [];
  const unreadable: { path: string; error: unknown }[] = [];
  const visited = new Set<string>();

  async function visit(path: string): Promise<void> {
    const place = await realpath(path);
    if (visited.has(place)) return;
    visited.add(place);
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => compareNaturally(a.name, b.name))) {
      if (entry.name.startsWith(".")) continue;
      const below = join(path, entry.name);
      const kind = await kindOf(entry, below);
      if (kind === "folder") await tryVisit(below);
      if (kind === "file" && photoExtensions.has(extname(entry.name).toLowerCase())) photos.push(below);
    }
  }

  async function tryVisit(path: string): Promise<void> {
    try {
      await visit(path);
    } catch (error) {
      unreadable.push({ path, error });
    }
  }

  await tryVisit(folder);
  return { photos: photos.sort(compareNaturally), unreadable };
}

async function kindOf(entry: Dirent, path: string): Promise<"file" | "folder" | "other"> {
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (target?.isDirectory()) return "folder";
  // A link to nowhere is listed, so that its line says so.
  return target === undefined || target.isFile() ? "file" : "other";
}
