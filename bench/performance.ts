/**
 * Measures every section and writes docs/reference/performance.md: `npm run build && node dist/bench/performance.js`. Minutes;
 * needs the network once for TensorFlow.js, /usr/bin/chromium for the browser's table and Debian's python3-torch for training.
 * With names of sections it measures only those and leaves the others as they stand on the page: `node dist/bench/performance.js browser start`.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
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

const today = new Date().toISOString().slice(0, 10);
const page = existsSync(target) ? readFileSync(target, "utf8") : "";
const texts = new Map(SECTIONS.map((section) => [section, standing(section)]));
for (const section of SECTIONS) {
  if (wanted.length > 0 && !wanted.includes(section.name)) continue;
  texts.set(section, await measured(section));
  writePage();
}
log(`Written to ${target}.`);

/** After every section, so that an interrupted run keeps what it measured. */
function writePage(): void {
  const sections = [...texts].filter(([, text]) => text !== undefined);
  const body = sections.map(([section, text]) => `${markOf(section)}\n\n${text}`);
  writeFileSync(target, `${[introduction(), ...body].join("\n\n")}\n`);
}

/** What a section writes, with the day and the load of its measuring below its heading. */
async function measured(section: Section): Promise<string> {
  log(`${section.name} …`);
  const before = loadavg()[0]!;
  const text = await section.write(log);
  const load = Math.max(before, loadavg()[0]!);
  const [heading, ...rest] = text.split("\n");
  return [heading, "", `_Measured on ${today}, load up to ${load.toFixed(1)}._`, ...rest].join("\n");
}

function markOf({ name }: Section): string {
  return `<!-- section ${name} -->`;
}

/** What the page says under the section's mark, if anything. */
function standing(section: Section): string | undefined {
  const start = page.indexOf(markOf(section));
  if (start < 0) return undefined;
  const [text] = page.slice(start + markOf(section).length).split("<!-- section ");
  return text?.trim();
}

function introduction(): string {
  const machine = machineFacts();
  const card = CARD_DEVICES.map(({ device, framesPerSecond }) => [device, whole(framesPerSecond)]);
  return `# Performance

Written by \`node dist/bench/performance.js\`; each table names the command that repeats it alone.

- Machine: ${machine.processor}, ${machine.cores} virtual cores, ${machine.system}, ${machine.runtime}.
- Other programs ran at the same time; every section tells the load. Rates are therefore per second of **processor time** of the process that works, which
  leaves out the time in which others run; on a free machine that is the time on the clock. It does not leave out that neighbours
  share caches and memory: between runs absolute figures moved by up to a third, so read the ratios. All contenders of a table ran in one
  process of races, round by round.
- A ratio between engines holds for one thread. Engines that answer asynchronously wait besides, which processor time does not count: on the
  clock they are slower at batch 1 than shown.
- \`emotionnet benchmark\` measures on your machine, by the clock.

For context, the card of the original model (another data set, FP16, batch 1, trtexec):

${table(["device", "frames/s"], card)}`;
}
