/**
 * Our browser build against Human (WebAssembly backend) in headless Chromium, interleaved, each in a tab of its own:
 * `npm run build && node dist/bench/pipelines/browser-race.js [photo|video] [folder of photos]`. Needs /usr/bin/chromium, ffmpeg for
 * the frames, and the network once for TensorFlow.js.
 */

import { fileURLToPath } from "node:url";
import type { CDPSession, Page } from "playwright-core";
import { versionOf } from "../peers.ts";
import { browserPages } from "./browser-pages.ts";
import { framesOf } from "./clip-frames.ts";
import { type Material, material } from "./material.ts";
import {
  type PipelineStanding,
  type Round,
  type Runner,
  racePipelines,
  standingLines,
} from "./pipeline-race.ts";

export const BROWSER_ROUNDS = 5;
/** Frames of the clip that all see, every one from the start, as pictures that are decoded beforehand. */
const FRAMES = 60;

/** How often each photo is read in a round, so that a round is long enough to tell. */
const PHOTO_TURNS = 3;

/** Ours in workers; Human on its page, and on a page that may use threads, with as many as it takes by itself (half of the cores). */
const CONTENDERS = [
  { who: "ours", name: "ours", preset: "balanced", page: "index.html" },
  { who: "ours", name: "ours, one worker", preset: "balanced", workers: 1, page: "index.html" },
  { who: "ours", name: "ours, preset fast", preset: "fast", page: "index.html" },
  { who: "human", name: "", page: "index.html" },
  { who: "human", name: ", page with threads", page: "isolated/index.html" },
] as const;

export interface PipelineBrowserRace {
  /** Name and version. */
  readonly browser: string;
  readonly standings: readonly PipelineStanding[];
}

export async function raceInBrowser(
  kind: "photo" | "video",
  races: Material,
  log: (line: string) => void,
): Promise<PipelineBrowserRace> {
  const pictures = kind === "photo" ? photosOf(races) : await framesOf(races.clip, FRAMES);
  const pages = await browserPages(pictures, log);
  try {
    const processes = await pages.processes();
    const human = `Human ${versionOf("@vladmandic/human")}`;
    const runners: Runner[] = [];
    for (const { name, page, ...contender } of CONTENDERS) {
      const tab = await pages.open(page);
      await tab.waitForFunction("globalThis.prepare !== undefined");
      await tab.evaluate(`prepare(${JSON.stringify({ ...contender, kind, pictures: pictures.length })})`);
      runners.push({
        name: contender.who === "ours" ? name : human + name,
        round: () => roundOf(tab, processes),
      });
    }
    const standings = await racePipelines(runners, BROWSER_ROUNDS, log);
    return { browser: pages.browser, standings };
  } finally {
    await pages.close();
  }
}

function photosOf({ pictures }: Material): string[] {
  return Array.from({ length: PHOTO_TURNS }, () => pictures).flat();
}

/** Processor time is that of all processes of the browser: only one contender runs at a time. */
async function roundOf(tab: Page, processes: CDPSession): Promise<Round> {
  const processorSeconds = async () => {
    const { processInfo } = await processes.send("SystemInfo.getProcessInfo");
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  await tab.evaluate("decode()");
  const before = await processorSeconds();
  const done = await tab.evaluate<{ items: number; faces: number; seconds: number }>("round()");
  return { ...done, processorSeconds: (await processorSeconds()) - before };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [wanted, folder] = process.argv.slice(2);
  const races = await material(folder);
  console.log(races.description);
  for (const kind of ["photo", "video"] as const) {
    if (wanted !== undefined && wanted !== kind) continue;
    const { browser, standings } = await raceInBrowser(kind, races, (line) =>
      console.error(`${kind}: ${line}`),
    );
    console.log([browser, ...standingLines(standings, kind === "photo" ? "photos" : "frames")].join("\n"));
  }
}
