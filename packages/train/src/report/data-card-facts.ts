/** Reading what a set folder says about itself. */

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DataCardFacts } from "./data-card.ts";

/** The facts of a set folder's `data-card.json`; empty when there is none or it cannot be read. */
export async function readDataCardFacts(folder: string): Promise<DataCardFacts> {
  try {
    const facts: unknown = JSON.parse(await readFile(join(folder, "data-card.json"), "utf8"));
    return typeof facts === "object" && facts !== null ? (facts as DataCardFacts) : {};
  } catch {
    return {};
  }
}

/** The folder of the set that a record file belongs to: records lie in set/ground truth/records/file. */
export function setFolderOf(recordPath: string): string {
  return join(dirname(recordPath), "..", "..");
}
