/** Every kind of video file gives every frame, with its time, upright; what is wrong is said. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openVideo, readVideo, VideoWriter } from "@emotionnet/media";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ffmpeg, hasEncoder, withoutFfmpeg } from "./video-support.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-video-"));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const frames = 45;
const clip = path("clip.mp4");
const drawn = ["-f", "lavfi", "-i", `testsrc=s=320x240:r=30:d=${frames / 30}`, "-pix_fmt", "yuv420p"];

beforeAll(() => {
  if (withoutFfmpeg) return;
  ffmpeg(...drawn, "-c:v", "libx264", "-movflags", "+faststart", clip);
});

/** Times of all frames, and what ended them. */
async function timesOf(file: string): Promise<{ times: number[]; error?: unknown }> {
  const times: number[] = [];
  try {
    for await (const frame of readVideo(file)) {
      expect(frame.index).toBe(times.length);
      expect(frame.image.data.length).toBe(3 * frame.image.width * frame.image.height);
      times.push(frame.time);
    }
  } catch (error) {
    return { times, error };
  }
  return { times };
}

/** What ffprobe says of each frame's time. */
function truth(file: string): number[] {
  const shown = ["-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0"];
  const { stdout } = spawnSync("ffprobe", ["-v", "error", ...shown, file], { encoding: "utf8" });
  const times = stdout.trim().split(/\s+/).map(Number.parseFloat);
  return times.map((time) => time - times[0]!);
}

/** Names of the programs that this process has started and that still run. */
function programsStarted(): string[] {
  const list = `/proc/${process.pid}/task/${process.pid}/children`;
  if (!existsSync(list)) return [];
  const ids = readFileSync(list, "utf8").trim().split(/\s+/).filter(Boolean);
  return ids.map((id) => readFileSync(`/proc/${id}/comm`, "utf8").trim());
}

