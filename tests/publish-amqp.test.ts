/** AMQP, with a real RabbitMQ that is killed. It takes half a minute to start on a busy machine. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "@emotionnet/publish";
import amqplib, { type GetMessage } from "amqplib";
import { describe, expect, test } from "vitest";
import { brokerOfFile, rabbitmq, rabbitProgram } from "./broker-support.ts";
import {
  expectEachOnce,
  frameOf,
  messageSchema,
  openPublisher,
  published,
  publishFrames,
} from "./publish-support.ts";

const { missing, folder, broker } = await brokerOfFile(rabbitProgram, rabbitmq);

/** Does something with a channel of its own. */
async function onChannel<Value>(work: (channel: amqplib.Channel) => Promise<Value>): Promise<Value> {
  const connection = await amqplib.connect(`amqp://${broker.place}`);
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

/** Takes everything out of a queue. */
function messagesOf(queue: string): Promise<GetMessage[]> {
  return onChannel(async (channel) => {
    const messages: GetMessage[] = [];
    for (;;) {
      const message = await channel.get(queue, { noAck: true });
      if (!message) return messages;
      messages.push(message);
    }
  });
}

const textOf = ({ content }: GetMessage) => content.toString();

describe.skipIf(missing)(`publishing to RabbitMQ${missing}`, () => {
  const urlOf = (query: string) => `amqp://${broker.place}?${query}`;

  test("fills a durable queue in order, with persistent messages that carry id and kind", async () => {
    const spool = join(folder, "spool-a");
    const { publisher } = await openPublisher(`amqp://guest:guest@${broker.place}/%2F`, { spool });
    await publishFrames(publisher, "clip.mp4", 0, 100);
    expect(await publisher.close()).toMatchObject([{ published: 100, repeated: 0, spooled: 0, dropped: 0 }]);
    expect(readdirSync(spool)).toEqual([]);
    const messages = await messagesOf("emotionnet");
    expectEachOnce(messages.map(textOf), 100);
    const isValid = messageSchema();
    for (const message of messages) {
      const parsed = JSON.parse(textOf(message)) as Message;
      expect(isValid(parsed), JSON.stringify(isValid.errors)).toBe(true);
      const { messageId, type, deliveryMode } = message.properties;
      expect({ messageId, type, deliveryMode }).toEqual({
        messageId: parsed.id,
        type: "frame",
        deliveryMode: 2,
      });
    }
  });

  test("an exchange gives each queue the kinds that it is bound for; without a queue messages wait", async () => {
    await onChannel((channel) => channel.assertExchange("faces", "topic", { durable: true }));
    const spool = join(folder, "spool-b");
    const lonely = await openPublisher(urlOf("exchange=faces"), { spool });
    await lonely.publisher.add(frameOf("a.jpg", 0));
    expect(await lonely.publisher.close(1500)).toMatchObject([{ published: 0, spooled: 1 }]);
    expect(lonely.notices[0]).toMatchObject({ kind: "away", reason: "no queue takes 1 of 1 messages" });

    await onChannel(async (channel) => {
      await channel.assertQueue("everything");
      await channel.bindQueue("everything", "faces", "emotionnet.*");
      await channel.assertQueue("errors");
      await channel.bindQueue("errors", "faces", "emotionnet.error");
    });
    const { publisher } = await openPublisher(urlOf("exchange=faces"), { spool });
    const error = { code: "photo-empty", message: "Empty." } as const;
    await publisher.add({ ...frameOf("b.jpg", 0), error });
    expect(await publisher.close(60_000)).toMatchObject([{ published: 2, recovered: 1, spooled: 0 }]);
    const sources = async (queue: string) =>
      (await messagesOf(queue)).map((message) => (JSON.parse(textOf(message)) as Message).source);
    expect(new Set(await sources("everything"))).toEqual(new Set(["a.jpg", "b.jpg"]));
    expect(await sources("errors")).toEqual(["b.jpg"]);
  });

  test("wrong passwords and virtual hosts are refused with a sentence", async () => {
    const spool = join(folder, "spool-c");
    await expect(openPublisher(`amqp://guest:wrong@${broker.place}`, { spool })).rejects.toMatchObject({
      code: "broker-refused",
      message: expect.stringMatching(/^(?!.*wrong@).*ACCESS_REFUSED.*Check the name and password/s),
    });
    await expect(openPublisher(`amqp://${broker.place}/nowhere`, { spool })).rejects.toMatchObject({
      code: "broker-refused",
      message: expect.stringMatching(/"nowhere" is unknown or closed.*Check the virtual host/s),
    });
  });

  test("TLS to a port without it is refused with a sentence", async () => {
    const spool = join(folder, "spool-tls");
    await expect(openPublisher(`amqps://${broker.place}`, { spool })).rejects.toMatchObject({
      code: "broker-refused",
      message: expect.stringMatching(/: wrong version number; .*leave out the s behind the scheme/s),
    });
  });

  test("killed and restarted in the middle: nothing is lost, and what comes twice has the same id", async () => {
    const spool = join(folder, "spool-d");
    const { publisher, notices } = await openPublisher(urlOf("queue=killed"), { spool });
    const publishing = publishFrames(publisher, "clip.mp4", 0, 900);
    await published(publisher, 200);
    await broker.kill();
    await publishing;
    expect(publisher.counts[0]!.spooled).toBeGreaterThan(0);
    await broker.start();
    expect(await publisher.close(120_000)).toMatchObject([{ published: 900, spooled: 0, dropped: 0 }]);
    expect(notices.map(({ kind }) => kind)).toEqual(["away", "back"]);
    expectEachOnce((await messagesOf("killed")).map(textOf), 900);
  }, 240_000);
});
