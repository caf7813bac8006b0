/**
 * Runs all races and writes docs/reference/performance.md: `npm run build && node dist/bench/performance.js`. Minutes; needs the
 * network once for TensorFlow.js, /usr/bin/chromium for the browser's table and Debian's python3-torch for training.
 */

import { existsSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { CARD_DEVICES, machineFacts } from "@emotionnet/train";
import { type BrowserRace, raceBrowser } from "./browser.ts";
import { type ClassifierRace, raceClassifier } from "./classifier.ts";
import { repository } from "./repository.ts";
import { measureStart, type StartCosts } from "./startup.ts";
import { raceTraining, type TrainingRace } from "./training.ts";

const target = join(repository, "docs/reference/performance.md");
const log = (line: string) => console.error(line);
const whole = (value: number) => Math.round(value).toLocaleString("en");
const times = (value: number) => `${value.toFixed(2)}×`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

function classifierSection(race: ClassifierRace, title: string, command: string): string {
  const { network, faces, batches, accuracy } = race;
  const names = accuracy.map(({ name }) => name);
  const speed = table(
    ["faces/s (ratio)", ...batches.map(({ batch }) => `batch ${batch}`)],
    names.map((name, index) => [
      name,
      ...batches.map(
        ({ standings, ratios }) => `${whole(standings[index]!.median)} (${times(ratios[index]!)})`,
      ),
    ]),
  );
  const scores = table(
    ["accuracy of what was timed", "macro F1, simulated"],
    accuracy.map(({ name, macroF1 }) => [name, macroF1.toFixed(4)]),
  );
  const rounds = batches[0]!.standings[0]!.rates.length;
  return `## ${title}

\`${command}\`: ${network}, landmarks normalised inside the call, one thread each, median of ${rounds} interleaved rounds; the
ratio is the median over the rounds against onnxruntime-node on the bare layers, its fastest form; \`exported\` is the graph that \`emotionnet export\`
writes, which normalises inside. Macro F1 on ${whole(faces)} simulated faces that no training saw.

${speed}

${scores}`;
}

function browserSection({ browser, standings, ratios }: BrowserRace): string {
  const rows = standings.map(({ name, median }, index) => [name, whole(median), times(ratios[index]!)]);
  return `## The default model in ${browser}, headless

\`node dist/bench/browser.js\`: batch 1, one thread, faces for onnxruntime-web normalised beforehand, median of ${standings[0]!.rates.length} interleaved rounds.

${table(["", "faces/s", "ratio"], rows)}`;
}

function trainingSection({ profile, batch, standings, ratio }: TrainingRace): string {
  const rows = standings.map(({ name, median }) => [name, whole(median)]);
  const compared = ratio === undefined ? "PyTorch was not installed." : `Ours is ${times(ratio)} as fast.`;
  return `## The training step

\`node dist/bench/training.js\`: ${profile} profile, batch ${batch}, one thread, forward, backward, Adam, L2, dropout 0.3, batch norm; median of
${standings[0]!.rates.length} interleaved rounds. ${compared}

${table(["", "samples/s"], rows)}`;
}

function startSection({ emptyMilliseconds, helpMore, coreBytes }: StartCosts): string {
  return `## Start and size

\`node dist/bench/startup.js\`: an empty Node process takes ${emptyMilliseconds.toFixed(0)} ms of processor time, \`emotionnet --help\` ${helpMore.toFixed(0)} ms
more (medians of interleaved rounds). Core is ${whole(coreBytes)} bytes minified and gzipped, without the weights. \`classifyBatch\` with a
target keeps nothing on the heap over a million calls (\`npx vitest run tests/allocation.test.ts\`).`;
}

const machine = machineFacts();
const before = loadavg()[0]!;
log("Start-up …");
const start = await measureStart();
log("Browser …");
const browser = existsSync("/usr/bin/chromium") ? await raceBrowser() : undefined;
const compact = await raceClassifier("compact", log);
const reference = await raceClassifier("reference", log);
log("Training …");
const training = await raceTraining();
const load = Math.max(before, loadavg()[0]!).toFixed(1);
const card = CARD_DEVICES.map(({ device, framesPerSecond }) => [device, whole(framesPerSecond)]);

writeFileSync(
  target,
  `# Performance

Written by \`node dist/bench/performance.js\` on ${new Date().toISOString().slice(0, 10)}; each table names the command that repeats it alone.

- Machine: ${machine.processor}, ${machine.cores} virtual cores, ${machine.system}, ${machine.runtime}.
- Other programs ran at the same time (load up to ${load}). Rates are therefore per second of **processor time** of the process that works, which
  leaves out the time in which others run; on a free machine that is the time on the clock. It does not leave out that neighbours
  share caches and memory: between runs absolute figures moved by up to a third, so read the ratios. All contenders of a table ran in one
  process of races, round by round.
- A ratio between engines holds for one thread. Engines that answer asynchronously wait besides, which processor time does not count: on the
  clock they are slower at batch 1 than shown.
- \`emotionnet benchmark\` measures on your machine, by the clock.

For context, the card of the original model (another data set, FP16, batch 1, trtexec):

${table(["device", "frames/s"], card)}

${classifierSection(compact, "The default model in Node", "node dist/bench/classifier.js compact")}

${browser ? browserSection(browser) : "No Chromium was found for the browser's table."}

${classifierSection(reference, "The 512-wide reference profile in Node", "node dist/bench/classifier.js reference")}

The reference profile was trained for six epochs on 20,000 simulated faces for this race; its F1 says what rounding costs, not how good the
profile can be.

${trainingSection(training)}

${startSection(start)}
`,
);
log(`Written to ${target}.`);
