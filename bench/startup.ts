/** What starting the command and shipping core costs: `npm run build && node dist/bench/startup.js`. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { median } from "./interleave.ts";
import { repository } from "./repository.ts";

const ROUNDS = 9;

/** Milliseconds of processor time that the process itself counted when it ended. */
function processorTime(program: string): number {
  const probe = `process.on("exit", () => {
    const used = process.cpuUsage();
    process.stderr.write("\\n" + (used.user + used.system));
  });`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", probe + program]);
  return Number(stderr.toString().trim().split("\n").at(-1)) / 1000;
}

/** What starting and shipping costs. */
export interface StartCosts {
  /** Processor time of an empty Node process. */
  readonly emptyMilliseconds: number;
  /** What `emotionnet --help` takes more. */
  readonly helpMore: number;
  /** Core minified and gzipped, without weights. */
  readonly coreBytes: number;
}

/** Measures in interleaved rounds; half a minute. */
export async function measureStart(): Promise<StartCosts> {
  const help = `process.argv.push("emotionnet", "--help"); await import(${JSON.stringify(`${repository}packages/cli/bin/emotionnet.js`)});`;
  const times: { empty: number[]; help: number[] } = { empty: [], help: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.empty.push(processorTime(""));
    times.help.push(processorTime(help));
  }
  const more = median(times.help.map((time, round) => time - times.empty[round]!));
  return { emptyMilliseconds: median(times.empty), helpMore: more, coreBytes: await coreBytes() };
}

async function coreBytes(): Promise<number> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: "esbuild",
      modulePreload: false,
      rollupOptions: { input: `${repository}packages/core/dist/index.js`, preserveEntrySignatures: "strict" },
    },
  });
  if (!("output" in result)) throw new Error("Vite gave no single bundle.");
  const code = result.output.flatMap((file) =>
    file.type === "chunk" && !file.fileName.includes("default-model") ? [file.code] : [],
  );
  return gzipSync(code.join("\n"), { level: 9 }).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { emptyMilliseconds, helpMore, coreBytes: bytes } = await measureStart();
  console.log(
    `node -e 0: ${emptyMilliseconds.toFixed(0)} ms of processor time; emotionnet --help: ${helpMore.toFixed(0)} ms more`,
  );
  console.log(`core, minified and gzipped, without weights: ${bytes} bytes`);
}
