/** Kafka: kafkajs ships no broker for tests, so these use the mock cluster of librdkafka, Kafka's C client, and its kcat to read. */

import { join } from "node:path";
import type { Message } from "@emotionnet/publish";
import { describe, expect, test } from "vitest";
import { brokerOfFile, mockKafka, relay } from "./broker-support.ts";
import {
  expectEachOnce,
  frameOf,
  messageSchema,
  openPublisher,
  published,
  publishFrames,
} from "./publish-support.ts";

const { missing, folder, broker: cluster } = await brokerOfFile("kcat", () => mockKafka());

describe.skipIf(missing)(`publishing to Kafka${missing}`, () => {
  test("keeps the messages of a source in order, with id and kind as headers", async () => {
    const url = `kafka://127.0.0.1:${cluster.port}`;
    const { publisher } = await openPublisher(url, { spool: join(folder, "spool-a") });
    for (let frame = 0; frame < 100; frame++) {
      for (const source of ["a.mp4", "b.mp4", "c.mp4"]) await publisher.add(frameOf(source, frame));
    }
    expect(await publisher.close()).toMatchObject([{ published: 300, repeated: 0, spooled: 0, dropped: 0 }]);
    const messages = await cluster.read("emotionnet");
    expect(messages.length).toBe(300);
    const isValid = messageSchema();
    for (const { headers, key, value } of messages) {
      const message = JSON.parse(value) as Message;
      expect(isValid(message), JSON.stringify(isValid.errors)).toBe(true);
      expect(key).toBe(message.source);
      expect(headers).toBe(`id=${message.id},kind=frame,content-type=application/json`);
    }
    for (const source of ["a.mp4", "b.mp4", "c.mp4"]) {
      const own = messages.filter(({ key }) => key === source);
      expectEachOnce(
        own.map(({ value }) => value),
        100,
      );
    }
  });

  test("frozen in the middle: what it had taken without an answer is sent again with the same id", async () => {
    const url = `kafka://127.0.0.1:${cluster.port}/frozen`;
    const spool = join(folder, "spool-b");
    const { publisher, notices } = await openPublisher(url, { spool, answerTimeout: 1000 });
    const publishing = publishFrames(publisher, "clip.mp4", 0, 600);
    await published(publisher, 100);
    cluster.freeze();
    await publishing;
    await expect.poll(() => notices.length, { timeout: 60_000 }).toBe(1);
    cluster.thaw();
    const [counts] = await publisher.close(90_000);
    expect(counts).toMatchObject({ published: 600, spooled: 0, dropped: 0 });
    expect(counts!.repeated).toBeGreaterThan(0);
    expectEachOnce(
      (await cluster.read("frozen")).map(({ value }) => value),
      600,
    );
  });

  // The mock keeps nothing on disk and takes a port of its own choice: what the first has is read before it is killed, and a
  // relay leads to the second.
  test("killed in the middle and replaced: nothing is lost between the two", async () => {
    const first = await mockKafka();
    const address = await relay();
    address.lead(first.port);
    const url = `kafka://127.0.0.1:${address.port}/killed`;
    const { publisher, notices } = await openPublisher(url, { spool: join(folder, "spool-c") });
    await publishFrames(publisher, "clip.mp4", 0, 300);
    await published(publisher, 300);
    const before = await first.read("killed");
    await first.kill();
    await publishFrames(publisher, "clip.mp4", 300, 600);
    await expect.poll(() => notices.map(({ kind }) => kind), { timeout: 60_000 }).toEqual(["away"]);
    const second = await mockKafka();
    address.lead(second.port);
    try {
      expect(await publisher.close(90_000)).toMatchObject([{ published: 600, spooled: 0, dropped: 0 }]);
      expect(notices.map(({ kind }) => kind)).toEqual(["away", "back"]);
      const after = await second.read("killed");
      expectEachOnce(
        [...before, ...after].map(({ value }) => value),
        600,
      );
    } finally {
      await second.kill();
      address.close();
    }
  });
});
