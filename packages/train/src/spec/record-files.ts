/** Which record files a spec names. */

import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import type { TrainingSpec } from "./training-spec.ts";

/** `kpi` is what `evaluate` measures on. */
export type RecordPart = "train" | "validate" | "test" | "kpi";

/**
 * Paths of one part, one a set: root/directory/set/ground truth/records/file. Lists go together place by place; a list of
 * one stands for all places. Relative paths start at the current folder.
 * @throws EmotionNetError `spec-invalid` when the spec names no set or lists that do not go together.
 */
export function recordFilesOf(spec: TrainingSpec, part: RecordPart): string[] {
  const { root, lists, file } = placesOf(spec, part);
  const count = Math.max(...lists.map((list) => list.length));
  if (lists.some((list) => list.length !== 1 && list.length !== count)) {
    throw new EmotionNetError("spec-invalid", {
      got: `${lists.map((list) => list.length).join(", ")} directories, sets and folders of the ${part} records`,
      wanted: "lists of equal length, or of one, and at least one directory and set",
      mend: "Give tfrecords_directory_path and tfrecords_set_id (and their kpi twins) one entry a set.",
    });
  }
  return Array.from({ length: count }, (_, index) =>
    join(root, ...lists.map((list) => (list.length === 1 ? list[0]! : list[index]!)), file),
  );
}

/**
 * A line for the log when the spec's evaluator block names other records than `dataloader`, whose records are used; which of the
 * two the original used is not known, and in all of its specs they are the same.
 */
export function evaluatorNotice(spec: TrainingSpec, part: RecordPart): string | undefined {
  const { dataloader } = spec.evaluator;
  const named = placesOf({ dataloader }, part);
  const isNamed = named.lists.slice(0, 2).every((list) => list.length > 0);
  if (!isNamed || JSON.stringify(named) === JSON.stringify(placesOf(spec, part))) return undefined;
  return `The evaluator block names other ${part} records than dataloader: those of dataloader are used.`;
}

function placesOf({ dataloader }: Pick<TrainingSpec, "dataloader">, part: RecordPart) {
  const { dataset_info: info, kpiset_info: kpi } = dataloader;
  if (part === "kpi") {
    return {
      root: kpi.kpi_root_path ?? "",
      lists: [
        kpi.kpi_tfrecords_directory_path,
        kpi.tfrecords_set_id_kpi,
        kpi.ground_truth_folder_name_kpi,
        kpi.tfrecord_folder_name_kpi,
      ],
      file: kpi.kpi_file_name,
    };
  }
  return {
    root: info.root_path ?? "",
    lists: [
      info.tfrecords_directory_path,
      info.tfrecords_set_id,
      info.ground_truth_folder_name,
      info.tfrecord_folder_name,
    ],
    file: info[`${part}_file_name`],
  };
}
