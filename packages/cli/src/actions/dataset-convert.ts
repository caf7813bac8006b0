/** `emotionnet dataset_convert`: label files, or another data set, to training records. */

import { EmotionNetError } from "@emotionnet/core";
import { conversionPaths, convertDataset, importLabels, readDatasetConfig } from "@emotionnet/train";
import type { DatasetConvertFlags } from "../commands/dataset-convert.ts";
import { EXIT, type Session } from "../session.ts";

export async function runDatasetConvert(session: Session, flags: DatasetConvertFlags): Promise<number> {
  const work = { log: session.notice, onProgress: session.progress.show, signal: session.signal };
  if (flags.from !== undefined) {
    const { source: target } = conversionPaths(await readDatasetConfig(flags.config_path));
    const source = flags.source ?? target;
    const { cardPath } = await importLabels({
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
      mend: "Add --from multipie, ckplus or csv.",
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
