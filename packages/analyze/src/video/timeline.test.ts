import type { FaceResult, SourceResult } from "@emotionnet/core";
import { expect, test } from "vitest";
import { Timeline } from "./timeline.ts";

function result(time: number, faces: Record<string, number>): SourceResult {
  const seen = Object.entries(faces).map(([track, happy]) => ({
    track,
    expression: happy > 0.5 ? "happy" : "neutral",
    probabilities: { neutral: 1 - happy, happy },
  }));
  return { source: "a & b.mp4", frame: 0, time, width: 1, height: 1, faces: seen as unknown as FaceResult[] };
}

/** Bars of one colour: where they begin and end. */
function bars(svg: string, height: string): [number, number][] {
  const pattern = new RegExp(
    `<rect x="([\\d.]+)" y="[\\d.]+" width="([\\d.]+)" height="${height}" fill="#f0e442"`,
    "g",
  );
  return [...svg.matchAll(pattern)].map(([, x, width]) => [Number(x), Number(x) + Number(width)]);
}

test("a lane a face, without gaps between frames, with gaps where the face was away", () => {
  const timeline = new Timeline();
  for (let frame = 0; frame < 250; frame++) {
    const isAway = frame >= 100 && frame < 150;
    timeline.add(result(frame / 25, { first: 0, ...(isAway ? {} : { second: 1 }) }));
  }
  const svg = timeline.toSvg();
  expect(svg).toContain("a &amp; b.mp4 · face first");
  expect(svg.match(/· face /g)?.length).toBe(2);
  const strips = bars(svg, "12").slice(1);
  const gaps = strips.slice(1).filter(([from], index) => from - strips[index]![1] > 0.05);
  expect(gaps.length).toBe(1);
  const middle = 16 + (968 * 6) / 9.96;
  expect(Math.abs(gaps[0]![0] - middle)).toBeLessThan(2);
});

test("hours fit into as much as minutes", () => {
  const sizes = [1, 60].map((factor) => {
    const timeline = new Timeline();
    for (let frame = 0; frame < 20_000; frame++) {
      timeline.add(result((frame * factor) / 10, { one: (frame % 100) / 100 }));
    }
    return timeline.toSvg().length;
  });
  expect(Math.max(...sizes)).toBeLessThan(400_000);
  expect(sizes[1]! / sizes[0]!).toBeLessThan(2.5);
});

test("of very many faces the longest stay, and nothing piles up", () => {
  const timeline = new Timeline();
  for (let frame = 0; frame < 3000; frame++)
    timeline.add(result(frame / 10, { long: 1, [`short${frame}`]: 0 }));
  const svg = timeline.toSvg();
  expect(svg.match(/· face /g)?.length).toBe(40);
  expect(svg).toContain("face long");
});

test("no face is an empty figure", () => {
  expect(new Timeline().toSvg()).not.toMatch(/NaN|undefined/);
});
