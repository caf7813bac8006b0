/** What a video is, before any of its frames is decoded. */

import { open } from "node:fs/promises";
import type { EmotionNetError } from "@emotionnet/core";
import { fileReadError } from "../file/read-file-bytes.ts";
import { listCameras } from "./cameras.ts";
import { startTool } from "./run-tool.ts";
import { cameraError, notVideoError, unreachableError, withoutIndexError } from "./video-errors.ts";
import { inputArguments, kindOfVideoSource, nameOfSource } from "./video-source.ts";

export interface VideoInfo {
  /** Pixels of the upright picture: turned as its rotation says, with square pixels. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which the stored picture is turned for showing: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** ffmpeg's name of the codec, such as "h264". */
  readonly codec: string;
  /** Mean frames a second as a fraction, such as "30000/1001"; undefined when the file does not tell. */
  readonly frameRate?: string;
  /** Seconds that the header promises. */
  readonly duration?: number;
  /** Frames that the header promises; many formats do not tell. */
  readonly frameCount?: number;
  /** True for a camera, and for an address without an end. */
  readonly isLive: boolean;
  /** Number of the video stream in the file. */
  readonly streamIndex: number;
}

interface ProbedStream {
  readonly index: number;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly duration?: string;
  readonly nb_frames?: string;
  readonly disposition?: { readonly attached_pic?: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

interface Probed {
  readonly streams?: readonly ProbedStream[];
  readonly format?: { readonly format_name?: string; readonly duration?: string };
}

/** Milliseconds for an address or a camera to answer. */
const patience = 20_000;

/** Single pictures and text, which ffmpeg would show as videos of one frame or of letters. */
const foreignFormats = /(^|,)(image2|[a-z0-9]+_pipe|tty)(,|$)/;

/**
 * Asks ffprobe. `source` is a path, an address (rtsp://, http://, udp://, …) or `camera:N`.
 * @throws EmotionNetError `file-not-found`, `file-is-folder`, `file-unreadable`, `video-format` (no video, or none in it),
 * `video-damaged` (cut before its index), `stream-unreachable`, `system-tool-missing`.
 */
export async function probeVideo(source: string, signal?: AbortSignal): Promise<VideoInfo> {
  const isFile = kindOfVideoSource(source) === "file";
  const name = nameOfSource(source);
  const head = isFile ? await firstBytes(source) : undefined;
  if (head?.length === 0) throw notVideoError(name, "which is empty", "no bytes");
  const { text, status, said } = await runProbe(source, signal);
  if (status !== 0) throw head ? probeError(name, head, said) : await sourceError(source, said);
  const probed = JSON.parse(text) as Probed;
  if (foreignFormats.test(probed.format?.format_name ?? "")) {
    throw notVideoError(name, "which is not a video", said);
  }
  const stream = probed.streams?.find(({ disposition }) => !disposition?.attached_pic);
  if (!stream?.width || !stream.height) throw notVideoError(name, "which has no pictures in it", said);
  return infoOf(probed, stream, kindOfVideoSource(source) === "camera");
}

async function runProbe(
  source: string,
  signal: AbortSignal | undefined,
): Promise<{ text: string; status: number | null; said: string }> {
  const shown = ["-show_streams", "-show_format", "-select_streams", "v", "-print_format", "json"];
  const probe = startTool("ffprobe", ["-v", "error", ...shown, ...inputArguments(source)]);
  signal?.addEventListener("abort", probe.kill, { once: true });
  const timer = setTimeout(probe.kill, patience);
  try {
    let text = "";
    probe.output.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const status = await probe.ended;
    return { text, status, said: probe.said() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", probe.kill);
  }
}

/** Enough to see what a file is meant to be. */
async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileReadError(path, error);
  }
}

/** Why a camera or an address gives nothing. */
export async function sourceError(source: string, said: string): Promise<EmotionNetError> {
  if (kindOfVideoSource(source) === "camera") return cameraError(source, await listCameras(), said);
  return unreachableError(nameOfSource(source), said);
}

function probeError(name: string, head: Uint8Array, said: string): EmotionNetError {
  const isMp4 = /^(ftyp|moov|mdat|wide|free|skip)$/.test(Buffer.from(head).toString("latin1", 4, 8));
  if (isMp4 && /moov atom not found/.test(said)) return withoutIndexError(name, said);
  return notVideoError(name, "which is not a video", said);
}

function infoOf({ format }: Probed, stream: ProbedStream, isCamera: boolean): VideoInfo {
  const rotation = rotationOf(stream);
  const isTurned = rotation % 180 === 90;
  const across = Math.max(1, Math.round(stream.width! * pixelAspect(stream)));
  const frameRate = [stream.avg_frame_rate, stream.r_frame_rate].find((rate) => fraction(rate, "/") > 0);
  const duration = durationOf(stream) ?? positive(format?.duration);
  const frameCount = positive(stream.nb_frames);
  return {
    width: isTurned ? stream.height! : across,
    height: isTurned ? across : stream.height!,
    rotation,
    codec: stream.codec_name ?? "unknown",
    ...(frameRate === undefined ? {} : { frameRate }),
    ...(duration === undefined ? {} : { duration }),
    ...(frameCount === undefined ? {} : { frameCount }),
    isLive: isCamera || duration === undefined,
    streamIndex: stream.index,
  };
}

/** The display matrix counts anticlockwise, the older tag clockwise. */
function rotationOf({ side_data_list, tags }: ProbedStream): number {
  const matrix = side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation;
  const degrees = matrix === undefined ? Number(tags?.rotate ?? 0) : -matrix;
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
}

function pixelAspect({ sample_aspect_ratio }: ProbedStream): number {
  const aspect = fraction(sample_aspect_ratio, ":");
  return aspect > 0 ? aspect : 1;
}

/** Matroska writes a stream's length as a tag "00:00:03.000000000". */
function durationOf({ duration, tags }: ProbedStream): number | undefined {
  const parts = tags?.DURATION?.split(":").map(Number);
  const tagged = parts?.length === 3 ? parts[0]! * 3600 + parts[1]! * 60 + parts[2]! : undefined;
  return positive(duration) ?? positive(String(tagged));
}

/** Mean frames a second; NaN where the file does not tell. */
export function rateOf({ frameRate }: VideoInfo): number {
  return fraction(frameRate, "/");
}

/** "30000/1001" or "4:3" → its value; NaN for anything else and for a denominator of 0. */
export function fraction(text: string | undefined, sign: "/" | ":"): number {
  const [above, below] = (text ?? "").split(sign).map(Number);
  return below ? above! / below : Number.NaN;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return value > 0 ? value : undefined;
}
