/** Where dataset_convert reads and writes: the original's folders. */

import { dirname, join } from "node:path";
import type { RecordPaths } from "../dataset/dataset-file.ts";
import type { DatasetConfig } from "./config.ts";

export interface ConversionPaths {
  /** The set's input folder. */
  readonly source: string;
  /** Folders that may hold the label files, the first that exists is read. */
  readonly labels: readonly string[];
  /** The set's output folder. */
  readonly set: string;
  /** Label JSON regrouped by person. */
  readonly userJson: string;
  /** `Ground_Truth_<suffix>`. */
  readonly groundTruth: string;
  /** One TFRecord file a person. */
  readonly records: string;
  /** One text file a person: frame, class, box, points. */
  readonly texts: string;
  readonly combinedRecords: string;
  readonly combinedTexts: string;
}

/** Folder of label files inside a set, where the original's converter puts and looks for them. */
export const LABEL_FOLDER = join("data_factory", "fiducial");
/** Folder inside a set with what an import tells: the data card, the hashes of the inputs and the problems. */
export const IMPORT_FOLDER = join(dirname(LABEL_FOLDER), "import");
/** Says what a set is: in the set's folder, or in that of its import. */
export const CARD_FILE = "data-card.json";
/** Looked at first when `is_datafactory` is false. The original's own name for it is not known. */
const SDK_LABEL_FOLDER = "sdklabels";

export function conversionPaths(config: DatasetConfig): ConversionPaths {
  const source = join(config.orgDataPath, config.setName);
  const set = join(config.postDataPath, config.setName);
  const filtered = config.isFiltered ? "filtered_" : "";
  const groundTruth = join(set, `Ground_Truth_${filtered}${config.groundTruthFolderSuffix}`);
  const factory = join(source, LABEL_FOLDER);
  return {
    source,
    labels: config.isDatafactory ? [factory] : [join(source, SDK_LABEL_FOLDER), factory],
    set,
    userJson: join(set, "GT_user_json"),
    groundTruth,
    records: join(groundTruth, "TfRecords"),
    texts: join(groundTruth, "GT"),
    combinedRecords: join(groundTruth, "TfRecords_combined"),
    combinedTexts: join(groundTruth, "GT_combined"),
  };
}

/** The three files of a folder of combined records. */
export function combinedRecordPaths(folder: string): RecordPaths {
  return {
    train: join(folder, "train.tfrecords"),
    validate: join(folder, "validate.tfrecords"),
    test: join(folder, "test.tfrecords"),
  };
}
