/** What starting the command and shipping core costs: `npm run build && node bench/startup.mjs`. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { median } from "./interleave.mjs";

const ROUNDS = 9;
const root = fileURLToPath(new URL("..", import.meta.url));

/** Milliseconds of processor time that the process itself counted when it ended. */
function processorTime(program) {
  const probe = `process.on("exit", () => {
    const used = process.cpuUsage();
    process.stderr.write("\\n" + (used.user + used.system));
  });`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", probe + program]);
  return Number(stderr.toString().trim().split("\n").at(-1)) / 1000;
}

/** @returns milliseconds of an empty Node process and of `emotionnet --help`, and core's gzipped bytes without weights */
export async function measureStart() {
  const help = `process.argv.push("emotionnet", "--help"); await import(${JSON.stringify(`${root}packages/cli/bin/emotionnet.js`)});`;
  const times = { empty: [], help: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.empty.push(processorTime(""));
    times.help.push(processorTime(help));
  }
  const more = median(times.help.map((time, round) => time - times.empty[round]));
  return { emptyMilliseconds: median(times.empty), helpMore: more, coreBytes: await coreBytes() };
}

async function coreBytes() {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: "esbuild",
      modulePreload: false,
      rollupOptions: { input: `${root}packages/core/dist/index.js`, preserveEntrySignatures: "strict" },
    },
  });
  const code = result.output.filter(
    ({ type, fileName }) => type === "chunk" && !fileName.includes("default-model"),
  );
  return gzipSync(code.map((chunk) => chunk.code).join("\n"), { level: 9 }).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { emptyMilliseconds, helpMore, coreBytes: bytes } = await measureStart();
  console.log(
    `node -e 0: ${emptyMilliseconds.toFixed(0)} ms of processor time; emotionnet --help: ${helpMore.toFixed(0)} ms more`,
  );
  console.log(`core, minified and gzipped, without weights: ${bytes} bytes`);
}