describe.skipIf(withoutFfmpeg)(`reading video files${withoutFfmpeg}`, () => {
  const codecs = [
    ["H.264 in MP4", "libx264", "h264.mp4", []],
    ["H.264 in Matroska", "libx264", "h264.mkv", []],
    ["H.264 with B frames in MPEG-TS", "libx264", "h264.ts", ["-bf", "3"]],
    ["HEVC in MOV", "libx265", "hevc.mov", ["-x265-params", "log-level=none", "-tag:v", "hvc1"]],
    ["VP9 in WebM", "libvpx-vp9", "vp9.webm", ["-deadline", "realtime", "-cpu-used", "8"]],
    ["AV1 in MP4", "libsvtav1", "av1.mp4", ["-preset", "12"]],
    ["MPEG-4 in AVI", "mpeg4", "mpeg4.avi", []],
  ] as const;
  for (const [title, encoder, name, options] of codecs) {
    const missing = hasEncoder(encoder) ? "" : ` (skipped: this ffmpeg has no ${encoder})`;
    test.skipIf(missing)(`${title}: every frame once, at its time${missing}`, async () => {
      ffmpeg(...drawn, "-c:v", encoder, ...options, path(name));
      const { times, error } = await timesOf(path(name));
      expect(error).toBeUndefined();
      expect(times.length).toBe(frames);
      for (const [index, time] of times.entries()) expect(Math.abs(time - index / 30)).toBeLessThan(0.002);
    });
  }

  test("a variable frame rate keeps its own times", async () => {
    const uneven = "select='lt(n,9)+not(mod(n,4))+between(n,30,33)'";
    ffmpeg(...drawn, "-vf", uneven, "-fps_mode", "vfr", "-c:v", "libx264", path("vfr.mp4"));
    const { times } = await timesOf(path("vfr.mp4"));
    const expected = truth(path("vfr.mp4"));
    const steps = times.slice(1).map((time, index) => Math.round(30 * (time - times[index]!)));
    expect(new Set(steps).size).toBeGreaterThan(2);
    expect(times.length).toBe(expected.length);
    for (const [index, time] of times.entries()) expect(time).toBeCloseTo(expected[index]!, 4);
  });

  test("a phone's video is turned upright, and scaled as asked", async () => {
    const corner = "drawbox=x=0:y=0:w=80:h=60:c=red:t=fill";
    const source = ["-f", "lavfi", "-i", `color=blue:s=320x240:r=10:d=0.5,${corner}`];
    ffmpeg(...source, "-c:v", "libx264", "-pix_fmt", "yuv420p", path("flat.mp4"));
    const turn = ["-c", "copy", "-metadata:s:v:0", "rotate=90"];
    ffmpeg("-i", path("flat.mp4"), ...turn, path("turned.mp4"));
    const { info, frames: pictures, width, height } = await openVideo(path("turned.mp4"), { maxSide: 160 });
    expect(info.rotation % 180).toBe(90);
    expect([info.width, info.height, width, height]).toEqual([240, 320, 120, 160]);
    const frame = (await pictures.next()).value!;
    const redAt = (x: number, y: number) => frame.image.data[3 * (y * width + x)]!;
    // Turned by a quarter, the corner is at the right or the left of the short side, never where it was on the long one.
    const right = redAt(width - 5, 5);
    const left = redAt(4, height - 5);
    expect(Math.max(right, left)).toBeGreaterThan(200);
    expect(Math.min(right, left)).toBeLessThan(60);
    await pictures.return();
  });

  test("pixels that are not square become square", async () => {
    ffmpeg(...drawn, "-vf", "setsar=4/3", "-frames:v", "3", "-c:v", "libx264", path("wide.mp4"));
    const { info, frames: pictures } = await openVideo(path("wide.mp4"));
    expect([info.width, info.height]).toEqual([427, 240]);
    await pictures.return();
  });

  test("sound beside the pictures changes nothing", async () => {
    const sound = ["-f", "lavfi", "-i", "sine=d=3"];
    ffmpeg("-i", clip, ...sound, "-c:v", "copy", path("sound.mkv"));
    const { times, error } = await timesOf(path("sound.mkv"));
    expect(error).toBeUndefined();
    expect(times.length).toBe(frames);
  });

  test.each(["mp4", "mkv"])(
    "a cut %s file gives what can be read, then says where it broke off",
    async (ending) => {
      ffmpeg("-i", clip, "-c", "copy", "-movflags", "+faststart", path(`whole.${ending}`));
      const whole = readFileSync(path(`whole.${ending}`));
      writeFileSync(path(`cut.${ending}`), whole.subarray(0, 0.6 * whole.length));
      const { times, error } = await timesOf(path(`cut.${ending}`));
      expect(times.length).toBeGreaterThan(5);
      expect(times.length).toBeLessThan(frames - 5);
      expect(error).toMatchObject({ code: "video-damaged" });
      expect(String(error)).toContain(`${times.length} frames, up to ${times.at(-1)!.toFixed(3)} s`);
    },
  );

  const cuts = [
    ["HEVC", "libx265", "hevc.mov", ["-x265-params", "log-level=none", "-tag:v", "hvc1"]],
    ["VP9", "libvpx-vp9", "vp9.webm", ["-deadline", "realtime", "-cpu-used", "8"]],
    ["AV1", "libsvtav1", "av1.mp4", ["-preset", "12"]],
  ] as const;
  for (const [codec, encoder, name, options] of cuts) {
    const missing = hasEncoder(encoder) ? "" : ` (skipped: this ffmpeg has no ${encoder})`;
    test.skipIf(missing)(`so does one of ${codec}${missing}`, async () => {
      ffmpeg(
        ...drawn,
        "-c:v",
        encoder,
        "-g",
        "10",
        ...options,
        "-movflags",
        "+faststart",
        path(`whole-${name}`),
      );
      const whole = readFileSync(path(`whole-${name}`));
      writeFileSync(path(`cut-${name}`), whole.subarray(0, 0.6 * whole.length));
      const { times, error } = await timesOf(path(`cut-${name}`));
      expect(times.length).toBeGreaterThan(5);
      expect(times.length).toBeLessThan(frames - 3);
      for (const [index, time] of times.entries()) expect(Math.abs(time - index / 30)).toBeLessThan(0.002);
      expect(error).toMatchObject({ code: "video-damaged" });
      expect(String(error)).toContain(`${times.length} frames, up to ${times.at(-1)!.toFixed(3)} s`);
    });
  }

  test("an MP4 file cut before its index says so", async () => {
    ffmpeg("-i", clip, "-c", "copy", path("late.mp4"));
    const whole = readFileSync(path("late.mp4"));
    writeFileSync(path("early.mp4"), whole.subarray(0, whole.length / 2));
    const { times, error } = await timesOf(path("early.mp4"));
    expect(times).toEqual([]);
    expect(error).toMatchObject({
      code: "video-damaged",
      message: expect.stringContaining("without its index"),
    });
  });

  test("what is no video is told apart", async () => {
    writeFileSync(path("text.mp4"), "these are only words");
    writeFileSync(path("empty.mp4"), "");
    ffmpeg("-f", "lavfi", "-i", "sine=d=0.2", path("sound.m4a"));
    ffmpeg("-f", "lavfi", "-i", "testsrc", "-frames:v", "1", path("picture.png"));
    for (const [name, code, words] of [
      [path("text.mp4"), "video-format", "not a video"],
      [path("empty.mp4"), "video-format", "empty"],
      [path("sound.m4a"), "video-format", "no pictures"],
      [path("picture.png"), "video-format", "not a video"],
      [path("absent.mp4"), "file-not-found", "nothing"],
      [folder, "file-is-folder", "folder"],
    ] as const) {
      const { error } = await timesOf(name);
      expect(error, name).toMatchObject({ code, message: expect.stringContaining(words) });
    }
  });

  test("leaving the loop, and aborting, ends the decoder", async () => {
    for await (const frame of readVideo(clip)) {
      expect(programsStarted()).toContain("ffmpeg");
      if (frame.index === 3) break;
    }
    expect(programsStarted()).not.toContain("ffmpeg");
    const abort = new AbortController();
    let count = 0;
    const read = (async () => {
      for await (const frame of readVideo(clip, { signal: abort.signal })) {
        count = frame.index + 1;
        if (frame.index === 4) abort.abort();
      }
    })();
    await expect(read).rejects.toMatchObject({ code: "interrupted" });
    expect(count).toBe(5);
    expect(programsStarted()).not.toContain("ffmpeg");
  });
});

