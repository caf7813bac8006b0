/** Where the time of one face goes. */

import { measureStages } from "../stages.ts";
import { type Section, table, whole } from "./section.ts";

export const stagesSection: Section = {
  name: "stages",
  async write() {
    const rows = (await measureStages()).map(({ name, nanoseconds }) => [name, whole(nanoseconds)]);
    return `## Where the time of one face goes

\`node dist/bench/stages.js\`: the default model, every stage called alone on what it meets in the whole, then whole calls; one thread,
medians of interleaved rounds. \`classifyBatch\` normalises, runs the layers and takes the softmax; \`classify\` also judges the quality of the
landmarks, in double precision on both kernels, and makes an object of the answer. Faces are \`Float32Array\` unless it says pairs. Stages called
alone copy their input, so they add up to a little more than the whole.

${table(["", "ns of processor time a face"], rows)}`;
  },
};
