/** Redis Streams, with a real server that is killed, frozen and asked for passwords. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "@emotionnet/publish";
import { createClient } from "@redis/client";
import { describe, expect, test } from "vitest";
import { brokerOfFile, redisServer } from "./broker-support.ts";
import {
  expectEachOnce,
  frameOf,
  messageSchema,
  openPublisher,
  published,
  publishFrames,
} from "./publish-support.ts";

const { missing, folder, broker } = await brokerOfFile("redis-server", redisServer);

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly message: string;
}

async function entriesOf(stream: string, database = 0): Promise<Entry[]> {
  const client = createClient({ url: `redis://${broker.place}/${database}` });
  await client.connect();
  try {
    const entries = (await client.xRange(stream, "-", "+")) ?? [];
    return entries.map(({ message }) => message as unknown as Entry);
  } finally {
    client.destroy();
  }
}

describe.skipIf(missing)(`publishing to Redis${missing}`, () => {
  const urlOf = (stream: string) => `redis://${broker.place}?stream=${stream}`;

  test("adds entries in order, with id and kind beside the message", async () => {
    const spool = join(folder, "spool-order");
    const { publisher, notices } = await openPublisher(`redis://${broker.place}/2`, { spool });
    await publishFrames(publisher, "clip.mp4", 0, 100);
    const [counts] = await publisher.close();
    expect(counts).toMatchObject({ published: 100, repeated: 0, spooled: 0, dropped: 0 });
    expect(notices).toEqual([]);
    const entries = await entriesOf("emotionnet", 2);
    expectEachOnce(
      entries.map(({ message }) => message),
      100,
    );
    const isValid = messageSchema();
    for (const { id, kind, message } of entries) {
      const parsed = JSON.parse(message) as Message;
      expect({ id, kind }).toEqual({ id: parsed.id, kind: parsed.kind });
      expect(isValid(parsed), JSON.stringify(isValid.errors)).toBe(true);
    }
    expect(readdirSync(spool)).toEqual([]);
  });

  test("keeps a stream at about the length that is asked for", async () => {
    const url = `${urlOf("trimmed")}&maxlen=50`;
    const { publisher } = await openPublisher(url, { spool: join(folder, "spool-trimmed") });
    await publishFrames(publisher, "clip.mp4", 0, 600);
    await publisher.close();
    const { length } = await entriesOf("trimmed");
    // The server trims whole nodes of 100 entries.
    expect(length).toBeGreaterThanOrEqual(50);
    expect(length).toBeLessThan(250);
  });

  test("killed and restarted in the middle: nothing is lost, and what comes twice has the same id", async () => {
    const spool = join(folder, "spool-killed");
    const { publisher, notices } = await openPublisher(urlOf("killed"), { spool });
    const publishing = publishFrames(publisher, "clip.mp4", 0, 900);
    await published(publisher, 200);
    await broker.kill();
    await publishing;
    expect(publisher.counts[0]!.spooled).toBeGreaterThan(0);
    await broker.start();
    const [counts] = await publisher.close(90_000);
    expect(counts).toMatchObject({ published: 900, spooled: 0, dropped: 0 });
    expect(notices.map(({ kind }) => kind)).toEqual(["away", "back"]);
    expectEachOnce(
      (await entriesOf("killed")).map(({ message }) => message),
      900,
    );
  });

  test("frozen in the middle: what it had taken without an answer is sent again with the same id", async () => {
    const spool = join(folder, "spool-frozen");
    const { publisher } = await openPublisher(urlOf("frozen"), { spool, answerTimeout: 500 });
    const publishing = publishFrames(publisher, "clip.mp4", 0, 600);
    await published(publisher, 100);
    broker.freeze();
    await publishing;
    await expect.poll(() => publisher.counts[0]!.spooled, { timeout: 60_000 }).toBeGreaterThan(300);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    broker.thaw();
    const [counts] = await publisher.close(90_000);
    expect(counts).toMatchObject({ published: 600, spooled: 0 });
    expect(counts!.repeated).toBeGreaterThan(0);
    const entries = await entriesOf("frozen");
    expect(entries.length).toBeGreaterThan(600);
    expectEachOnce(
      entries.map(({ message }) => message),
      600,
    );
  });

  test("the oldest messages of a live source make room when the spool is full, and are counted", async () => {
    await broker.kill();
    const spool = join(folder, "spool-live");
    const { publisher, notices } = await openPublisher(urlOf("live"), { spool, spoolBytes: 1024 * 1024 });
    for (let frame = 0; frame < 900; frame++) await publisher.add(frameOf("rtsp://camera", frame, true));
    await broker.start();
    const [counts] = await publisher.close(90_000);
    expect(notices.map(({ kind }) => kind)).toEqual(["away", "dropping", "back"]);
    expect(counts!.dropped).toBeGreaterThan(100);
    expect(counts!.published + counts!.dropped).toBe(900);
    const entries = await entriesOf("live");
    const isValid = messageSchema();
    const [newest] = entries.slice(-1).map(({ message }) => JSON.parse(message) as Message);
    expect(newest!.data).toMatchObject({ missed: { frames: 29 } });
    expect(isValid(newest), JSON.stringify(isValid.errors)).toBe(true);
    const frames = entries.map(({ message }) => JSON.parse(message).data.frame as number);
    expect(new Set(frames)).toEqual(
      new Set(Array.from({ length: 900 - counts!.dropped }, (_, index) => counts!.dropped + index)),
    );
  });

  test("a wrong password is refused with a sentence, before anything is looked at", async () => {
    const guarded = await redisServer(join(folder, "guarded"), ["--requirepass", "right"]);
    await guarded.start();
    try {
      const spool = join(folder, "spool-guarded");
      for (const address of [`redis://${guarded.place}`, `redis://:wrong@${guarded.place}`]) {
        await expect(openPublisher(address, { spool })).rejects.toMatchObject({
          code: "broker-refused",
          message: expect.stringMatching(/^(?!.*wrong@).*Check the name and password in the address/s),
        });
      }
      expect(readdirSync(spool)).toEqual([]);
      const { publisher } = await openPublisher(`redis://:right@${guarded.place}`, { spool });
      await publisher.add(frameOf("clip.mp4", 0));
      expect(await publisher.close()).toMatchObject([{ published: 1 }]);
    } finally {
      await guarded.stop();
    }
  });
});
