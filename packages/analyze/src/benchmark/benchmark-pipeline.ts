/** The time of every stage from a file to annotated pixels, by the functions that `analyze` is made of. */

import { EmotionNet, EmotionNetError, type ModelSource } from "@emotionnet/core";
import { annotatePhoto, openVideo, readPhoto } from "@emotionnet/media";
import { FaceReader, type FaceReaderOptions } from "@emotionnet/vision";
import { faceResult } from "../result/source-result.ts";
import { DEFAULT_MAX_SIDE } from "../video/analyze-video.ts";
import { FollowedExpressions } from "../video/followed-expressions.ts";
import { StageClock, type StageTimes } from "./stage-clock.ts";
import { type StageRow, stageTable } from "./stage-table.ts";

/** What is timed. `open` (probing a file and starting its decoder) is of videos only, once a run through the file. */
export const PIPELINE_STAGES = {
  photo: ["decode", "detect", "mesh", "map", "classify", "draw"],
  video: ["open", "decode", "detect", "mesh", "map", "classify", "draw"],
} as const;

export type Pipeline = keyof typeof PIPELINE_STAGES;

export interface PipelineBenchmarkOptions extends Pick<FaceReaderOptions, "preset" | "threads"> {
  readonly pipeline: Pipeline;
  /** Path of a photo or video. */
  readonly file: string;
  /** Seconds to measure, after a warm-up of a quarter of it; the file is read again and again. */
  readonly seconds: number;
  /** Default: the built-in model. */
  readonly model?: EmotionNet | ModelSource;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { done: number; total: number; label: string }) => void;
}

export interface PipelineReport {
  readonly pipeline: Pipeline;
  readonly file: string;
  readonly model: string;
  readonly preset: string;
  readonly threads: number;
  /** Pixels of what was looked at. */
  readonly width: number;
  readonly height: number;
  /** Photos decoded or frames seen while it was measured. */
  readonly items: number;
  /** Mean of an item. */
  readonly faces: number;
  readonly stages: readonly StageRow[];
  /** Milliseconds of an item on the clock, measured around all of them; the sum of the stages' means; the one over the other. */
  readonly wall: number;
  readonly sum: number;
  readonly accounted: number;
  /** Processor time of this process for an item, milliseconds; a video's decoder is a process of its own and not in it. */
  readonly processor: number;
  /** By the clock: with all stages, and without drawing, which only annotated copies need. */
  readonly itemsPerSecond: { readonly drawn: number; readonly undrawn: number };
  /** Resident memory of this process at the end, bytes. */
  readonly memory: number;
}

interface Item {
  readonly times: StageTimes;
  readonly width: number;
  readonly height: number;
  readonly faces: number;
}

/**
 * Works the file off again and again, one item after another: photos are not decoded ahead. A video's decoder does work
 * ahead, in its own process; the stage `decode` is what waiting for it and taking its pixels costs.
 * @throws EmotionNetError as `readPhoto` and `openVideo` for the file, as `FaceReader.create`, and `interrupted`.
 */
export async function benchmarkPipeline(options: PipelineBenchmarkOptions): Promise<PipelineReport> {
  const { pipeline, file, seconds, preset = "balanced", threads = 1 } = options;
  const net = options.model instanceof EmotionNet ? options.model : await EmotionNet.load(options.model);
  const clock = new StageClock();
  const reader = await FaceReader.create({ preset, threads, onStage: (stage) => clock.enter(stage) });
  const source = pipeline === "photo" ? photoItems : videoItems;
  const items = source(file, reader, net, clock);
  try {
    const warmUp = 1000 * (seconds / 4);
    await taken(items, warmUp, options, "Warming up");
    const processor = process.cpuUsage();
    const measured = await taken(items, 1000 * seconds, options, "Measuring");
    const { user, system } = process.cpuUsage(processor);
    return report(options, net, measured, (user + system) / 1000);
  } finally {
    await items.return();
    await reader.close();
  }
}

interface Measured {
  readonly items: readonly Item[];
  /** Milliseconds on the clock. */
  readonly wall: number;
}

/** At least three items, and further ones as long as there is time. */
async function taken(
  source: AsyncGenerator<Item, void>,
  milliseconds: number,
  { signal, onProgress }: PipelineBenchmarkOptions,
  label: string,
): Promise<Measured> {
  const items: Item[] = [];
  const start = performance.now();
  let wall = 0;
  while (wall < milliseconds || items.length < fewestItems) {
    if (signal?.aborted) throw new EmotionNetError("interrupted", "Interrupted.");
    const { value } = await source.next();
    if (value) items.push(value);
    wall = performance.now() - start;
    onProgress?.({ done: Math.min(wall, milliseconds), total: milliseconds, label });
  }
  return { items, wall };
}

const fewestItems = 3;

async function* photoItems(
  file: string,
  reader: FaceReader,
  net: EmotionNet,
  clock: StageClock,
): AsyncGenerator<Item, void> {
  for (;;) {
    clock.enter("decode");
    const image = await readPhoto(file);
    const faces = await reader.read(image);
    clock.enter("classify");
    const answers = faces.map((face) => faceResult(net, face, "pixels"));
    clock.enter("draw");
    await annotatePhoto(image, answers);
    yield { times: clock.finish(), width: image.width, height: image.height, faces: faces.length };
  }
}

async function* videoItems(
  file: string,
  reader: FaceReader,
  net: EmotionNet,
  clock: StageClock,
): AsyncGenerator<Item, void> {
  for (;;) {
    clock.enter("open");
    const { frames, info } = await openVideo(file, { maxSide: DEFAULT_MAX_SIDE });
    if (info.isLive) throw endlessError(file);
    const tracker = reader.track();
    const expressions = new FollowedExpressions(file, net, {});
    try {
      for (;;) {
        clock.enter("decode");
        const { value: frame } = await frames.next();
        if (!frame) break;
        const { image, time } = frame;
        const { faces, ended } = await tracker.next(image, time);
        clock.enter("classify");
        const answers = faces.map((face) => expressions.see(face, time));
        for (const id of ended) expressions.end(id);
        clock.enter("draw");
        await annotatePhoto(image, answers);
        yield { times: clock.finish(), width: image.width, height: image.height, faces: faces.length };
      }
    } finally {
      await frames.return();
    }
  }
}

function endlessError(file: string): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `${JSON.stringify(file)}, which has no end`,
    wanted: "a video file, which can be read again and again",
    mend: "Record some seconds of it to a file first.",
  });
}

function report(
  { pipeline, file, preset = "balanced", threads = 1 }: PipelineBenchmarkOptions,
  net: EmotionNet,
  { items, wall }: Measured,
  processor: number,
): PipelineReport {
  const count = items.length;
  const times = items.map((item) => item.times);
  const stages = stageTable(PIPELINE_STAGES[pipeline], times, wall);
  const sum = stages.reduce((total, { mean }) => total + mean, 0);
  const drawing = stages.at(-1)!.mean;
  return {
    pipeline,
    file,
    model: net.model.metadata.name,
    preset,
    threads,
    width: items[0]!.width,
    height: items[0]!.height,
    items: count,
    faces: items.reduce((total, { faces }) => total + faces, 0) / count,
    stages,
    wall: wall / count,
    sum,
    accounted: (sum * count) / wall,
    processor: processor / count,
    itemsPerSecond: { drawn: (1000 * count) / wall, undrawn: 1000 / (wall / count - drawing) },
    memory: process.memoryUsage.rss(),
  };
}
