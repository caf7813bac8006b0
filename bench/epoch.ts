/**
 * One epoch of training on faces that are drawn meanwhile, by the clock: the reference profile, batch 1024, everything that
 * `emotionnet train` does until the epoch's last step: `npm run build && node dist/bench/epoch.js [samples] [threads]`.
 * 750,000 samples are an epoch of the size of Multi-PIE; fewer are measured as quickly as they go, and said to be fewer.
 * Needs as many free cores as `threads` and one more, which draws.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawnTraining, generateFaces, parseTrainingSpec, trainModel } from "@emotionnet/train";

export const WHOLE_EPOCH = 750_000;
const SAMPLES_PER_PERSON = 60;
const BATCH = 1024;

export interface EpochTime {
  readonly samples: number;
  readonly batch: number;
  /** Of the step; one more draws. */
  readonly threads: number;
  readonly cores: number;
  /** From the call to the last step: starting, drawing, training. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Of the time in which steps are taken, 0..1. */
  readonly waitingShare: number;
  /** Seconds that a whole epoch takes at this rate. */
  readonly wholeEpochSeconds: number;
}

export async function timeEpoch(samples: number, threads = 1): Promise<EpochTime> {
  const persons = Math.max(1, Math.round(samples / SAMPLES_PER_PERSON));
  const train = drawnTraining([{ persons, samplesPerPerson: SAMPLES_PER_PERSON, seed: 1 }]);
  const validation = generateFaces({ persons: 10, samplesPerPerson: 30, seed: 2 });
  const spec = parseTrainingSpec(
    `{num_epoch: 1, augmentation: {flip: True, point_noise: 0.01}, dataloader: {batch_size: ${BATCH}}, model: {model_parameters: {profile: reference}}}`,
  );
  const resultsDirectory = mkdtempSync(join(tmpdir(), "emotionnet-epoch-"));
  const started = performance.now();
  let ended = started;
  let taken = 0;
  try {
    const { epochs } = await trainModel({
      train,
      validation,
      spec,
      threads,
      resultsDirectory,
      onProgress: ({ done }) => {
        taken = done * BATCH;
        ended = performance.now();
      },
    });
    const seconds = (ended - started) / 1000;
    return {
      samples: taken,
      batch: BATCH,
      threads,
      cores: availableParallelism(),
      seconds,
      samplesPerSecond: taken / seconds,
      waitingShare: epochs[0]!.waitingShare,
      wholeEpochSeconds: (seconds * WHOLE_EPOCH) / taken,
    };
  } finally {
    rmSync(resultsDirectory, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [samples = WHOLE_EPOCH, threads = 1] = process.argv.slice(2).map(Number);
  const time = await timeEpoch(samples, threads);
  const whole = time.samples >= WHOLE_EPOCH - BATCH;
  console.log(
    `${time.samples} samples in ${time.seconds.toFixed(1)} s by the clock: ${Math.round(time.samplesPerSecond)} samples/s, ${time.threads} thread(s) for the step, ${time.cores} cores`,
  );
  console.log(`the step waited for faces ${(100 * time.waitingShare).toFixed(1)} % of the epoch`);
  if (!whole) {
    console.log(
      `extrapolated, not measured: ${WHOLE_EPOCH} samples in ${time.wholeEpochSeconds.toFixed(0)} s (the start weighs more in a short run)`,
    );
  }
}
