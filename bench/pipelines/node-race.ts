/**
 * Our photo and video pipelines against face-api in Node, interleaved, from files to expressions:
 * `npm run build && node dist/bench/pipelines/node-race.js [photo|video] [folder of photos]`. Needs ffmpeg for video, and the
 * network once for face-api.
 */

import { fileURLToPath } from "node:url";
import { analyze } from "@emotionnet/analyze";
import { EmotionNet } from "@emotionnet/core";
import { openVideo, readPhoto } from "@emotionnet/media";
import { FaceReader, PRESETS, type Preset } from "@emotionnet/vision";
import { type FaceApiPipeline, faceApiPipelines } from "./face-api.ts";
import { type Material, material } from "./material.ts";
import {
  type PipelineStanding,
  type Round,
  type Runner,
  racePipelines,
  standingLines,
  timedRound,
} from "./pipeline-race.ts";

export const NODE_ROUNDS = 5;
/** A slow peer sees only the beginning of the clip. */
const PEER_FRAMES = 20;

/** Ours in its three presets (photos only), then face-api with either detector; times are ratios of the default preset. */
export async function raceInNode(
  kind: "photo" | "video",
  races: Material,
  log: (line: string) => void,
): Promise<PipelineStanding[]> {
  const net = await EmotionNet.load();
  const presets = kind === "photo" ? (["balanced", "fast", "accurate"] as const) : (["balanced"] as const);
  const readers = new Map<Preset, FaceReader>();
  for (const preset of presets) readers.set(preset, await FaceReader.create({ preset }));
  const sources = kind === "photo" ? races.pictures : [races.clip];
  const ours = presets.map((preset): Runner => {
    const passes = `${PRESETS[preset].passes} passes`;
    return {
      name: kind === "photo" ? `ours, preset ${preset} (${passes})` : "ours",
      round: () =>
        timedRound(async () => {
          let [items, faces] = [0, 0];
          for await (const result of analyze(sources, { model: net, reader: readers.get(preset)! })) {
            if (result.error) throw new Error(`${result.source}: ${result.error.message}`);
            items++;
            faces += result.faces.length;
          }
          return { items, faces };
        }),
    };
  });
  const peers = (await faceApiPipelines()).map((peer): Runner => {
    const round = kind === "photo" ? () => photosBy(peer, races) : () => framesBy(peer, races);
    return { name: peer.name, round };
  });
  const standings = await racePipelines([...ours, ...peers], NODE_ROUNDS, log);
  for (const reader of readers.values()) await reader.close();
  return standings;
}

/** Decoded by the same function as ours. */
function photosBy(peer: FaceApiPipeline, { pictures }: Material): Promise<Round> {
  return timedRound(async () => {
    let faces = 0;
    for (const path of pictures) faces += await peer.read(await readPhoto(path));
    return { items: pictures.length, faces };
  });
}

/** Decoded by the same process as ours, whose start does not count for the peer: it sees fewer frames. */
async function framesBy(peer: FaceApiPipeline, { clip }: Material): Promise<Round> {
  const { frames } = await openVideo(clip);
  await frames.next();
  const round = await timedRound(async () => {
    let faces = 0;
    for (let frame = 0; frame < PEER_FRAMES; frame++) {
      const { value } = await frames.next();
      if (!value) throw new Error(`${clip} is shorter than ${PEER_FRAMES} frames.`);
      faces += await peer.read(value.image);
    }
    return { items: PEER_FRAMES, faces };
  });
  await frames.return();
  return round;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [wanted, folder] = process.argv.slice(2);
  const races = await material(folder);
  console.log(races.description);
  for (const kind of ["photo", "video"] as const) {
    if (wanted !== undefined && wanted !== kind) continue;
    const standings = await raceInNode(kind, races, (line) => console.error(`${kind}: ${line}`));
    console.log(standingLines(standings, kind === "photo" ? "photos" : "frames").join("\n"));
  }
}
