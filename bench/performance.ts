/**
 * Measures every section and writes docs/reference/performance.md: `npm run build && node dist/bench/performance.js`. Minutes;
 * needs the network once for TensorFlow.js, /usr/bin/chromium for the browser's table and Debian's python3-torch for training.
 * With names of sections it measures only those, prints them and leaves the page as it is: `node dist/bench/performance.js browser start`.
 */

import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { CARD_DEVICES, machineFacts } from "@emotionnet/train";
import { repository } from "./repository.ts";
import { browserSection } from "./sections/browser-section.ts";
import { compactSection, referenceSection } from "./sections/classifier-section.ts";
import { pipelineSection } from "./sections/pipeline-section.ts";
import { type Section, table, whole } from "./sections/section.ts";
import { stagesSection } from "./sections/stages-section.ts";
import { startSection } from "./sections/start-section.ts";
import { trainingSection } from "./sections/training-section.ts";

/** In the order of the page, which is also that of measuring. */
const SECTIONS: readonly Section[] = [
  compactSection,
  stagesSection,
  browserSection,
  referenceSection,
  trainingSection,
  pipelineSection,
  startSection,
];

const target = join(repository, "docs/reference/performance.md");
const log = (line: string) => console.error(line);

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (SECTIONS.some((section) => section.name === name)) continue;
  throw new Error(`No section ${name}: give ${SECTIONS.map((section) => section.name).join(", ")}, or none.`);
}

const machine = machineFacts();
let load = loadavg()[0]!;
const texts: string[] = [];
for (const section of SECTIONS) {
  if (wanted.length > 0 && !wanted.includes(section.name)) continue;
  log(`${section.name} …`);
  texts.push(await section.write(log));
  load = Math.max(load, loadavg()[0]!);
}
if (wanted.length > 0) {
  console.log(texts.join("\n\n"));
} else {
  writeFileSync(target, `${introduction()}\n\n${texts.join("\n\n")}\n`);
  log(`Written to ${target}.`);
}

function introduction(): string {
  const card = CARD_DEVICES.map(({ device, framesPerSecond }) => [device, whole(framesPerSecond)]);
  return `# Performance

Written by \`node dist/bench/performance.js\` on ${new Date().toISOString().slice(0, 10)}; each table names the command that repeats it alone.

- Machine: ${machine.processor}, ${machine.cores} virtual cores, ${machine.system}, ${machine.runtime}.
- Other programs ran at the same time (load up to ${load.toFixed(1)}). Rates are therefore per second of **processor time** of the process that works, which
  leaves out the time in which others run; on a free machine that is the time on the clock. It does not leave out that neighbours
  share caches and memory: between runs absolute figures moved by up to a third, so read the ratios. All contenders of a table ran in one
  process of races, round by round.
- A ratio between engines holds for one thread. Engines that answer asynchronously wait besides, which processor time does not count: on the
  clock they are slower at batch 1 than shown.
- \`emotionnet benchmark\` measures on your machine, by the clock.

For context, the card of the original model (another data set, FP16, batch 1, trtexec):

${table(["device", "frames/s"], card)}`;
}
