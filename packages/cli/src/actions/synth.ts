/** `emotionnet synth`: a synthetic data set on disk. */

import { synthesise, synthesiseLabels } from "@emotionnet/train";
import type { SynthFlags } from "../commands/synth.ts";
import { EXIT, type Session } from "../session.ts";

export async function runSynth(session: Session, flags: SynthFlags): Promise<number> {
  const options = {
    directory: flags.out,
    setName: flags.name,
    persons: flags.persons,
    samplesPerPerson: flags.samples,
    seed: flags.seed,
    protocol: flags.protocol,
    classShares: flags.classShares,
    onProgress: session.progress.show,
    signal: session.signal,
  };
  if (flags.labels) {
    const { files, labels } = await synthesiseLabels(options);
    session.progress.clear();
    await session.print(`${files} label files in ${labels}\n`);
    return EXIT.ok;
  }
  const set = await synthesise(options);
  session.progress.clear();
  await session.print(
    `${set.train} faces to train, ${set.validate} to validate, ${set.test} to test, in ${set.directory}\n`,
  );
  return EXIT.ok;
}
