import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface DatasetConvertFlags {
  readonly config_path: string;
  readonly from?: "multipie" | "ckplus" | "csv" | "photos";
  readonly source?: string;
  readonly licence?: string;
}

const help = `
Reads <org_data_path>/<set_name>/data_factory/fiducial/<person>_..._<expression>.json and writes records for train, validate
and test, with no person in two of them, to <post_data_path>/<set_name>/Ground_Truth_<suffix>/TfRecords_combined.
Expressions that are not in emotion_map are left out and counted.

With --from, label files and a data card are first made from another data set:
  multipie  landmark files SSS_ss_rr_ccc_ii.txt or .pts in any folders; the expression follows from session and recording
  ckplus    the folders Emotion and Landmarks (and cohn-kanade-images) as given out
  csv       a line a face: label, 136 numbers, and the person in a column of its own if known
  photos    <expression>/<person>/photo.jpg, or <expression>/photo.jpg; this command finds the landmarks itself

Examples:
  $ emotionnet dataset_convert -c dataio_config_ckplus.json
  $ emotionnet dataset_convert -c config.json --from ckplus --source CK+/ --licence "CK+ agreement, research only"
  $ emotionnet dataset_convert -c config.json --from csv --source labels.csv --licence "CC BY 4.0"
  $ emotionnet dataset_convert -c config.json --from photos --source pictures/ --licence "own pictures, consented"`;

export function addDatasetConvert(program: Command, session: Session, start: Start): void {
  program
    .command("dataset_convert")
    .description("make training records from label JSON, or from other data sets")
    .requiredOption("-c, --config_path <file>", "the data set config (JSON)")
    .addOption(
      new Option("--from <format>", "first import a data set of this form").choices([
        "multipie",
        "ckplus",
        "csv",
        "photos",
      ]),
    )
    .option("--source <path>", "the data to import; by default the set's own folder under org_data_path")
    .option("--licence <text>", "the terms of the data to import; goes into the data card")
    .addHelpText("after", help)
    .action((flags: DatasetConvertFlags) =>
      start(
        import("../actions/dataset-convert.ts").then((action) => action.runDatasetConvert(session, flags)),
      ),
    );
}