test("without ffmpeg the error says what to install", async () => {
  writeFileSync(path("some.mp4"), "some bytes");
  vi.stubEnv("PATH", folder);
  const { error } = await timesOf(path("some.mp4"));
  expect(error).toMatchObject({
    code: "system-tool-missing",
    message: expect.stringContaining("apt-get install ffmpeg"),
  });
});

describe.skipIf(withoutFfmpeg)(`writing video files${withoutFfmpeg}`, () => {
  const picture = (level: number) => ({
    width: 63,
    height: 41,
    data: new Uint8Array(63 * 41 * 3).fill(level),
  });

  test.each(["mp4", "mkv", "webm"])(
    "%s: pictures come back at their times, at an even rate",
    async (ending) => {
      const writer = new VideoWriter(path(`made.${ending}`), { width: 63, height: 41, frameRate: "20/1" });
      // The third picture stands for three places.
      for (const [place, level] of [40, 80, 120, -1, -1, 200, 240].entries()) {
        if (level >= 0) await writer.write(picture(level), 5 + place / 20);
      }
      expect(existsSync(path(`made.${ending}`))).toBe(false);
      await writer.finish();
      const levels: number[] = [];
      for await (const { image } of readVideo(path(`made.${ending}`))) {
        expect([image.width, image.height]).toEqual([64, 42]);
        levels.push(image.data[3 * (20 * 64 + 30)]!);
      }
      expect(levels.length).toBe(7);
      for (const [index, level] of [40, 80, 120, 120, 120, 200, 240].entries()) {
        expect(Math.abs(levels[index]! - level)).toBeLessThan(12);
      }
    },
  );

  test("what cannot be written is an error and leaves nothing", async () => {
    const target = path("missing/made.mp4");
    const writer = new VideoWriter(target, { width: 63, height: 41 });
    const write = (async () => {
      for (let place = 0; place < 200; place++) await writer.write(picture(9), place / 25);
      await writer.finish();
    })();
    await expect(write).rejects.toMatchObject({ code: "file-unwritable" });
    const left = new VideoWriter(path("left.mp4"), { width: 63, height: 41 });
    await left.write(picture(9), 0);
    await left.discard();
    expect([existsSync(path("left.mp4")), existsSync(path("left.mp4.partial"))]).toEqual([false, false]);
  });
});
