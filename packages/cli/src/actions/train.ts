/** `emotionnet train`: a spec file and its data to a model. */

import { keyFrom, trainFromSpec } from "@emotionnet/train";
import type { TrainFlags } from "../commands/train.ts";
import { EXIT, type Session } from "../session.ts";

export async function runTrain(session: Session, flags: TrainFlags): Promise<number> {
  const key = keyFrom(flags, process.env);
  const outcome = await trainFromSpec({
    specPath: flags.experiment_spec_file,
    ...(flags.results_dir === undefined ? {} : { resultsDirectory: flags.results_dir }),
    ...(key === undefined ? {} : { key }),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    resume: flags.resume === true,
    onProgress: session.progress.show,
    log: session.notice,
    signal: session.signal,
  });
  session.progress.clear();
  const { accuracy, macroF1, loss } = outcome.validation;
  const figures = `accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}, loss ${loss.toFixed(4)}`;
  const mark = outcome.isSimulated ? " (simulated)" : "";
  await session.print(
    `Best epoch ${outcome.bestEpoch}: validation ${figures}${mark}\n${outcome.modelPath}\n`,
  );
  return EXIT.ok;
}
