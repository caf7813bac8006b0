import { describe, expect, test } from "vitest";
import { LiveClock, type LiveClockOptions } from "./live-clock.ts";

const rate = 20;

/** A clock, the hand that moves it, and frames of a connection at `rate`. */
function clockAt(options: Partial<LiveClockOptions> = {}) {
  let now = 100;
  const clock = new LiveClock({ promisedRate: Number.NaN, now: () => now, ...options });
  const connect = (stamp: number, frames: number, dropped = 0) => {
    const missed = clock.connect(dropped, stamp);
    const times: number[] = [];
    for (let index = dropped; index < dropped + frames; index++) {
      if (index > dropped) now += 1 / rate;
      times.push(clock.timeOf(index, stamp + (index - dropped) / rate));
    }
    return { missed, times };
  };
  return { connect, clock, wait: (seconds: number) => (now += seconds) };
}

describe("a clock of several connections", () => {
  test("stamps that begin anew are set on this machine's clock, and the frames between are an estimate", () => {
    const { connect, wait } = clockAt();
    expect(connect(7, 41)).toMatchObject({ missed: undefined, times: { 0: 0, 40: 2 } });
    wait(3);
    const { missed, times } = connect(0, 2);
    expect(missed).toEqual({ seconds: expect.closeTo(3, 6), frames: 59, estimated: true });
    expect(times[0]).toBeCloseTo(5, 6);
    expect(times[1]).toBeCloseTo(5.05, 6);
  });

  test("stamps that go on tell how much is missing, whatever this machine's clock says", () => {
    const { connect, wait } = clockAt();
    connect(7, 41);
    wait(3.4);
    const { missed, times } = connect(12, 1);
    expect(missed).toEqual({ seconds: expect.closeTo(3, 6), frames: 59, estimated: false });
    expect(times[0]).toBeCloseTo(5, 6);
  });

  test("stamps far from this machine's clock are no continuation, nor are those before the loss", () => {
    for (const stamp of [60, 8.9]) {
      const { connect, wait } = clockAt();
      connect(7, 41);
      wait(10);
      expect(connect(stamp, 1).missed).toEqual({
        seconds: expect.closeTo(10, 6),
        frames: 199,
        estimated: true,
      });
    }
  });

  test("what was measured comes before what was promised; a time base is no promise", () => {
    for (const [promisedRate, frames, expected] of [
      [10, 41, 59],
      [10, 3, 29],
      [90_000, 3, undefined],
      [Number.NaN, 3, undefined],
    ] as const) {
      const { connect, wait } = clockAt({ promisedRate });
      connect(0, frames);
      wait(3);
      expect(connect(0, 1).missed?.frames).toBe(expected);
    }
  });

  test("frames that came and were dropped are not missing", () => {
    const { connect, wait } = clockAt();
    connect(7, 41);
    wait(3);
    expect(connect(0, 1, 4).missed?.frames).toBe(55);
  });

  test("a frame that follows at once misses nothing", () => {
    const { connect, wait } = clockAt();
    connect(0, 41);
    wait(1 / rate);
    expect(connect(41 / rate, 1).missed).toMatchObject({ frames: 0, estimated: false });
  });

  test("a sender that sets its stamps anew within a connection does not stop the time", () => {
    const { clock, connect, wait } = clockAt();
    connect(50, 41);
    for (const stamp of [0, 1000]) {
      const before = clock.lastTime!;
      wait(0.1);
      expect(clock.timeOf(41, stamp)).toBeCloseTo(before + 0.1, 6);
      wait(0.1);
      expect(clock.timeOf(42, stamp + 0.1)).toBeCloseTo(before + 0.2, 6);
    }
  });

  test("takes up what was lost elsewhere, where it was", () => {
    const resume = { nextFrame: 200, time: 10, elapsed: 14, frameRate: 5 };
    const { connect } = clockAt({ resume });
    const { missed, times } = connect(3, 2);
    expect(missed).toEqual({ seconds: expect.closeTo(4, 6), frames: 19, estimated: true });
    expect(times[0]).toBeCloseTo(14, 6);
  });
});
