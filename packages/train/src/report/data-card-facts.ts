/** Reading what a set folder says about itself. */

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CARD_FILE, IMPORT_FOLDER } from "../convert/paths.ts";
import type { DataCardFacts } from "./data-card.ts";

/** The `data-card.json` of a set folder, or of the import inside it, with its path; nothing when there is none. */
export async function readDataCardFile(
  folder: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of [join(folder, CARD_FILE), join(folder, IMPORT_FOLDER, CARD_FILE)]) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** The facts of a set folder's `data-card.json`; empty when there is none or it cannot be read. */
export async function readDataCardFacts(folder: string): Promise<DataCardFacts> {
  try {
    const facts: unknown = JSON.parse((await readDataCardFile(folder))?.text ?? "{}");
    return typeof facts === "object" && facts !== null ? (facts as DataCardFacts) : {};
  } catch {
    return {};
  }
}

/** The folder of the set that a record file belongs to: records lie in set/ground truth/records/file. */
export function setFolderOf(recordPath: string): string {
  return join(dirname(recordPath), "..", "..");
}
