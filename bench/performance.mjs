/**
 * Runs all races and writes docs/reference/performance.md: `npm run build && node bench/performance.mjs`. Minutes; needs the
 * network once for TensorFlow.js, /usr/bin/chromium for the browser's table and Debian's python3-torch for training.
 */

import { existsSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { CARD_DEVICES, machineFacts } from "../packages/train/dist/index.js";
import { raceBrowser } from "./browser.mjs";
import { raceClassifier } from "./classifier.mjs";
import { measureStart } from "./startup.mjs";
import { raceTraining } from "./training.mjs";

const target = fileURLToPath(new URL("../docs/reference/performance.md", import.meta.url));
const log = (line) => console.error(line);
const whole = (value) => Math.round(value).toLocaleString("en");
const times = (value) => `${value.toFixed(2)}×`;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

function classifierSection({ network, faces, batches, accuracy }, title, command) {
  const names = accuracy.map(({ name }) => name);
  const speed = table(
    ["faces/s (ratio)", ...batches.map(({ batch }) => `batch ${batch}`)],
    names.map((name, index) => [
      name,
      ...batches.map(
        ({ standings, ratios }) => `${whole(standings[index].median)} (${times(ratios[index])})`,
      ),
    ]),
  );
  const scores = table(
    ["accuracy of what was timed", "macro F1, simulated"],
    accuracy.map(({ name, macroF1 }) => [name, macroF1.toFixed(4)]),
  );
  const rounds = batches[0].standings[0].rates.length;
  return `## ${title}

\`${command}\`: ${network}, landmarks normalised inside the call, one thread each, median of ${rounds} interleaved rounds; the
ratio is the median over the rounds against onnxruntime-node on the bare layers, its fastest form; \`exported\` is the graph that \`emotionnet export\`
writes, which normalises inside. Macro F1 on ${whole(faces)} simulated faces that no training saw.

${speed}

${scores}`;
}

function browserSection({ browser, standings, ratios }) {
  const rows = standings.map(({ name, median }, index) => [name, whole(median), times(ratios[index])]);
  return `## The default model in ${browser}, headless

\`node bench/browser.mjs\`: batch 1, one thread, faces for onnxruntime-web normalised beforehand, median of ${standings[0].rates.length} interleaved rounds.

${table(["", "faces/s", "ratio"], rows)}`;
}

function trainingSection({ profile, batch, standings, ratio }) {
  const rows = standings.map(({ name, median }) => [name, whole(median)]);
  const compared = ratio === undefined ? "PyTorch was not installed." : `Ours is ${times(ratio)} as fast.`;
  return `## The training step

\`node bench/training.mjs\`: ${profile} profile, batch ${batch}, one thread, forward, backward, Adam, L2, dropout 0.3, batch norm; median of
${standings[0].rates.length} interleaved rounds. ${compared}

${table(["", "samples/s"], rows)}`;
}

function startSection({ emptyMilliseconds, helpMore, coreBytes }) {
  return `## Start and size

\`node bench/startup.mjs\`: an empty Node process takes ${emptyMilliseconds.toFixed(0)} ms of processor time, \`emotionnet --help\` ${helpMore.toFixed(0)} ms
more (medians of interleaved rounds). Core is ${whole(coreBytes)} bytes minified and gzipped, without the weights. \`classifyBatch\` with a
target keeps nothing on the heap over a million calls (\`npx vitest run tests/allocation.test.ts\`).`;
}

const machine = machineFacts();
const before = loadavg()[0];
log("Start-up …");
const start = await measureStart();
log("Browser …");
const browser = existsSync("/usr/bin/chromium") ? await raceBrowser() : undefined;
const compact = await raceClassifier("compact", log);
const reference = await raceClassifier("reference", log);
log("Training …");
const training = await raceTraining();
const load = Math.max(before, loadavg()[0]).toFixed(1);
const card = CARD_DEVICES.map(({ device, framesPerSecond }) => [device, whole(framesPerSecond)]);

writeFileSync(
  target,
  `# Performance

Written by \`node bench/performance.mjs\` on ${new Date().toISOString().slice(0, 10)}; each table names the command that repeats it alone.

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

${classifierSection(compact, "The default model in Node", "node bench/classifier.mjs compact")}

${browser ? browserSection(browser) : "No Chromium was found for the browser's table."}

${classifierSection(reference, "The 512-wide reference profile in Node", "node bench/classifier.mjs reference")}

The reference profile was trained for six epochs on 20,000 simulated faces for this race; its F1 says what rounding costs, not how good the
profile can be.

${trainingSection(training)}

${startSection(start)}
`,
);
log(`Written to ${target}.`);
