import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaceEvent } from "@emotionnet/analyze";
import type { FaceResult, SourceResult } from "@emotionnet/core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "./message.ts";
import { MessageMaker } from "./message-maker.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-messages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "clip.mp4");
beforeEach(() => writeFileSync(file, "a clip"));

const face = (track: string): FaceResult => ({
  box: { x: 1, y: 2, width: 3, height: 4 },
  score: 0.987654,
  track,
  landmarks: [[1.23456, 2]],
  pose: { yaw: 0, pitch: 0, roll: 0 },
  quality: 1,
  expression: "happy",
  confidence: 1,
  probabilities: { happy: 1 },
});

const frame = (source: string, number: number, ...tracks: string[]): SourceResult => ({
  source,
  frame: number,
  time: number / 30,
  width: 10,
  height: 10,
  faces: tracks.map(face),
});

const begin = (source: string, track: string, onset: number): FaceEvent => ({
  kind: "begin",
  source,
  track,
  number: 1,
  expression: "happy",
  onset,
});

/** A little video, looked at from its beginning; tracks have other words in every run. */
async function lookAt(source: string, settings: unknown, ...tracks: string[]): Promise<Message[]> {
  const maker = new MessageMaker(settings);
  return [
    await maker.result(frame(source, 0, ...tracks)),
    await maker.event(begin(source, tracks[1]!, 0.5)),
    await maker.result(frame(source, 1, tracks[1]!)),
  ];
}

const idsOf = (messages: readonly Message[]) => messages.map(({ id }) => id);

describe("messages", () => {
  test("of an unchanged file have the same ids in every run", async () => {
    const first = await lookAt(file, { preset: "fast" }, "aaaaa", "bbbbb");
    const second = await lookAt(file, { preset: "fast" }, "ccccc", "ddddd");
    expect(new Set(idsOf(first)).size).toBe(3);
    expect(idsOf(second)).toEqual(idsOf(first));
    expect(second[0]!.run).toBe(first[0]!.run);
  });

  test("number the faces alike in every run, whatever their words", async () => {
    const messages = await lookAt(file, {}, "aaaaa", "bbbbb");
    expect(messages[0]!.data).toMatchObject({
      faces: [
        { track: "aaaaa", trackNumber: 1 },
        { track: "bbbbb", trackNumber: 2 },
      ],
    });
    expect(messages[1]!.data).toMatchObject({ track: "bbbbb", trackNumber: 2 });
    expect(messages[2]!.data).toMatchObject({ faces: [{ track: "bbbbb", trackNumber: 2 }] });
  });

  test("have other ids when the file or the settings have changed", async () => {
    const first = await lookAt(file, { preset: "fast" }, "a", "b");
    const others = [await lookAt(file, { preset: "accurate" }, "a", "b")];
    utimesSync(file, 1, 1);
    others.push(await lookAt(file, { preset: "fast" }, "a", "b"));
    for (const other of others) {
      expect(idsOf(other).filter((id) => idsOf(first).includes(id))).toEqual([]);
    }
  });

  test("of a camera have other ids in every run, though its frames are counted from 0 each time", async () => {
    const first = await lookAt("camera:0", {}, "a", "b");
    const second = await lookAt("camera:0", {}, "a", "b");
    expect(idsOf(first).filter((id) => idsOf(second).includes(id))).toEqual([]);
  });

  test("of an event that was cut have another id than those of the whole one", async () => {
    const maker = new MessageMaker({});
    const end = { apex: 1, duration: 1, strength: 0.9, complete: true } as const;
    const whole: FaceEvent = { ...begin(file, "a", 0.5), ...end, kind: "end", offset: 1.5 };
    const ids = [await maker.event(whole), await maker.event({ ...whole, offset: 1.2, complete: false })];
    expect(ids[0]!.id).not.toBe(ids[1]!.id);
  });

  test("have the ids of before when a file is looked at twice in one run", async () => {
    const maker = new MessageMaker({});
    const once = [await maker.result(frame(file, 0, "a")), await maker.result(frame(file, 1, "a"))];
    const again = [await maker.result(frame(file, 0, "b")), await maker.result(frame(file, 1, "b"))];
    expect(idsOf(again)).toEqual(idsOf(once));
    expect(again[1]!.data).toMatchObject({ faces: [{ track: "b", trackNumber: 1 }] });
  });

  test("of a frame that could not be read are errors", async () => {
    const error = { code: "video-damaged", message: "Broken." } as const;
    const message = await new MessageMaker({}).result({ ...frame(file, 7), error });
    expect(message).toMatchObject({ kind: "error", source: file, data: { frame: 7, ...error } });
  });

  test("are rounded as the command's lines are, and repeat no source inside", async () => {
    const { data } = await new MessageMaker({}).result(frame(file, 1, "a"));
    expect(data).toMatchObject({ time: 0.033, faces: [{ score: 0.9877, landmarks: [[1.23, 2]] }] });
    expect(data).not.toHaveProperty("source");
  });

  test("of the first frame after a loss say what is missing", async () => {
    const missed = { seconds: 2.00049, frames: 29, estimated: true };
    const { data } = await new MessageMaker({}).result({ ...frame("rtsp://a", 9), dropped: 1, missed });
    expect(data).toMatchObject({ dropped: 1, missed: { ...missed, seconds: 2 } });
  });

  test("know live sources by their count of dropped frames", async () => {
    const maker = new MessageMaker({});
    await maker.result({ ...frame("rtsp://a", 0), dropped: 0 });
    await maker.result(frame(file, 0));
    expect([maker.isLive("rtsp://a"), maker.isLive(file)]).toEqual([true, false]);
  });
});

test("the schema in the package is for the version that is sent", async () => {
  const path = new URL("../../schema/message-1.schema.json", import.meta.url);
  const schema = JSON.parse(readFileSync(path, "utf8"));
  const { version } = await new MessageMaker({}).result(frame(file, 0));
  expect(schema.properties.version.const).toBe(version);
});
