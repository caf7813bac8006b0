/** One video, camera or stream → one result a frame. */

import { type EmotionNet, EmotionNetError, type FaceResult, type SourceResult } from "@emotionnet/core";
import {
  annotatePhoto,
  type OpenedVideo,
  openVideo,
  rateOf,
  type VideoFrame,
  VideoWriter,
  withoutPassword,
} from "@emotionnet/media";
import type { FaceReader, FaceTracker } from "@emotionnet/vision";
import type { AnalyzeOptions } from "../options.ts";
import { errorResult } from "../result/source-result.ts";
import type { StreamResume } from "../streams/live-progress.ts";
import type { StreamEvent } from "../streams/stream-event.ts";
import { addFrame, NO_FRAMES, type StreamTotals } from "../streams/stream-totals.ts";
import { ApexPictures } from "./apex-pictures.ts";
import type { FaceEvent } from "./face-event.ts";
import { FollowedExpressions } from "./followed-expressions.ts";

/** Pixels: enough for faces of a tenth of the picture; larger frames only cost time. */
export const DEFAULT_MAX_SIDE = 1280;

export interface VideoWork {
  readonly reader: FaceReader;
  readonly net: EmotionNet;
  readonly options: AnalyzeOptions;
  /** Path of the annotated copy, if one is wanted. */
  readonly annotate: string | undefined;
  /** Threads of the decoder, where several videos are looked at. */
  readonly decoderThreads?: number | undefined;
  /** Takes a live source up again. */
  readonly resume?: StreamResume | undefined;
  /** Does a frame's work when its turn has come. Default: at once. */
  readonly inTurn?: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Told the share of the video that is done, 0..1, where its length is known. */
  readonly onShare: (share: number) => void;
}

/**
 * Every frame has one result, in order; a video that cannot be read, or breaks off, has one more with `error`, whose
 * `frame` is the number of the frame that could not be read.
 * @throws EmotionNetError `interrupted` when the signal ends a file, `file-unwritable` for the annotated copy.
 */
