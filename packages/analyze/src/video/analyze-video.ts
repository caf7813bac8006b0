/** One video, camera or stream → one result a frame. */

import { type EmotionNet, EmotionNetError, type FaceResult, type SourceResult } from "@emotionnet/core";
import {
  annotatePhoto,
  type OpenedVideo,
  openVideo,
  type VideoFrame,
  VideoWriter,
  withoutPassword,
} from "@emotionnet/media";
import type { FaceReader } from "@emotionnet/vision";
import type { AnalyzeOptions } from "../options.ts";
import { errorResult } from "../result/source-result.ts";
import { FollowedExpressions } from "./followed-expressions.ts";

/** Enough for faces of a tenth of the picture; larger frames only cost time. */
const defaultMaxSide = 1280;

export interface VideoWork {
  readonly reader: FaceReader;
  readonly net: EmotionNet;
  readonly options: AnalyzeOptions;
  /** Path of the annotated copy, if one is wanted. */
  readonly annotate: string | undefined;
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
  const { options } = work;
  const source = withoutPassword(address);
  let video: OpenedVideo;
  try {
    video = await openVideo(address, {
      maxSide: options.maxSide ?? defaultMaxSide,
      onLive: (event) => options.onLive?.(source, event),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw new EmotionNetError("interrupted", "Interrupted.");
    yield errorResult(source, error);
    return;
  }
  yield* analyzeFrames(source, video, work);
}

async function* analyzeFrames(
  source: string,
  video: OpenedVideo,
  { reader, net, options, annotate, onShare }: VideoWork,
): AsyncGenerator<SourceResult, void, undefined> {
  const { width, height, isLive, duration } = video.info;
  const scale = width / video.width;
  const tracker = reader.track();
  const expressions = new FollowedExpressions(source, net, options);
  const copy = annotate === undefined ? undefined : openCopy(annotate, video);
  let next = { frame: 0, time: 0 };
  let isWhole = isLive;
  try {
    for (;;) {
      const step = await stepOf(video.frames);
      if (step.kind === "error") yield { ...errorResult(source, step.error), ...next, width, height };
      if (step.kind !== "frame") break;
      const { index, time, image, dropped } = step.frame;
      const { faces, ended } = await tracker.next(image, time);
      const answers = faces.map((face) => expressions.see(face, time));
      for (const id of ended) expressions.end(id);
      if (copy) await copy.write(await annotatePhoto(image, answers), time);
      next = { frame: index + 1, time };
      if (duration !== undefined) onShare(Math.min(1, time / duration));
      const seen = scale === 1 ? answers : answers.map((face) => scaled(face, scale));
      yield { source, frame: index, time, width, height, faces: seen, ...(isLive ? { dropped } : {}) };
    }
    isWhole = true;
  } finally {
    await video.frames.return();
    expressions.endAll();
    if (isWhole) await copy?.finish();
    else await copy?.discard();
  }
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

function openCopy(path: string, { width, height, info }: OpenedVideo): VideoWriter {
  const { frameRate } = info;
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
