/** What the caller named (photos, videos, cameras, addresses, folders, patterns, landmark files) → one item an input, in a stable order. */

import { stat } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";
import { fileReadError, isVideoSource, kindOfVideoSource } from "@emotionnet/media";
import { glob, isDynamicPattern } from "tinyglobby";
import { compareNaturally } from "./natural-order.ts";
import { photosOfFolder } from "./photos-of-folder.ts";
import { isSourcesList, readSourcesList } from "./sources-list.ts";

/** One thing to look at. An `error` item becomes an error line; it never ends the others. */
export type SourceItem =
  | { readonly kind: "photo"; readonly path: string }
  | { readonly kind: "video"; readonly path: string }
  | { readonly kind: "landmarks"; readonly path: string }
  | { readonly kind: "error"; readonly path: string; readonly error: EmotionNetError };

/**
 * Expands folders (with their sub-folders; hidden ones skipped; sorted naturally, so that `2.jpg` comes before `10.jpg`)
 * and glob patterns. A `.json` file is landmarks; a file with the ending of a video, an address (`rtsp://`, `http://`, …)
 * and `camera:N` are videos; a `.yaml` file lists sources; any other file is a photo. Of a folder only the photos are taken. Never throws for a bad path.
 */
export async function findSources(sources: string | readonly string[]): Promise<SourceItem[]> {
  const named = typeof sources === "string" ? [sources] : sources;
  const found: SourceItem[] = [];
  for (const source of named) found.push(...(await expand(source)));
  return found;
}

async function expand(source: string): Promise<SourceItem[]> {
  if (kindOfVideoSource(source) !== "file") return [{ kind: "video", path: source }];
  if (isSourcesList(source)) return itemsOfList(source);
  const kind = await kindOfPath(source);
  if (kind === "folder") return folderItems(source);
  if (kind === "absent" && isDynamicPattern(source)) return filesOfPattern(source);
  return [fileItem(source)];
}

async function itemsOfList(path: string): Promise<SourceItem[]> {
  try {
    const items: SourceItem[] = [];
    for (const source of await readSourcesList(path)) items.push(...(await expand(source)));
    return items;
  } catch (error) {
    if (error instanceof EmotionNetError) return [{ kind: "error", path, error }];
    throw error;
  }
}

async function kindOfPath(path: string): Promise<"file" | "folder" | "absent"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return "absent";
  }
}

async function folderItems(folder: string): Promise<SourceItem[]> {
  const { photos, unreadable } = await photosOfFolder(folder);
  const errors = unreadable.map(
    ({ path, error }): SourceItem => ({ kind: "error", path, error: fileReadError(path, error) }),
  );
  if (photos.length + errors.length === 0) {
    return [noPhotos(folder, "a folder with photos in it", "Name another folder, or the photos themselves.")];
  }
  return [...photos.map((path): SourceItem => ({ kind: "photo", path })), ...errors];
}

async function filesOfPattern(pattern: string): Promise<SourceItem[]> {
  const names = await glob(pattern.replaceAll("\\", "/"), { expandDirectories: false });
  if (names.length === 0) {
    return [
      noPhotos(pattern, "a pattern that fits at least one file", "Check it, and quote it for the shell."),
    ];
  }
  return names.sort(compareNaturally).map(fileItem);
}

function fileItem(path: string): SourceItem {
  if (path.toLowerCase().endsWith(".json")) return { kind: "landmarks", path };
  return { kind: isVideoSource(path) ? "video" : "photo", path };
}

function noPhotos(path: string, wanted: string, mend: string): SourceItem {
  const got = `${JSON.stringify(path)}, which holds no photo`;
  return { kind: "error", path, error: new EmotionNetError("no-photos", { got, wanted, mend }) };
}