export async function* analyzeVideo(
  address: string,
  work: VideoWork,
): AsyncGenerator<SourceResult, void, undefined> {
  const { options, decoderThreads, resume } = work;
  const source = withoutPassword(address);
  let video: OpenedVideo;
  try {
    video = await openVideo(address, {
      maxSide: options.maxSide ?? DEFAULT_MAX_SIDE,
      onLive: (event) => options.onLive?.(source, event),
      ...(options.maxRate === undefined ? {} : { maxRate: options.maxRate }),
      ...(decoderThreads === undefined ? {} : { decoderThreads }),
      ...(resume ? { resume } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted && resume) {
      options.onStream?.(endOf(source, true, resume.totals, 0));
      return;
    }
    if (options.signal?.aborted) throw new EmotionNetError("interrupted", "Interrupted.");
    yield errorResult(source, error);
    return;
  }
  yield* analyzeFrames(source, video, work);
}

async function* analyzeFrames(
  source: string,
  video: OpenedVideo,
  work: VideoWork,
): AsyncGenerator<SourceResult, void, undefined> {
  const { options, onShare } = work;
  const { width, height, isLive, duration } = video.info;
  const scale = width / video.width;
  const look = new Look(source, video, work);
  const length = duration === undefined ? {} : { duration };
  if (!work.resume) options.onStream?.({ kind: "opened", source, isLive, width, height, ...length });
  let next = { frame: 0, time: 0 };
  let isWhole = isLive;
  try {
    for (;;) {
      const step = await stepOf(video.frames);
      if (step.kind === "error") yield { ...errorResult(source, step.error), ...next, width, height };
      if (step.kind !== "frame") break;
      const { index, time, dropped, missed } = step.frame;
      const faces = (await look.at(step.frame)).map((face) => (scale === 1 ? face : scaled(face, scale)));
      next = { frame: index + 1, time };
      if (duration !== undefined) onShare(Math.min(1, time / duration));
      const losses = { ...(isLive ? { dropped } : {}), ...(missed ? { missed } : {}) };
      yield { source, frame: index, time, width, height, faces, ...losses };
    }
    isWhole = true;
  } finally {
    await video.frames.return();
    await look.end(isWhole ? "whole" : "broken");
  }
}

/** What is done with every frame of one video, and what is kept from frame to frame. */
class Look {
  readonly #source: string;
  readonly #work: VideoWork;
  readonly #tracker: FaceTracker;
  readonly #expressions: FollowedExpressions;
  readonly #copy: VideoWriter | undefined;
  readonly #pictures: ApexPictures | undefined;
  readonly #isLive: boolean;
  #totals: StreamTotals;
  #waiting = 0;

  constructor(source: string, video: OpenedVideo, work: VideoWork) {
    const { reader, net, options, annotate } = work;
    const { thumbnails } = options;
    this.#source = source;
    this.#work = work;
    this.#isLive = video.info.isLive;
    this.#totals = work.resume?.totals ?? NO_FRAMES;
    this.#tracker = reader.track();
    this.#pictures = thumbnails === undefined ? undefined : new ApexPictures(thumbnails, source);
    const onEvent = (event: FaceEvent) => {
      this.#pictures?.hear(event);
      options.onEvent?.(event);
    };
    this.#expressions = new FollowedExpressions(source, net, { ...options, onEvent });
    this.#copy = annotate === undefined ? undefined : openCopy(annotate, video, options.maxRate);
  }

  /** The answers for one frame. */
  async at(frame: VideoFrame): Promise<FaceResult[]> {
    const { time, image, waiting } = frame;
    const { inTurn = (work) => work() } = this.#work;
    const { faces, ended } = await inTurn(() => this.#tracker.next(image, time));
    for (const { track, box } of faces) this.#pictures?.see(track, image, box, time);
    const answers = faces.map((face) => this.#expressions.see(face, time));
    for (const id of ended) {
      this.#expressions.end(id);
      this.#pictures?.forget(id);
    }
    await this.#pictures?.write();
    if (this.#copy) await this.#copy.write(await annotatePhoto(image, answers), time);
    this.#totals = addFrame(this.#totals, frame);
    this.#waiting = Math.max(this.#waiting, waiting);
    return answers;
  }

  /** Ends all that is open. A copy of a video that was not read to its end is not kept. */
  async end(how: "whole" | "broken"): Promise<void> {
    this.#expressions.endAll();
    await this.#pictures?.write();
    if (how === "whole") await this.#copy?.finish();
    else await this.#copy?.discard();
    this.#work.options.onStream?.(endOf(this.#source, this.#isLive, this.#totals, this.#waiting));
  }
}

function endOf(source: string, isLive: boolean, totals: StreamTotals, waiting: number): StreamEvent {
  return { kind: "ended", source, isLive, ...totals, longestQueues: { frames: waiting, results: 0 } };
}

type Step =
  | { readonly kind: "frame"; readonly frame: VideoFrame }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "end" };

/** The next frame; damage is a value, being interrupted is thrown. */
async function stepOf(frames: OpenedVideo["frames"]): Promise<Step> {
  try {
    const { done, value } = await frames.next();
    return done ? { kind: "end" } : { kind: "frame", frame: value };
  } catch (error) {
    if (error instanceof EmotionNetError && error.code === "interrupted") throw error;
    return { kind: "error", error };
  }
}

function openCopy(
  path: string,
  { width, height, info }: OpenedVideo,
  maxRate: number | undefined,
): VideoWriter {
  const isSlowed = maxRate !== undefined && !(maxRate >= rateOf(info));
  const frameRate = isSlowed ? String(maxRate) : info.frameRate;
  return new VideoWriter(path, { width, height, ...(frameRate === undefined ? {} : { frameRate }) });
}

/** From pixels of the frame that was looked at to pixels of the source. */
function scaled(face: FaceResult, scale: number): FaceResult {
  const { x, y, width, height } = face.box;
  return {
    ...face,
    box: { x: x * scale, y: y * scale, width: width * scale, height: height * scale },
    landmarks: face.landmarks.map(([pointX, pointY]) => [pointX * scale, pointY * scale] as const),
  };
}
