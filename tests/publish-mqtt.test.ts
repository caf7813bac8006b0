/** MQTT, with a real mosquitto that is killed and asked for passwords. */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "@emotionnet/publish";
import mqtt, { type MqttClient } from "mqtt";
import { describe, expect, test } from "vitest";
import { brokerOfFile, mosquitto } from "./broker-support.ts";
import {
  expectEachOnce,
  frameOf,
  messageSchema,
  openPublisher,
  published,
  publishFrames,
} from "./publish-support.ts";

const { missing, folder, broker } = await brokerOfFile("mosquitto", mosquitto);

interface Received {
  readonly topic: string;
  readonly text: string;
  readonly id: unknown;
}

/** A subscriber whose session the broker keeps, as one that must miss nothing has. */
async function subscriber(topic: string): Promise<{ client: MqttClient; received: Received[] }> {
  const client = mqtt.connect(`mqtt://${broker.place}`, {
    protocolVersion: 5,
    clientId: `reader-${topic.replaceAll("/", "-")}`,
    clean: false,
    properties: { sessionExpiryInterval: 3600 },
    reconnectPeriod: 100,
  });
  client.on("error", () => {});
  const received: Received[] = [];
  client.on("message", (from, payload, { properties }) => {
    received.push({ topic: from, text: payload.toString(), id: properties?.userProperties?.id });
  });
  await client.subscribeAsync(`${topic}/#`, { qos: 1 });
  return { client, received };
}

describe.skipIf(missing)(`publishing to MQTT${missing}`, () => {
  test("puts each kind below its topic, with the id beside the message", async () => {
    const { client, received } = await subscriber("emotionnet");
    const { publisher } = await openPublisher(`mqtt://${broker.place}`, { spool: join(folder, "spool-a") });
    await publishFrames(publisher, "clip.mp4", 0, 100);
    const error = { code: "video-damaged", message: "Broken." } as const;
    await publisher.add({ ...frameOf("clip.mp4", 100), faces: [], error });
    expect(await publisher.close()).toMatchObject([{ published: 101, repeated: 0, spooled: 0, dropped: 0 }]);
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(101);
    expectEachOnce(
      received.map(({ text }) => text),
      101,
    );
    const topics = received.map(({ topic }) => topic);
    expect(topics.slice(0, 100)).toEqual(Array(100).fill("emotionnet/frame"));
    expect(topics[100]).toBe("emotionnet/error");
    const isValid = messageSchema();
    for (const { text, id } of received) {
      const message = JSON.parse(text) as Message;
      expect(id).toBe(message.id);
      expect(isValid(message), JSON.stringify(isValid.errors)).toBe(true);
    }
    await client.endAsync(true);
  });

  test("only the kinds that are asked for are sent", async () => {
    const { client, received } = await subscriber("only/errors");
    const options = { spool: join(folder, "spool-b"), kinds: ["error"] } as const;
    const { publisher } = await openPublisher(`mqtt://${broker.place}/only/errors`, options);
    await publisher.add(frameOf("a.jpg", 0));
    await publisher.add({ ...frameOf("b.jpg", 0), error: { code: "photo-empty", message: "Empty." } });
    expect(await publisher.close()).toMatchObject([{ published: 1 }]);
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(1);
    expect(JSON.parse(received[0]!.text)).toMatchObject({ kind: "error", source: "b.jpg" });
    await client.endAsync(true);
  });

  test("killed and restarted in the middle: nothing is lost, and what comes twice has the same id", async () => {
    const { client, received } = await subscriber("killed");
    const url = `mqtt://${broker.place}/killed`;
    const { publisher, notices } = await openPublisher(url, { spool: join(folder, "spool-c") });
    const publishing = publishFrames(publisher, "clip.mp4", 0, 900);
    await published(publisher, 200);
    await broker.kill();
    await publishing;
    expect(publisher.counts[0]!.spooled).toBeGreaterThan(0);
    await broker.start();
    expect(await publisher.close(90_000)).toMatchObject([{ published: 900, spooled: 0, dropped: 0 }]);
    expect(notices.map(({ kind }) => kind)).toEqual(["away", "back"]);
    const ids = () => new Set(received.map(({ id }) => id)).size;
    await expect.poll(ids, { timeout: 60_000 }).toBe(900);
    expectEachOnce(
      received.map(({ text }) => text),
      900,
    );
    await client.endAsync(true);
  });

  test("a message that is too large for the broker is counted, and does not stop the others", async () => {
    const small = await mosquitto(join(folder, "small"), ["allow_anonymous true", "max_packet_size 3000"]);
    await small.start();
    try {
      const { publisher, notices } = await openPublisher(`mqtt://${small.place}`, {
        spool: join(folder, "spool-d"),
      });
      const [face] = frameOf("clip.mp4", 0).faces;
      await publisher.add({ ...frameOf("clip.mp4", 0), faces: Array(9).fill(face) });
      await publisher.add({ ...frameOf("clip.mp4", 1), faces: [] });
      expect(await publisher.close(90_000)).toMatchObject([{ published: 1, dropped: 1, spooled: 0 }]);
      expect(notices).toMatchObject([{ kind: "too-large", count: 1 }]);
    } finally {
      await small.stop();
    }
  });

  test("wrong passwords and forbidden topics are told by a sentence; what is forbidden stays spooled", async () => {
    const passwords = join(folder, "passwords");
    const rights = join(folder, "rights");
    writeFileSync(passwords, "");
    expect(spawnSync("mosquitto_passwd", ["-b", passwords, "me", "right"]).status).toBe(0);
    writeFileSync(rights, "user me\ntopic write allowed/#\n");
    const lines = ["allow_anonymous false", `password_file ${passwords}`, `acl_file ${rights}`];
    const guarded = await mosquitto(join(folder, "guarded"), lines);
    await guarded.start();
    try {
      const spool = join(folder, "spool-e");
      for (const address of [`mqtt://${guarded.place}`, `mqtt://me:wrong@${guarded.place}`]) {
        await expect(openPublisher(address, { spool })).rejects.toMatchObject({
          code: "broker-refused",
          message: expect.stringMatching(/^(?!.*wrong@).*[Nn]ot authorized.*Check the name and password/s),
        });
      }
      const allowed = await openPublisher(`mqtt://me:right@${guarded.place}/allowed`, { spool });
      await allowed.publisher.add(frameOf("clip.mp4", 0));
      expect(await allowed.publisher.close()).toMatchObject([{ published: 1, spooled: 0 }]);
      const other = await openPublisher(`mqtt://me:right@${guarded.place}/other`, { spool });
      await other.publisher.add(frameOf("clip.mp4", 0));
      expect(await other.publisher.close(1500)).toMatchObject([{ published: 0, spooled: 1 }]);
      expect(other.notices[0]).toMatchObject({
        kind: "away",
        reason: expect.stringMatching(/not authorized/i),
      });
    } finally {
      await guarded.stop();
    }
  });
});
