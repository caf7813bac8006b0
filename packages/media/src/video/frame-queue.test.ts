import { describe, expect, test } from "vitest";
import { FrameQueue } from "./frame-queue.ts";

const frameBytes = 4 * 2 * 3;

/** Pixels of frames whose every byte is the frame's number. */
function bytesOf(from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: (to - from) * frameBytes }, (_, at) => from + Math.floor(at / frameBytes));
}

describe("FrameQueue", () => {
  test.each([1, 7, 24, 25, 1000])("waits: pieces of %i bytes become every frame, in order", async (piece) => {
    const queue = new FrameQueue(4, 2, "wait");
    const all = bytesOf(0, 20);
    for (let index = 0; index < 20; index++) queue.setTime(index, index / 10);
    let at = 0;
    for (let index = 0; index < 20; index++) {
      for (let taken = 1; taken > 0 && at < all.length; at += taken) {
        taken = queue.take(all.subarray(at, at + piece));
      }
      const frame = await queue.next();
      expect(frame).toMatchObject({ index, time: index / 10, dropped: 0 });
      expect(new Set(frame!.image.data)).toEqual(new Set([index]));
    }
    queue.end();
    expect(await queue.next()).toBeUndefined();
  });

  test("waits: takes no more than its buffers hold, until one is given back", async () => {
    const queue = new FrameQueue(4, 2, "wait");
    for (let index = 0; index < 9; index++) queue.setTime(index, index);
    const taken = queue.take(bytesOf(0, 9));
    expect(taken % frameBytes).toBe(0);
    expect(taken).toBeLessThan(9 * frameBytes);
    expect(queue.take(bytesOf(8, 9))).toBe(0);
    await queue.next();
    expect(queue.take(bytesOf(8, 9))).toBe(0);
    await queue.next();
    expect(queue.take(bytesOf(8, 9))).toBe(frameBytes);
  });

  test("newest: takes everything, gives the latest, counts the others", async () => {
    const queue = new FrameQueue(4, 2, "newest");
    for (let index = 0; index < 60; index++) queue.setTime(index, index);
    expect(queue.take(bytesOf(0, 30))).toBe(30 * frameBytes);
    const first = await queue.next();
    expect(first).toMatchObject({ index: 29, time: 29, dropped: 29 });
    expect(queue.take(bytesOf(30, 50))).toBe(20 * frameBytes);
    // What was handed out is not overwritten while it is looked at.
    expect(new Set(first!.image.data)).toEqual(new Set([29]));
    expect(await queue.next()).toMatchObject({ index: 49, dropped: 19 });
  });

  test("a frame waits for its time, which may come later or not at all", async () => {
    const queue = new FrameQueue(4, 2, "wait");
    queue.take(bytesOf(0, 2));
    let isGiven = false;
    const next = queue.next().then((frame) => {
      isGiven = true;
      return frame;
    });
    await Promise.resolve();
    expect(isGiven).toBe(false);
    queue.setTime(0, 4);
    expect(await next).toMatchObject({ index: 0, time: 4 });
    queue.setTime(1, Number.NaN);
    expect(await queue.next()).toMatchObject({ index: 1, time: 4 });
  });

  test("a frame that never becomes whole is no frame", async () => {
    const queue = new FrameQueue(4, 2, "wait");
    queue.take(bytesOf(0, 2).subarray(0, frameBytes + 5));
    queue.setTime(0, 0);
    queue.end();
    expect(await queue.next()).toMatchObject({ index: 0 });
    expect(await queue.next()).toBeUndefined();
    expect(queue.isInsideFrame).toBe(true);
  });
});
