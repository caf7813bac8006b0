/** The command on videos: rows, files beside them, exit statuses, Ctrl-C. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { MEAN_SHAPE, type SourceResult } from "@emotionnet/core";
import { beforeAll, describe, expect, test } from "vitest";
import { outcome, runCommand, startCommand, temporaryFolder } from "./cli-support.ts";
import { drawClip, ffmpeg, withoutFfmpeg } from "./video-support.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const frames = 30;

/** The mean face with its mouth opening and its brows rising from frame to frame, as in surprise. */
function face(frame: number): Float32Array {
  const landmarks = Float32Array.from(MEAN_SHAPE);
  const share = Math.max(0, Math.min(1, (frame - 10) / 5));
  const lower = (points: readonly number[], by: number) => {
    for (const point of points) landmarks[2 * point + 1]! += by * share;
  };
  lower([6, 7, 8, 9, 10, 55, 56, 57, 58, 59, 65, 66, 67], 0.6);
  lower([17, 18, 19, 20, 21, 22, 23, 24, 25, 26], -0.25);
  lower([37, 38, 43, 44], -0.05);
  return landmarks;
}

beforeAll(async () => {
  if (withoutFfmpeg) return;
  await drawClip(path("clip.mp4"), { width: 320, height: 240, frames }, (frame) => [
    { landmarks: face(frame), seed: 2, x: 160, y: 120, size: 240 },
  ]);
});

function rowsOf(text: string): SourceResult[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as SourceResult);
}

describe.skipIf(withoutFfmpeg)(`emotionnet analyze on videos${withoutFfmpeg}`, () => {
  test("one line a frame, and the files that were asked for", async () => {
    const asked = [
      "--events",
      "e.vtt",
      "--summary",
      "s.csv",
      "--timeline",
      "t.svg",
      "--annotate",
      "marked.webm",
    ];
    const { status, stdout, stderr } = await runCommand(
      ["analyze", "clip.mp4", "-f", "jsonl", ...asked],
      folder,
    );
    expect(stderr).toBe("Annotated copies are in marked.webm.\nWritten: e.vtt, s.csv, t.svg.\n");
    expect(status).toBe(0);
    const rows = rowsOf(stdout);
    expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: frames }, (_, frame) => frame));
    expect(rows[15]!.time).toBe(0.5);
    const track = rows[0]!.faces[0]!.track!;
    expect(rows.every(({ faces }) => faces.length === 1 && faces[0]!.track === track)).toBe(true);
    expect(readFileSync(path("e.vtt"), "utf8")).toMatch(
      new RegExp(`^WEBVTT\n\n00:00:0\\d\\.\\d{3} --> 00:00:00\\.967\n<v ${track}>\\w+ [01]\\.?\\d*\n`),
    );
    const summary = readFileSync(path("s.csv"), "utf8").trimEnd().split("\r\n");
    expect(summary.length).toBe(1 + 7);
    const shares = summary.slice(1).map((line) => Number(line.split(",")[7]));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    const figure = readFileSync(path("t.svg"), "utf8");
    expect(figure).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(figure).toContain(`face ${track}`);
    expect(figure).not.toMatch(/NaN|undefined/);
    expect(existsSync(path("marked.webm"))).toBe(true);
  });

  test("CSV has the track; events as JSON lines and as ELAN's columns", async () => {
    const asCsv = await runCommand(["analyze", "clip.mp4", "-f", "csv", "--events", "e.csv"], folder);
    const [header, first] = asCsv.stdout.split("\r\n").map((line) => line.split(","));
    expect(first![header!.indexOf("track")]).toMatch(/^\w{5}$/);
    expect(readFileSync(path("e.csv"), "utf8")).toMatch(
      /^tier,begin,end,duration,annotation,[^\n]*\r\n\w{5},0\.\d+,/,
    );
    const asked = ["--events", "e.jsonl", "--summary", "s.jsonl"];
    await runCommand(["analyze", "clip.mp4", ...asked], folder);
    const events = rowsOf(readFileSync(path("e.jsonl"), "utf8")) as unknown as {
      event: string;
      onset: number;
    }[];
    expect(events.map(({ event }) => event)).toEqual(["begin", "end"]);
    expect(Math.abs(events[0]!.onset * 30 - 12.5)).toBeLessThanOrEqual(3);
    expect(rowsOf(readFileSync(path("s.jsonl"), "utf8"))[0]).toMatchObject({ frames, source: "clip.mp4" });
  });

  test("a broken video beside a good one is one line; alone it is status 1", async () => {
    writeFileSync(path("words.mp4"), "these are words");
    const both = await runCommand(["analyze", "words.mp4", "clip.mp4", "-f", "jsonl"], folder);
    expect(both.status).toBe(0);
    expect(both.stderr).toContain("error [video-format]");
    expect(rowsOf(both.stdout).length).toBe(1 + frames);
    const alone = await runCommand(["analyze", "words.mp4", "-f", "jsonl"], folder);
    expect(alone.status).toBe(1);
  });

  test.each([
    ["--events", "events.txt"],
    ["--summary", "summary.vtt"],
    ["--timeline", "figure.png"],
    ["--annotate", "copy.png"],
  ])("%s %s is wrong usage", async (flag, file) => {
    const { status, stdout, stderr } = await runCommand(
      ["analyze", "clip.mp4", "-f", "jsonl", flag, file],
      folder,
    );
    expect(stderr).toMatch(/^error \[usage\]: .*ends? in|^error \[usage\]: .*ending/);
    expect(status).toBe(2);
    expect(stdout).toBe("");
  });

  test("Ctrl-C ends a live stream in order: status 0, whole lines, files in place", async () => {
    ffmpeg(
      "-stream_loop",
      "100",
      "-i",
      path("clip.mp4"),
      "-c:v",
      "mpeg2video",
      "-f",
      "mpegts",
      path("loop.ts"),
    );
    const bytes = readFileSync(path("loop.ts"));
    // Sent at about the pace of its pictures, and never ended.
    const server = createServer((_, response) => {
      let at = 0;
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, at + bytes.length / 1000));
        at += bytes.length / 1000;
      }, 100);
      response.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const asked = ["--annotate", "live.mp4", "--summary", "live.csv"];
    const child = startCommand(["analyze", address, "-f", "jsonl", ...asked], folder);
    let seen = "";
    child.stdout!.on("data", (part: Buffer) => {
      const before = seen.split("\n").length;
      seen += part;
      if (before <= 20 && seen.split("\n").length > 20) child.kill("SIGINT");
    });
    const { status, stderr } = await outcome(child);
    server.close();
    server.closeAllConnections();
    expect(stderr).toContain("Written: live.csv.");
    expect(status).toBe(0);
    const rows = rowsOf(seen);
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows.every(({ dropped }) => dropped !== undefined)).toBe(true);
    expect(existsSync(path("live.mp4"))).toBe(true);
    expect(existsSync(path("live.mp4.partial"))).toBe(false);
  });
});
