/** Follows the faces of one video in one worker. */

import type { EmotionNetError } from "@emotionnet/core";
import type { FaceLane } from "./face-lane.ts";
import type { PooledFrame } from "./messages.ts";
import { type PoolSource, packPicture } from "./pack-picture.ts";
import { poolClosed } from "./pool-errors.ts";

/** Frames that are with the worker at best: one being read, one on its way. */
const DEPTH = 2;

/** Why a pool answers no more: for calls to come, and for calls without an answer. */
export interface EndOfPool {
  readonly after: EmotionNetError;
  readonly pending: EmotionNetError;
}

/** Made by `FacePool.track`. */
export class FaceFollower {
  readonly #lane: FaceLane;
  readonly #follower: number;
  readonly #endOfPool: () => EndOfPool | undefined;
  #isClosed = false;
  #pending = 0;
  #sent: Promise<unknown> = Promise.resolve();

  constructor(lane: FaceLane, follower: number, endOfPool: () => EndOfPool | undefined) {
    this.#lane = lane;
    this.#follower = follower;
    this.#endOfPool = endOfPool;
  }

  /** How many more frames keep the worker busy; 0 or less: await an answer, or leave a frame out, before the next. */
  get desiredSize(): number {
    return DEPTH - this.#pending;
  }

  /**
   * Faces of the next frame. Calls may overlap; they are answered in their order. An `ImageBitmap`, a `VideoFrame` and the memory of
   * pixels belong to the worker from now on.
   * @param time seconds, not before that of the frame before.
   * @throws EmotionNetError `photo-damaged` for what is no picture, `usage` after a close, `interrupted` when the pool is
   * closed before the answer, `thread-lost` when a worker ended.
   */
  async next(frame: PoolSource, time: number): Promise<PooledFrame> {
    const end = this.#endOfPool();
    if (end) throw end.after;
    if (this.#isClosed) throw poolClosed();
    this.#pending++;
    try {
      const packing = packPicture(frame);
      const before = this.#sent;
      // Some pictures take longer to pack than others, but must not be overtaken.
      const turn = before.then(() => packing);
      this.#sent = turn.catch(() => {});
      const { picture, transfer } = await turn;
      const endMeanwhile = this.#endOfPool();
      if (endMeanwhile) throw endMeanwhile.pending;
      const work = { kind: "next", follower: this.#follower, picture, time } as const;
      return (await this.#lane.work(work, transfer)) as PooledFrame;
    } finally {
      this.#pending--;
    }
  }

  /** Forgets the faces; answers on their way still come. A second close does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#lane.followers--;
    void this.#sent.then(() => {
      if (!this.#endOfPool()) this.#lane.tell({ kind: "forget", follower: this.#follower });
    });
  }
}
