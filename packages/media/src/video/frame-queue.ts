/** A decoder's bytes → frames, in a fixed number of buffers that are used again and again. */

import type { RgbImage } from "@emotionnet/core";
import type { VideoFrame } from "./video-frame.ts";

/** What happens to a frame that finds no room: `wait` stops the decoder, `newest` drops the oldest waiting frame. */
export type Overflow = "wait" | "newest";

interface Slot {
  readonly index: number;
  readonly data: Uint8Array;
}

/** One is looked at, one is being filled, and the others wait. */
const bufferCount = 4;

/** Between the decoder's pipes and the one who asks for frames. Nothing is allocated a frame but a small object. */
export class FrameQueue {
  readonly #width: number;
  readonly #height: number;
  readonly #overflow: Overflow;
  readonly #free: Uint8Array[];
  readonly #waiting: Slot[] = [];
  readonly #times = new Map<number, number>();
  #filling: Uint8Array | undefined;
  #filled = 0;
  #started = 0;
  #handedOut: Uint8Array | undefined;
  #dropped = 0;
  #lastTime = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(width: number, height: number, overflow: Overflow) {
    this.#width = width;
    this.#height = height;
    this.#overflow = overflow;
    this.#free = Array.from({ length: bufferCount }, () => new Uint8Array(width * height * 3));
  }

  /** Whether a frame has begun and is not whole yet. */
  get isInsideFrame(): boolean {
    return this.#filled > 0;
  }

  /** Takes bytes of the pixel pipe. @returns how many were taken; fewer than given when there is no room. */
  take(bytes: Uint8Array): number {
    let from = 0;
    while (from < bytes.length) {
      this.#filling ??= this.#free.pop() ?? this.#oldestWaiting();
      if (this.#filling === undefined) break;
      const count = Math.min(bytes.length - from, this.#filling.length - this.#filled);
      this.#filling.set(bytes.subarray(from, from + count), this.#filled);
      from += count;
      this.#filled += count;
      if (this.#filled === this.#filling.length) this.#complete(this.#filling);
    }
    return from;
  }

  /** Tells the time of a frame, in seconds, NaN for one without; it may come before or after its pixels. */
  setTime(index: number, time: number): void {
    const oldest = this.#waiting[0]?.index ?? this.#started;
    if (index < oldest) return;
    this.#times.set(index, time);
    this.#wake?.();
  }

  /** No more bytes or times will come. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** The next frame; the pixels of the one before may be overwritten from now on. Undefined at the end. */
  async next(): Promise<VideoFrame | undefined> {
    this.release();
    while (!this.#isReady()) {
      if (this.#isEnded && this.#waiting.length === 0) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const { index, data } = this.#waiting.shift()!;
    const stamp = this.#times.get(index) ?? Number.NaN;
    const time = Number.isNaN(stamp) ? this.#lastTime : stamp;
    this.#times.delete(index);
    this.#lastTime = time;
    this.#handedOut = data;
    const dropped = this.#dropped;
    this.#dropped = 0;
    const image: RgbImage = { width: this.#width, height: this.#height, data };
    return { index, time, image, dropped, waiting: this.#waiting.length };
  }

  /** Gives back the buffer of the frame that was handed out last. */
  release(): void {
    if (this.#handedOut) this.#free.push(this.#handedOut);
    this.#handedOut = undefined;
  }

  #isReady(): boolean {
    const first = this.#waiting[0];
    return first !== undefined && (this.#isEnded || this.#times.has(first.index));
  }

  #complete(data: Uint8Array): void {
    this.#waiting.push({ index: this.#started++, data });
    this.#filling = undefined;
    this.#filled = 0;
    if (this.#overflow === "newest") while (this.#waiting.length > 1) this.#free.push(this.#dropOldest());
    this.#wake?.();
  }

  #oldestWaiting(): Uint8Array | undefined {
    return this.#overflow === "newest" && this.#waiting.length > 0 ? this.#dropOldest() : undefined;
  }

  #dropOldest(): Uint8Array {
    const { index, data } = this.#waiting.shift()!;
    this.#times.delete(index);
    this.#dropped++;
    return data;
  }
}
