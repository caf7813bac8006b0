/** The training step beside PyTorch, and a whole epoch with the drawing of its faces. */

import { timeEpoch, WHOLE_EPOCH } from "../epoch.ts";
import { raceTraining, type TrainingRace } from "../training.ts";
import { type Section, table, times, whole } from "./section.ts";

/** Threads that are compared; more than the machine has cores mean nothing. */
const THREADS = [1, 2];

export const trainingSection: Section = {
  name: "training",
  async write(log) {
    const races: TrainingRace[] = [];
    for (const threads of THREADS) {
      log(`${threads} thread(s) …`);
      races.push(await raceTraining(1024, threads));
    }
    log("a whole epoch …");
    const epoch = await timeEpoch(WHOLE_EPOCH);
    const { profile, batch, standings } = races[0]!;
    const rows = races.flatMap((race) =>
      race.standings.map(({ name, median }, index) => [
        name,
        String(race.threads),
        race.unit,
        whole(median),
        index === 0 && race.ratio !== undefined ? times(race.ratio) : "",
      ]),
    );
    const missing = standings.length > 1 ? "" : " PyTorch was not installed.";
    return `## Training

\`node dist/bench/training.js ${batch} THREADS\`: one step of the ${profile} profile at batch ${batch}: forward, backward, Adam, L2, dropout 0.3, batch
norm; medians of ${standings[0]!.rates.length} interleaved rounds over eight batches. More than one thread is measured by the clock, which other
programs disturb.${missing}

${table(["", "threads", "time", "samples/s", "ours to theirs"], rows)}

\`node dist/bench/epoch.js ${WHOLE_EPOCH}\`: an epoch of ${whole(epoch.samples)} faces of the ${profile} profile, drawn while it trains, took ${epoch.seconds.toFixed(0)} s by the
clock, starting included (${whole(epoch.samplesPerSecond)} samples/s; ${epoch.threads} thread for the step and one that draws, ${epoch.cores} cores). The step waited for faces
${(100 * epoch.waitingShare).toFixed(1)} % of the time.`;
  },
};
