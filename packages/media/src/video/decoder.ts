/** One ffmpeg that decodes one source to RGB frames with their time stamps. */

import { FrameQueue, type Overflow } from "./frame-queue.ts";
import type { VideoInfo } from "./probe-video.ts";
import { startTool, type Tool } from "./run-tool.ts";
import type { VideoFrame } from "./video-frame.ts";
import { inputArguments } from "./video-source.ts";

export interface DecoderOptions {
  readonly source: string;
  readonly info: VideoInfo;
  /** Pixels of the frames to give. */
  readonly width: number;
  readonly height: number;
  readonly overflow: Overflow;
  /** At most so many frames a second. Default: all. */
  readonly maxRate?: number;
  /** Threads of the decoder. Default: ffmpeg's own choice, all cores. */
  readonly threads?: number;
  /** Milliseconds without a byte after which it is ended. Default: never. */
  readonly silenceLimit?: number;
}

/** ffmpeg's time base for `settb=AVTB`. */
const ticksPerSecond = 1e6;

export class Decoder {
  readonly #tool: Tool;
  readonly #queue: FrameQueue;
  readonly #silenceLimit: number | undefined;
  /** Bytes for which there was no room yet; Node empties a pipe when its process ends, paused or not. */
  readonly #rest: Uint8Array[] = [];
  #isOver = false;
  #silence: NodeJS.Timeout | undefined;
  #failure: unknown;

  constructor(options: DecoderOptions) {
    const { width, height, overflow, silenceLimit } = options;
    this.#queue = new FrameQueue(width, height, overflow);
    this.#tool = startTool("ffmpeg", decodeArguments(options));
    this.#silenceLimit = silenceLimit;
    this.#restartSilence();
    this.#tool.output.on("data", (bytes: Buffer) => {
      this.#restartSilence();
      this.#take(bytes);
    });
    this.#readTimes();
    this.#tool.ended
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        clearTimeout(this.#silence);
        this.#isOver = true;
        this.#continue();
      });
  }

  /**
   * The next frame, or undefined when the decoder has ended.
   * @throws EmotionNetError `system-tool-missing`.
   */
  async next(): Promise<VideoFrame | undefined> {
    this.#queue.release();
    this.#continue();
    const frame = await this.#queue.next();
    if (frame === undefined && this.#failure !== undefined) throw this.#failure;
    return frame;
  }

  /** After the end: how it ended. `status` is null for a killed one. */
  async outcome(): Promise<{ status: number | null; said: string; isInsideFrame: boolean }> {
    const status = await this.#tool.ended;
    return { status, said: this.#tool.said(), isInsideFrame: this.#queue.isInsideFrame };
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.#tool.kill();
    // A stream that is paused with bytes in it would never tell its end.
    this.#tool.output.destroy();
    this.#tool.extra.destroy();
    await this.#tool.ended.catch(() => {});
  }

  #take(bytes: Uint8Array): void {
    this.#rest.push(bytes);
    this.#continue();
    if (this.#rest.length > 0) this.#tool.output.pause();
  }

  /** Moves waiting bytes on as far as there is room. */
  #continue(): void {
    while (this.#rest.length > 0) {
      const bytes = this.#rest[0]!;
      const taken = this.#queue.take(bytes);
      if (taken < bytes.length) {
        this.#rest[0] = bytes.subarray(taken);
        return;
      }
      this.#rest.shift();
    }
    if (this.#isOver) this.#queue.end();
    else this.#tool.output.resume();
  }

  /** Lines such as "frame:12  pts:400000  pts_time:0.4". */
  #readTimes(): void {
    let text = "";
    this.#tool.extra.setEncoding("utf8").on("data", (part: string) => {
      const lines = (text + part).split("\n");
      text = lines.pop()!;
      for (const line of lines) {
        const match = /^frame:(\d+)\s+pts:(\S+)/.exec(line);
        if (match) this.#queue.setTime(Number(match[1]), Number(match[2]) / ticksPerSecond);
      }
    });
  }

  #restartSilence(): void {
    if (this.#silenceLimit === undefined) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#tool.kill(), this.#silenceLimit);
  }
}

function decodeArguments(options: DecoderOptions): string[] {
  const { source, info, width, height, overflow, maxRate, threads } = options;
  const filters = [
    // Left out before it is scaled: what nobody looks at should cost nothing but its decoding.
    ...(maxRate === undefined ? [] : [`select='${firstOfEach(maxRate)}'`]),
    `scale=${width}:${height}:flags=bilinear`,
    "settb=AVTB",
    // The filter that prints time stamps does so only for frames that have some metadata.
    "metadata=mode=add:key=n:value=1",
    "metadata=mode=print:file=pipe\\\\:3:direct=1",
  ];
  return [
    ...["-hide_banner", "-nostdin", "-v", "error"],
    // The sender's own stamps may tell how much is missing between two connections.
    ...(overflow === "newest" ? ["-fflags", "nobuffer", "-copyts"] : []),
    ...(threads === undefined ? [] : ["-threads", String(threads)]),
    ...inputArguments(source),
    ...["-map", `0:${info.streamIndex}`, "-an", "-sn", "-dn"],
    // Every frame once, whatever the rate: none doubled, none left out.
    ...["-fps_mode", "passthrough", "-vf", filters.join(",")],
    ...["-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"],
  ];
}

/** ffmpeg's expression for the first frame of every 1/rate seconds, and for each frame without a time. */
function firstOfEach(rate: number): string {
  // Time stamps in whole ticks fall just before a border as often as just behind it.
  const place = (time: string) => `floor(${time}*${rate}+0.01)`;
  // Another place, not a later one: the stamps of a stream may begin anew.
  return `isnan(t)+isnan(prev_selected_t)+1-eq(${place("t")},${place("prev_selected_t")})`;
}
