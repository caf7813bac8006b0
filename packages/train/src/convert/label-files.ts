/** The label files of a set: found, grouped by person, and the unwanted expressions counted. */

import { readdir } from "node:fs/promises";
import { EmotionNetError } from "@emotionnet/core";
import { parseLabelName } from "../labels/label-name.ts";
import type { LabelProblem } from "../labels/label-problem.ts";
import type { DatasetConfig } from "./config.ts";
import type { ConversionPaths } from "./paths.ts";
import type { LabelFile } from "./read-person.ts";

/** Names of the label files in the first of the folders that exists, sorted. @throws EmotionNetError `dataset-missing`. */
export async function listLabelFiles(paths: ConversionPaths): Promise<{ folder: string; files: string[] }> {
  for (const folder of paths.labels) {
    const entries = await readdir(folder).catch(() => undefined);
    if (entries) return { folder, files: entries.filter((name) => /\.json$/i.test(name)).sort() };
  }
  throw new EmotionNetError("dataset-missing", {
    got: `no folder ${paths.labels.join(" or ")}`,
    wanted: "a folder of label files <person>_…_<expression>.json",
    mend: "Check org_data_path and set_name, or make the labels from a data set with --from multipie, ckplus or csv.",
  });
}

export interface SortedFiles {
  readonly persons: ReadonlyMap<string, LabelFile[]>;
  readonly dropped: Record<string, number>;
  readonly problems: LabelProblem[];
}

/** Groups wanted files by person, persons in sorted order; counts the others. */
export function sortByPerson(files: readonly string[], config: DatasetConfig): SortedFiles {
  const groups = new Map<string, LabelFile[]>();
  const dropped: Record<string, number> = {};
  const problems: LabelProblem[] = [];
  for (const file of files) {
    const name = parseLabelName(file);
    if (!name) {
      problems.push({
        file,
        where: "",
        expected: "a name of the form <person>_…_<expression>.json",
        received: file,
        effect: "skipped",
      });
    } else if (!config.emotionMap.has(name.expression)) {
      dropped[name.expression] = (dropped[name.expression] ?? 0) + 1;
    } else {
      const group = groups.get(name.person);
      if (group) group.push({ file, name });
      else groups.set(name.person, [{ file, name }]);
    }
  }
  const persons = new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { persons, dropped, problems };
}

/** @throws EmotionNetError `dataset-empty` with the expressions that were found. */
export function assertAnyKept(
  sorted: SortedFiles,
  files: number,
  config: DatasetConfig,
  folder: string,
): void {
  if (sorted.persons.size > 0) return;
  throw new EmotionNetError("dataset-empty", {
    got: `${files} label files in ${folder}, none of them wanted${files > 0 ? ` (${countsText(sorted.dropped) || "unusable names"})` : ""}`,
    wanted: `files whose names end in one of ${[...config.emotionMap.keys()].map((name) => `_${name}`).join(", ")}`,
    mend: "Check emotion_map and the names of the label files.",
  });
}

/** `fear 67, sad 67`. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
