import type { FaceResult, SourceResult } from "@emotionnet/core";
import { expect, test } from "vitest";
import { formatLosses, formatStatusLine } from "../format/status.ts";
import { StreamStatuses } from "./stream-statuses.ts";
import { NOTHING_MISSED } from "./stream-totals.ts";

const source = "rtsp://door/1";
const face = { expression: "happy" } as FaceResult;

function result(frame: number, more: Partial<SourceResult> = {}): SourceResult {
  return { source, frame, time: frame / 10, width: 8, height: 8, faces: [face], ...more };
}

test("a live source: its rate, what it left out, and what it missed", () => {
  let now = 0;
  const statuses = new StreamStatuses(() => now);
  statuses.see(result(0));
  expect(statuses.all).toEqual([]);
  statuses.hearStream({ kind: "opened", source, isLive: true, width: 8, height: 8 });
  for (let frame = 0; frame < 100; frame++) {
    now += 0.1;
    statuses.see(result(frame, { dropped: frame % 2 }));
  }
  expect(formatStatusLine(statuses.all[0]!, 15)).toBe(
    "rtsp://door/1    running  0:09   10.0 frames/s  1 face, happy  50 left out",
  );
  statuses.hearLive(source, { kind: "lost", what: "connection", time: 9.9, said: "" });
  expect(statuses.all[0]!.state).toBe("lost");
  statuses.hearLive(source, { kind: "waiting", seconds: 0.5 });
  statuses.hearLive(source, {
    ...{ kind: "resumed", time: 12 },
    missed: { seconds: 2.1, frames: 20, estimated: true },
  });
  statuses.see(result(101, { dropped: 0, faces: [] }));
  expect(formatStatusLine(statuses.all[0]!, 0)).toMatch(
    /running .* 0 faces {2}50 left out {2}about 20 frames \(2\.1 s\) missed$/,
  );
  statuses.hearStream({
    ...{ kind: "ended", source, isLive: true, frames: 101, dropped: 50, missed: statuses.all[0]!.missed },
    longestQueues: { frames: 1, results: 2 },
  });
  expect(statuses.all[0]!.state).toBe("ended");
  expect(formatLosses(statuses.all[0]!)).toBe(
    "rtsp://door/1: 101 frames were looked at, 50 left out; about 20 frames (2.1 s) were missed while it was lost.",
  );
});

test("a file lacks nothing, and one that breaks off has failed", () => {
  const statuses = new StreamStatuses(() => 0);
  statuses.hearStream({ kind: "opened", source, isLive: false, width: 8, height: 8, duration: 3725 });
  statuses.see(result(0));
  statuses.see(result(1, { error: { code: "video-damaged", message: "" } }));
  statuses.hearStream({
    ...{ kind: "ended", source, isLive: false, frames: 1, dropped: 0, missed: NOTHING_MISSED },
    longestQueues: { frames: 1, results: 2 },
  });
  expect(formatStatusLine(statuses.all[0]!, 0)).toContain("failed   0:00 of 1:02:05");
  expect(formatLosses(statuses.all[0]!)).toBeUndefined();
});
