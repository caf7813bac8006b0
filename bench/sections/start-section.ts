/** What starting the command and shipping core cost. */

import { measureStart } from "../startup.ts";
import { type Section, whole } from "./section.ts";

export const startSection: Section = {
  name: "start",
  async write() {
    const { emptyMilliseconds, helpMore, coreBytes } = await measureStart();
    return `## Start and size

\`node dist/bench/startup.js\`: an empty Node process takes ${emptyMilliseconds.toFixed(0)} ms of processor time, \`emotionnet --help\` ${helpMore.toFixed(0)} ms
more (medians of interleaved rounds). Core is ${whole(coreBytes)} bytes minified and gzipped, without the weights. \`classifyBatch\` with a
target allocates nothing over a million calls, and \`classify\` keeps nothing of a million answers (\`npx vitest run tests/allocation.test.ts\`).`;
  },
};
