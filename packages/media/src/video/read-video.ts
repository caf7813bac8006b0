/** Video files, cameras and streams → frames. */

import { EmotionNetError } from "@emotionnet/core";
import { Decoder, type DecoderOptions } from "./decoder.ts";
import { fraction, probeVideo, type VideoInfo } from "./probe-video.ts";
import { type LiveOptions, readLive, untilThere } from "./read-live.ts";
import { brokenOffError } from "./video-errors.ts";
import type { VideoFrame } from "./video-frame.ts";
import { nameOfSource } from "./video-source.ts";

export interface ReadVideoOptions extends LiveOptions {
  /** Frames with a longer side are scaled down to it, in pixels. Default: no scaling. */
  readonly maxSide?: number;
  /** Of a faster source so many frames a second are given, evenly chosen; `index` counts those. Default: all. */
  readonly maxRate?: number;
  /** Threads of the decoder: fewer where many sources are read at once. Default: ffmpeg's own choice, all cores. */
  readonly decoderThreads?: number;
  /** Ends the reading: `interrupted` for a file, a quiet end for a live source. */
  readonly signal?: AbortSignal;
}

export interface OpenedVideo {
  readonly info: VideoInfo;
  /** Pixels of the frames that will be given. */
  readonly width: number;
  readonly height: number;
  /** To be read once. Leaving the loop ends the decoder. */
  readonly frames: AsyncGenerator<VideoFrame, void, undefined>;
}

/**
 * Every frame of a video, in order, with its true time, upright. `source` is a path, an address or `camera:N`.
 *
 * A file waits for its reader and loses no frame. A live source does not wait: the newest frame wins, and each frame
 * tells how many were dropped before it. Memory is constant: a frame's pixels are valid until the next is asked for.
 * @throws EmotionNetError as `openVideo`; after the last readable frame `video-damaged` when the file breaks off.
 */
export async function* readVideo(
  source: string,
  options: ReadVideoOptions = {},
): AsyncGenerator<VideoFrame, void, undefined> {
  yield* (await openVideo(source, options)).frames;
}

/**
 * As `readVideo`, and tells what the video is before its first frame.
 * @throws EmotionNetError as `probeVideo`, `usage` for an option out of range.
 */
export async function openVideo(source: string, options: ReadVideoOptions = {}): Promise<OpenedVideo> {
  checkOptions(options);
  const { maxRate, decoderThreads, signal } = options;
  const probe = () => probeVideo(source, signal);
  const info = options.resume ? await untilThere(probe, options, signal) : await probe();
  const size = frameSize(info, options.maxSide);
  const decoding = {
    ...{ source, info, ...size },
    ...(maxRate === undefined ? {} : { maxRate }),
    ...(decoderThreads === undefined ? {} : { threads: decoderThreads }),
  };
  const frames = info.isLive
    ? readLive({ ...decoding, overflow: "newest" }, options, signal)
    : readFile({ ...decoding, overflow: "wait" }, signal);
  return { info, ...size, frames };
}

function checkOptions({ maxSide, maxRate, decoderThreads, reconnectDelay }: ReadVideoOptions): void {
  const isAtLeast = (value: number | undefined, least: number) => value === undefined || value >= least;
  const isAboveZero = (value: number | undefined) =>
    value === undefined || (value > 0 && value < Number.POSITIVE_INFINITY);
  const isRight =
    isAtLeast(maxSide, 1) &&
    isAtLeast(decoderThreads, 1) &&
    isAboveZero(maxRate) &&
    isAboveZero(reconnectDelay);
  if (isRight) return;
  throw new EmotionNetError("usage", {
    got: `a longest side of ${maxSide} pixels, ${maxRate} frames a second, ${decoderThreads} threads and a delay of ${reconnectDelay} s`,
    wanted: "at least one pixel and one thread, and a rate and a delay above 0",
    mend: "Leave the options out to get the defaults.",
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function frameSize({ width, height }: VideoInfo, maxSide = Number.POSITIVE_INFINITY): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function* readFile(
  decoding: DecoderOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoFrame, void, undefined> {
  const { source } = decoding;
  const info = promisedInfo(decoding);
  const decoder = new Decoder(decoding);
  const onAbort = () => void decoder.stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  let count = 0;
  let time = 0;
  try {
    for (;;) {
      if (signal?.aborted) throw interrupted(source, count);
      const frame = await decoder.next();
      if (signal?.aborted) throw interrupted(source, count);
      if (frame === undefined) break;
      count++;
      time = frame.time;
      yield frame;
    }
    const { status, said, isInsideFrame } = await decoder.outcome();
    const isShort = isInsideFrame || isShorterThanPromised(info, count, time, said);
    if (status !== 0 || isShort) throw brokenOffError(nameOfSource(source), count, time, promise(info), said);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await decoder.stop();
  }
}

/** What the frames that are given must come up to: of a slowed source nobody knows how many there should be. */
function promisedInfo({ info, maxRate }: DecoderOptions): VideoInfo {
  if (maxRate === undefined) return info;
  const { frameCount: _, ...rest } = info;
  const rate = Math.min(maxRate, fraction(info.frameRate, "/") || maxRate);
  return { ...rest, frameRate: `${rate}/1` };
}

function interrupted(source: string, count: number): EmotionNetError {
  return new EmotionNetError("interrupted", `Interrupted after ${count} frames of ${nameOfSource(source)}.`);
}

/** Frames by which a whole file may miss its promise: counts include frames that an edit list hides. */
const tolerance = 2;

/**
 * Decoders hide most damage, and end a cut file as if it were whole. The count of frames tells the truth where the
 * header has one; else the length does, but only together with a complaint: the last frame may be shown for long.
 */
function isShorterThanPromised(info: VideoInfo, count: number, time: number, said: string): boolean {
  const { frameCount, duration, frameRate } = info;
  if (said === "") return frameCount !== undefined && count < 0.9 * frameCount;
  if (frameCount !== undefined) return count < frameCount - tolerance;
  if (duration === undefined) return false;
  const frame = 1 / (fraction(frameRate, "/") || 10);
  return time < duration - (1 + tolerance) * frame;
}

function promise({ frameCount, duration }: VideoInfo): string | undefined {
  if (frameCount !== undefined) return `${frameCount} frames`;
  return duration === undefined ? undefined : `${duration.toFixed(3)} s`;
}
