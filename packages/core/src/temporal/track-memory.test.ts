import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { EXPRESSIONS } from "../expressions.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import type { Classification } from "../results.ts";
import { ExpressionTrack } from "./expression-track.ts";
import { OneEuroFilter } from "./one-euro-filter.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are in use when nothing unused is left. */
function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function answer(happy: number): Classification {
  const probabilities = {
    neutral: 0.98 - happy,
    happy,
    surprise: 0.005,
    squint: 0.005,
    disgust: 0.005,
    scream: 0.005,
  };
  return {
    expression: happy > 0.5 ? "happy" : "neutral",
    confidence: Math.max(happy, 0.98 - happy),
    probabilities,
    quality: 1,
  };
}

it("a track of a million frames keeps no more than one of ten thousand", { timeout: 120_000 }, () => {
  const track = new ExpressionTrack(EXPRESSIONS, { neutralBaseline: "on" });
  const filter = new OneEuroFilter(68);
  const points = Float32Array.from(MEAN_SHAPE);
  const [smile, rest] = [answer(0.95), answer(0.03)];
  const followUntil = (end: number) => {
    for (let frame = track.summary().frames; frame < end; frame++) {
      // Points on every tenth frame only: they take most of the time.
      const seen = frame % 10 === 0 ? filter.filter(points, frame / 30, 3) : undefined;
      track.push(frame / 30, frame % 300 < 100 ? smile : rest, seen);
    }
  };
  followUntil(10_000);
  const before = bytesInUse();
  followUntil(1_000_000);
  // One number kept a frame would be 8 MB.
  expect(bytesInUse() - before).toBeLessThan(500_000);
  expect(track.summary().events.happy).toBe(3333);
});
