/** The training step beside PyTorch. */

import { raceTraining } from "../training.ts";
import { type Section, table, times, whole } from "./section.ts";

export const trainingSection: Section = {
  name: "training",
  async write() {
    const { profile, batch, standings, ratio } = await raceTraining();
    const rows = standings.map(({ name, median }) => [name, whole(median)]);
    const compared = ratio === undefined ? "PyTorch was not installed." : `Ours is ${times(ratio)} as fast.`;
    return `## The training step

\`node dist/bench/training.js\`: ${profile} profile, batch ${batch}, one thread, forward, backward, Adam, L2, dropout 0.3, batch norm; median of
${standings[0]!.rates.length} interleaved rounds. ${compared}

${table(["", "samples/s"], rows)}`;
  },
};
