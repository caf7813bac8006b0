/** `emotionnet dataset_convert`: label files, or another data set, to training records. */

import { EmotionNetError } from "@emotionnet/core";
import {
  conversionPaths,
  convertDataset,
  type ImportOptions,
  type ImportReport,
  importLabels,
  readDatasetConfig,
} from "@emotionnet/train";
import type { DatasetConvertFlags } from "../commands/dataset-convert.ts";
import { EXIT, type Session } from "../session.ts";

export async function runDatasetConvert(session: Session, flags: DatasetConvertFlags): Promise<number> {
  const work = { log: session.notice, onProgress: session.progress.show, signal: session.signal };
  if (flags.from !== undefined) {
    const { source: target } = conversionPaths(await readDatasetConfig(flags.config_path));
    const source = flags.source ?? target;
    const { cardPath } = await importFrom({
      ...work,
      from: flags.from,
      source,
      target,
      licence: flags.licence,
    });
    session.progress.clear();
    session.notice(`Data card: ${cardPath}`);
  } else if (flags.source !== undefined || flags.licence !== undefined) {
    throw new EmotionNetError("usage", {
      got: "--source or --licence without --from",
      wanted: "the form of the data to import",
      mend: "Add --from multipie, ckplus, csv or photos.",
    });
  }
  const { samples, records } = await convertDataset({ ...work, configPath: flags.config_path });
  session.progress.clear();
  const parts = (["train", "validate", "test"] as const).map(
    (part) => `${records[part]}  ${samples[part]}\n`,
  );
  await session.print(parts.join(""));
  return EXIT.ok;
}

/** Only photos need the networks that find faces, which are loaded for them alone. */
async function importFrom(options: ImportOptions): Promise<ImportReport> {
  if (options.from !== "photos") return importLabels(options);
  const [{ readPhoto }, { FaceReader }] = await Promise.all([
    import("@emotionnet/media"),
    import("@emotionnet/vision"),
  ]);
  const reader = await FaceReader.create();
  try {
    return await importLabels({
      ...options,
      readLandmarks: async (photo) =>
        (await reader.read(await readPhoto(photo))).map(({ landmarks }) => landmarks),
    });
  } finally {
    await reader.close();
  }
}
