/** Pictures with times → a video file. */

import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import type { RgbImage } from "@emotionnet/core";
import { fraction } from "./probe-video.ts";
import { startTool, type Tool } from "./run-tool.ts";
import { unwritableVideoError } from "./video-errors.ts";

const h264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20"];
/** Container and encoder by ending. The pixel format is the one that every player shows. */
const formats: Readonly<Record<string, readonly string[]>> = {
  ".mp4": [...h264, "-movflags", "+faststart", "-f", "mp4"],
  ".mov": [...h264, "-movflags", "+faststart", "-f", "mov"],
  ".mkv": [...h264, "-f", "matroska"],
  ".webm": [
    "-c:v",
    "libvpx-vp9",
    "-deadline",
    "realtime",
    "-cpu-used",
    "6",
    "-crf",
    "32",
    "-b:v",
    "0",
    "-f",
    "webm",
  ],
};

/** Whether `VideoWriter` knows the ending of this path. */
export function isWritableVideoPath(path: string): boolean {
  return extname(path).toLowerCase() in formats;
}

/** What ffmpeg says of a file that it could not write to its end, for which its status may be 0 all the same. */
const writingFailed =
  /Error (writing|closing)|No space left on device|Disk quota exceeded|File too large|Input\/output error/i;

/** Frames a second of a video whose source does not tell. */
const usualRate = "25";

export interface VideoWriterOptions {
  readonly width: number;
  readonly height: number;
  /** Frames a second as a fraction, such as "30000/1001". Default 25. */
  readonly frameRate?: string;
}

/**
 * Writes H.264 (`.mp4`, `.mov`, `.mkv`) or VP9 (`.webm`) with an even frame rate: a picture stands until the time of the
 * next one, and one that comes before its place is free takes the place of the one before. The file appears whole, by
 * `finish`, or not at all.
 */
export class VideoWriter {
  readonly #path: string;
  readonly #aside: string;
  readonly #tool: Tool;
  readonly #rate: number;
  readonly #last: Uint8Array;
  #written = 0;
  #firstTime: number | undefined;
  #place = 0;
  #isBroken = false;

  constructor(path: string, { width, height, frameRate = usualRate }: VideoWriterOptions) {
    this.#path = path;
    this.#aside = `${path}.partial`;
    this.#rate = fraction(frameRate.includes("/") ? frameRate : `${frameRate}/1`, "/");
    this.#last = new Uint8Array(width * height * 3);
    const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", `${width}x${height}`];
    const even = "pad=ceil(iw/2)*2:ceil(ih/2)*2";
    const format = formats[extname(path).toLowerCase()] ?? [];
    this.#tool = startTool(
      "ffmpeg",
      [
        ...["-hide_banner", "-v", "error", "-xerror", "-y", ...raw, "-framerate", frameRate, "-i", "pipe:0"],
        ...["-vf", even, "-pix_fmt", "yuv420p", ...format, `file:${this.#aside}`],
      ],
      "pipe",
    );
    // A broken pipe is told by the exit status.
    this.#tool.input!.on("error", () => {
      this.#isBroken = true;
    });
    this.#tool.output.resume();
    this.#tool.extra.resume();
  }

  /**
   * Takes the next picture and waits while the encoder is busy. The pixels may be changed afterwards.
   * @param time seconds, in increasing order.
   * @throws EmotionNetError `file-unwritable`, `system-tool-missing`.
   */
  async write(image: RgbImage, time: number): Promise<void> {
    this.#firstTime ??= time;
    const place = Math.round((time - this.#firstTime) * this.#rate);
    // The one before stands until now; a second picture for the same place waits to be written there.
    if (place > this.#place) await this.#fillUpTo(place);
    this.#last.set(image.data);
    this.#place = Math.max(this.#place, place);
  }

  /** Ends the video and puts it in its place. @throws EmotionNetError `file-unwritable`, `system-tool-missing`. */
  async finish(): Promise<void> {
    if (this.#firstTime !== undefined) await this.#fillUpTo(this.#place + 1);
    this.#tool.input!.end();
    const status = await this.#tool.ended;
    if (status !== 0 || writingFailed.test(this.#tool.said())) throw await this.#failed();
    try {
      await rename(this.#aside, this.#path);
    } catch (error) {
      await this.discard();
      throw unwritableVideoError(this.#path, String(error));
    }
  }

  /** Ends the work and leaves no file. */
  async discard(): Promise<void> {
    this.#tool.kill();
    await this.#tool.ended.catch(() => {});
    await rm(this.#aside, { force: true });
  }

  async #fillUpTo(place: number): Promise<void> {
    while (this.#written < place) {
      await this.#send();
      this.#written++;
    }
  }

  async #send(): Promise<void> {
    if (this.#isBroken) throw await this.#failed();
    // Nobody changes these pixels before the pipe has them: each write is waited for.
    const sent = new Promise<void>((resolve) => this.#tool.input!.write(this.#last, () => resolve()));
    await Promise.race([sent, this.#tool.ended]);
  }

  async #failed(): Promise<Error> {
    await this.#tool.ended;
    await this.discard();
    return unwritableVideoError(this.#path, this.#tool.said());
  }
}
