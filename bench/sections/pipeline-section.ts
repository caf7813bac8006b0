/** Photos and videos from file to expression, against face-api and Human, stage by stage, and how their cost grows. */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { benchmarkPipeline, type PipelineReport } from "@emotionnet/analyze";
import { BROWSER_ROUNDS, type PipelineBrowserRace, raceInBrowser } from "../pipelines/browser-race.ts";
import { growthApart } from "../pipelines/growth.ts";
import { type Material, material } from "../pipelines/material.ts";
import { NODE_ROUNDS, raceInNode } from "../pipelines/node-race.ts";
import type { PipelineStanding } from "../pipelines/pipeline-race.ts";
import { repository } from "../repository.ts";
import { type Section, table, times } from "./section.ts";

/** Seconds for each stage table. */
const STAGE_SECONDS = 8;
/** The stages must explain the time on the clock up to so much of it. */
const LARGEST_GAP = 0.1;

export const pipelineSection: Section = {
  name: "pipelines",
  async write(log) {
    const races = await material();
    const [photoStages, videoStages] = await stageTables(races);
    const told = (kind: string) => (line: string) => log(`${kind}: ${line}`);
    const photo = await raceInNode("photo", races, told("photos in Node"));
    const video = await raceInNode("video", races, told("frames in Node"));
    const hasChromium = existsSync("/usr/bin/chromium");
    const browser = hasChromium
      ? browserTexts(
          await raceInBrowser("photo", races, told("photos in the browser")),
          await raceInBrowser("video", races, told("frames in the browser")),
        )
      : "No Chromium was found for the browser's tables.";
    return `## From files to expressions, in Node

\`node dist/bench/pipelines/node-race.js\`: ${races.description}. One thread for the networks of each; both decode with the same functions of ours, and
a video's decoder is a process of its own. \`ours\` is \`analyze\`, which decodes the next photo meanwhile; face-api finds faces, 68 landmarks and expressions on TensorFlow.js's WebAssembly
backend, with its fast or its accurate detector. Median of ${NODE_ROUNDS} interleaved rounds, by the clock and by processor time of the process; ratios are how many times as fast the first line is.

${standingTable("photos", photo)}

${standingTable("frames", video)}

## From files to expressions, in the browser

${browser}

## Where the time of a photo and a frame goes

\`emotionnet benchmark --pipeline photo photo.jpg\`, \`emotionnet benchmark --pipeline video clip.mp4\`: one item after the other, medians of the items in which a
stage ran, and its mean over all items. The stages cannot overlap; \`decode\` of a video is what waiting for the decoder's process and taking its
pixels costs. Only annotated copies need \`draw\`. The sum of the stages is ${percent(photoStages.accounted)} of a photo's time on the clock and ${percent(videoStages.accounted)} of a frame's
(this program fails when it is off by more than ${percent(LARGEST_GAP)}).

${stageText(photoStages, "a photo")}

${stageText(videoStages, "a frame")}

${growthText(log)}`;
  },
};

async function stageTables({ pictures, clip }: Material): Promise<[PipelineReport, PipelineReport]> {
  const seconds = STAGE_SECONDS;
  const photo = await benchmarkPipeline({ pipeline: "photo", file: pictures[0]!, seconds });
  const video = await benchmarkPipeline({ pipeline: "video", file: clip, seconds });
  for (const { pipeline, accounted } of [photo, video]) {
    if (Math.abs(accounted - 1) <= LARGEST_GAP) continue;
    throw new Error(
      `The stages of the ${pipeline} pipeline are ${percent(accounted)} of its time on the clock.`,
    );
  }
  return [photo, video];
}

function stageText({ stages, wall, width, height }: PipelineReport, item: string): string {
  const rows = stages.map(({ stage, runs, median, p95, mean, share }) => [
    stage,
    String(runs),
    ...[median, p95, mean].map((value) => value.toFixed(2)),
    percent(share),
  ]);
  return table(
    [`${item}, ${width}×${height}`, "runs", "median ms", "p95 ms", `ms ${item}`, "share"],
    [...rows, ["clock", "", "", "", wall.toFixed(2), ""]],
  );
}

function standingTable(unit: string, standings: readonly PipelineStanding[]): string {
  const rows = standings.map((standing) => [
    standing.name,
    `${standing.clock.median.toFixed(1)} (${times(standing.slowerByClock)})`,
    standing.processor
      ? `${standing.processor.median.toFixed(1)} (${times(standing.slowerByProcessor!)})`
      : "–",
    `${standing.faces} in ${standing.items}`,
  ]);
  return table(["", `${unit}/s (ours is … as fast)`, `${unit} a processor second`, "faces found"], rows);
}

function browserTexts(photo: PipelineBrowserRace, video: PipelineBrowserRace): string {
  return `\`node dist/bench/pipelines/browser-race.js\`: ${photo.browser}, headless, no GPU, on ${availableParallelism()} cores; the same pictures as JPEG files, each three times a round, and the first frames of the clip as pictures that the
browser has decoded. \`ours\` is \`FacePool\` as it comes: one worker a core, all photos given to it at once, a video followed in one of its workers with the
next frame sent while one is read; every frame is answered, in order. \`one worker\` reads one photo while the next is decoded. Human has no pool: it
runs on its page, one picture after the other, detector, mesh and expressions only, on its WebAssembly backend, every photo looked at; the second time on a page that may use threads, of
which it takes as many as it chooses. The detector of a video may rest in both. A tab for each, ready before the clock starts; median of ${BROWSER_ROUNDS} interleaved rounds; processor time
is that of all processes of the browser.

Both use the same detector network and run it on WebAssembly; ours then reads the mesh of a photo three times (\`fast\`: twice), with lips and lids refined, where Human
reads a plainer one once. How pixels come to the networks, and what that costs: \`node dist/bench/pipelines/pixels.js\`.

${standingTable("photos", photo.standings)}

${standingTable("frames", video.standings)}`;
}

function growthText(log: (line: string) => void): string {
  log("growth");
  const { faces, lengths } = growthApart(join(repository, "docs/images"));
  return `## How the cost grows

\`node dist/bench/pipelines/growth.js\`: 1280×720, drawn people; milliseconds of processor time, medians of interleaved rounds, in a process of its own. All faces go through the mesh in one run.

${table(
  ["drawn faces", "found", "a photo, decoded", "a frame, faces followed"],
  faces.map(({ drawn, found, photo, frame }) => [
    String(drawn),
    String(found),
    `${photo.toFixed(1)} ms`,
    `${frame.toFixed(1)} ms`,
  ]),
)}

![Cost by the number of faces](../images/cost-by-faces.svg)

Videos of growing length, read by \`analyze\`; memory is the largest that the process held meanwhile. Hours are in \`node dist/bench/video-memory.js\`.

${table(
  ["seconds of video", "frames", "a frame", "memory"],
  lengths.map(({ seconds, frames, perFrame, memory }) => [
    seconds.toFixed(0),
    String(frames),
    `${perFrame.toFixed(1)} ms`,
    `${memory.toFixed(0)} MB`,
  ]),
)}

![Memory by the length of a video](../images/memory-by-length.svg)`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
