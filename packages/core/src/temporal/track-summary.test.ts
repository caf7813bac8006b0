import { describe, expect, it } from "vitest";
import { randomSource } from "../testing/random-model.ts";
import { UNKNOWN_LABEL } from "./hysteresis.ts";
import { TrackTally, timeShare } from "./track-summary.ts";

/** Interval from one track of random visits and absences of these mean lengths. */
function simulatedInterval(random: () => number, shown: number, away: number, length: number) {
  let isShown = random() < shown / (shown + away);
  let [time, held, changes] = [0, 0, -1];
  while (time < length) {
    const period = Math.min(-Math.log(1 - random()) * (isShown ? shown : away), length - time);
    time += period;
    if (isShown) held += period;
    changes++;
    isShown = !isShown;
  }
  return timeShare(held, length, changes).interval;
}

describe("timeShare", () => {
  it("equals Wilson's interval for the known number of looks", () => {
    // Share 1/2, 24.5 visits: 24.5 / (2 · 1/4) = 49 looks; Wilson for 24.5 of 49 at z = 1.959964 is 0.5 ± 0.1348.
    const { share, interval } = timeShare(50, 100, 48);
    expect(share).toBe(0.5);
    expect(interval[0]).toBeCloseTo(0.3652, 4);
    expect(interval[1]).toBeCloseTo(0.6348, 4);
  });

  it.each([
    [2, 6, 120],
    [1, 19, 600],
    [5, 5, 120],
  ])("covers the true share in about 95 of 100 tracks (shown %d s, away %d s, for %d s)", (...process) => {
    const [shown, away] = process;
    const truth = shown / (shown + away);
    const random = randomSource(11);
    const covered = Array.from({ length: 1000 }, () => simulatedInterval(random, ...process)).filter(
      ([low, high]) => low <= truth && truth <= high,
    ).length;
    expect(covered).toBeGreaterThan(920);
    expect(covered).toBeLessThan(990);
  });

  it("is unsure about a short track and surer about a long one that never showed the expression", () => {
    expect(timeShare(0, 0, 0)).toEqual({ share: 0, interval: [0, 1], seconds: 0 });
    const [, short] = timeShare(0, 8, 0).interval;
    const [low, long] = timeShare(0, 3600, 0).interval;
    expect(low).toBe(0);
    expect(short).toBeGreaterThan(0.5);
    expect(long).toBeLessThan(0.01);
    expect(timeShare(3600, 3600, 0).interval[1]).toBe(1);
  });
});

describe("TrackTally", () => {
  it("adds up shares, mean probabilities, events and reasons", () => {
    const tally = new TrackTally(["neutral", "happy"] as const);
    tally.frame(10, undefined);
    tally.frame(13, "low-confidence");
    tally.frame(14, "profile");
    tally.frame(15, "profile");
    tally.hold(0, 3);
    tally.hold(1, 1);
    tally.hold(UNKNOWN_LABEL, 1);
    tally.holdProbabilities([0.8, 0.2], 3);
    tally.holdProbabilities([0.4, 0.6], 1);
    tally.change(0, 1);
    tally.change(1, UNKNOWN_LABEL);
    tally.event("happy");
    const summary = tally.summary();
    expect(summary).toMatchObject({ frames: 4, from: 10, to: 15, seconds: 5 });
    expect(summary.shares.neutral.share).toBeCloseTo(0.6, 12);
    expect(summary.shares.unknown.seconds).toBe(1);
    expect(summary.meanProbabilities.neutral).toBeCloseTo(0.7, 12);
    expect(summary.events).toEqual({ neutral: 0, happy: 1 });
    expect(summary.abstained).toMatchObject({ profile: 2, "low-confidence": 1, occluded: 0 });
  });
});
