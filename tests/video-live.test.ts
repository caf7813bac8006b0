/** A live stream, served on loopback by a program of this test: the newest frame wins, and it is taken up again when cut. */

import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type LiveEvent, openVideo, readVideo, type VideoFrame } from "@emotionnet/media";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./cli-support.ts";
import { drawNumberedClip, shownNumber, withoutFfmpeg } from "./video-support.ts";

const rate = 25;
const source = ["-re", "-f", "lavfi", "-i", `testsrc=s=160x120:r=${rate}`, "-pix_fmt", "yuv420p"];
const encoding = [
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-tune",
  "zerolatency",
  "-g",
  "10",
  "-f",
  "mpegts",
];

let server: Server;
let address: string;
const senders = new Map<ServerResponse, ChildProcess>();
let isOpen = true;

beforeAll(async () => {
  server = createServer((_, response) => {
    if (!isOpen) {
      response.writeHead(503).end();
      return;
    }
    const sender = spawn("ffmpeg", ["-v", "quiet", "-nostdin", ...source, ...encoding, "pipe:1"]);
    senders.set(response, sender);
    response.writeHead(200, { "content-type": "video/mp2t" });
    sender.stdout.pipe(response);
    response.on("close", () => sender.kill("SIGKILL"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stream`;
});
afterAll(() => {
  cut();
  server.close();
});

function cut(): void {
  for (const [response, sender] of senders) {
    sender.kill("SIGKILL");
    response.destroy();
  }
  senders.clear();
}

describe.skipIf(withoutFfmpeg)(`live streams${withoutFfmpeg}`, () => {
  test("start, cut, return: it connects again, tells what was missed, and goes on", async () => {
    const events: LiveEvent[] = [];
    const abort = new AbortController();
    const options = {
      signal: abort.signal,
      reconnectDelay: 0.1,
      onLive: (event: LiveEvent) => events.push(event),
    };
    const { info, frames } = await openVideo(address, options);
    expect(info.isLive).toBe(true);
    const times: number[] = [];
    const indexes: number[] = [];
    let dropped = 0;
    for await (const frame of frames) {
      times.push(frame.time);
      indexes.push(frame.index);
      dropped += frame.dropped;
      if (times.length === 15) {
        isOpen = false;
        cut();
        setTimeout(() => {
          isOpen = true;
        }, 700);
      }
      if (times.length === 40) abort.abort();
    }
    expect(times.length).toBe(40);
    expect(times[0]).toBe(0);
    const kinds = events.map(({ kind }) => kind);
    expect(kinds[0]).toBe("lost");
    expect(kinds.filter((kind) => kind === "waiting").length).toBeGreaterThan(1);
    expect(kinds.at(-1)).toBe("resumed");
    const waits = events.flatMap((event) => (event.kind === "waiting" ? [event.seconds] : []));
    expect(waits.slice(0, 3)).toEqual([0.1, 0.2, 0.4].slice(0, waits.length));
    const resumed = events.find((event) => event.kind === "resumed")!;
    expect(resumed.missed.seconds).toBeGreaterThan(0.6);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(times).toContain(resumed.time);
    // Every frame of the decoder was either given or counted as dropped.
    expect(indexes.at(-1)! + 1).toBe(times.length + dropped);
  });

  test("stamps that go on over a cut tell how many frames are missing, as the frames themselves show", async () => {
    const clip = join(temporaryFolder(), "numbered.mp4");
    await drawNumberedClip(clip, { width: 160, height: 120, rate });
    // One sender for all connections, as a camera has.
    const args = ["-re", "-stream_loop", "-1", "-i", clip, ...encoding, "pipe:1"];
    const sender = spawn("ffmpeg", ["-v", "quiet", "-nostdin", ...args]);
    const clients = new Set<ServerResponse>();
    let isUp = true;
    const lasting = createServer((_, response) => {
      if (!isUp) return void response.writeHead(503).end();
      response.writeHead(200, { "content-type": "video/mp2t" });
      clients.add(response);
      response.on("close", () => clients.delete(response));
    });
    sender.stdout.on("data", (part: Buffer) => {
      for (const client of clients) client.write(part);
    });
    await new Promise<void>((resolve) => lasting.listen(0, "127.0.0.1", resolve));
    const seen: (Omit<VideoFrame, "image"> & { number: number })[] = [];
    try {
      const source = `http://127.0.0.1:${(lasting.address() as AddressInfo).port}/live.ts`;
      for await (const { image, ...frame } of readVideo(source, { reconnectDelay: 0.2 })) {
        seen.push({ ...frame, number: shownNumber(image) });
        if (seen.length === 30) {
          isUp = false;
          for (const client of clients) client.destroy();
          setTimeout(() => (isUp = true), 1000);
        }
        if (seen.length === 60) break;
      }
    } finally {
      sender.kill("SIGKILL");
      lasting.close();
    }
    const place = seen.findIndex(({ missed }) => missed !== undefined);
    const [before, after] = [seen[place - 1]!, seen[place]!];
    const truth = (256 + after.number - before.number - 1 - after.dropped) % 256;
    expect(truth).toBeGreaterThan(0.9 * rate);
    expect(after.missed).toEqual({
      seconds: expect.closeTo((truth + 1) / rate, 3),
      frames: truth,
      estimated: false,
    });
    expect(after.time - before.time).toBeCloseTo((truth + 1) / rate, 3);
    expect(after.index).toBe(before.index + after.dropped + 1);
  });

  test.each([undefined, 10])(
    "stamps that begin anew within a connection do not stop the time (most a second: %s)",
    async (maxRate) => {
      // As when the encoder behind a server is started again.
      const restarting = createServer((_, response) => {
        response.writeHead(200, { "content-type": "video/mp2t" });
        const send = (round: number) => {
          if (round === 3 || response.destroyed) return void response.end();
          const sender = spawn("ffmpeg", [
            "-v",
            "quiet",
            "-nostdin",
            ...source,
            "-t",
            "2",
            ...encoding,
            "pipe:1",
          ]);
          sender.stdout.pipe(response, { end: false });
          response.on("close", () => sender.kill("SIGKILL"));
          sender.on("close", () => send(round + 1));
        };
        send(0);
      });
      await new Promise<void>((resolve) => restarting.listen(0, "127.0.0.1", resolve));
      const place = `http://127.0.0.1:${(restarting.address() as AddressInfo).port}/stream`;
      const times: number[] = [];
      try {
        for await (const { time, missed } of readVideo(place, maxRate === undefined ? {} : { maxRate })) {
          expect(missed).toBeUndefined();
          times.push(time);
          if (times.length === (maxRate === undefined ? 90 : 38)) break;
        }
      } finally {
        restarting.closeAllConnections();
        restarting.close();
      }
      // Two seconds of each encoder; a time that stood still would be there again and again.
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      expect(times.length - new Set(times).size).toBeLessThanOrEqual(2);
      expect(times.at(-1)).toBeGreaterThan(3);
    },
  );

  test("a reader that is slow gets the newest frame, and every other is counted", async () => {
    const seen: { index: number; dropped: number }[] = [];
    for await (const { index, dropped } of readVideo(address)) {
      seen.push({ index, dropped });
      if (seen.length === 6) break;
      await delay(240);
    }
    expect(seen.reduce((sum, { dropped }) => sum + dropped, 0)).toBeGreaterThan(5);
    for (const [place, { index, dropped }] of seen.entries()) {
      expect(index).toBe((seen[place - 1]?.index ?? -1) + dropped + 1);
    }
  });

  test("an address that does not answer is an error, not a wait", async () => {
    isOpen = false;
    await expect(openVideo(address)).rejects.toMatchObject({ code: "stream-unreachable" });
    isOpen = true;
    await expect(openVideo("camera:250")).rejects.toMatchObject({
      code: "stream-unreachable",
      message: expect.stringContaining('the camera "camera:250" (/dev/video250), which is not there'),
    });
  });

  test("a password in an address is not repeated in an error", async () => {
    const secret = address.replace("http://", "http://somebody:secret@").replace("/stream", "");
    isOpen = false;
    await expect(openVideo(secret)).rejects.toThrow(/^(?!.*secret).*127\.0\.0\.1/s);
    isOpen = true;
  });
});
