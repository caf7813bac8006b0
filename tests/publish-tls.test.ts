/** Brokers behind TLS, with certificates of an authority that nobody knows but who is told of it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MEAN_SHAPE } from "@emotionnet/core";
import { readCertificates } from "@emotionnet/publish";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Broker,
  brokerFolder,
  makeCertificates,
  mosquitto,
  rabbitmq,
  rabbitProgram,
  redisServer,
  type TlsFiles,
  without,
} from "./broker-support.ts";
import { runCommand } from "./cli-support.ts";
import { frameOf, openPublisher } from "./publish-support.ts";

const folder = brokerFolder();
const withoutOpenssl = without("openssl");
let good: TlsFiles;
let elsewhere: TlsFiles;

beforeAll(() => {
  if (withoutOpenssl) return;
  good = makeCertificates(join(folder, "good"));
  elsewhere = makeCertificates(join(folder, "elsewhere"), "DNS:broker.example");
});

const mosquittoTls = (name: string, tls: TlsFiles) =>
  mosquitto(join(folder, name), [
    `certfile ${tls.certificate}`,
    `keyfile ${tls.key}`,
    "allow_anonymous true",
  ]);

const brokers = [
  ["mqtts", "mosquitto", () => mosquittoTls("mosquitto", good)],
  ["rediss", "redis-server", () => redisServer(join(folder, "redis"), [], good)],
  ["amqps", rabbitProgram, () => rabbitmq(join(folder, "rabbitmq"), good)],
] as const;

for (const [scheme, program, make] of brokers) {
  const missing = withoutOpenssl || without(program);
  describe.skipIf(missing)(`${scheme}${missing}`, () => {
    let broker: Broker;
    beforeAll(async () => {
      broker = await make();
      await broker.start();
      return () => broker.stop();
    });

    test("an authority that is not known is refused with a sentence that says how to name it", async () => {
      const opened = openPublisher(`${scheme}://${broker.place}`, { spool: join(folder, `spool-${scheme}`) });
      await expect(opened).rejects.toMatchObject({
        code: "broker-refused",
        message: expect.stringMatching(/(self[- ]signed|verify|issuer).*--publish-ca FILE/s),
      });
    });

    test("with its certificate named, messages arrive", async () => {
      const ca = await readCertificates(good.authority);
      const { publisher, notices } = await openPublisher(`${scheme}://${broker.place}`, {
        ...{ ca, spool: join(folder, `spool-${scheme}`) },
      });
      for (let frame = 0; frame < 50; frame++) await publisher.add(frameOf("clip.mp4", frame));
      expect(await publisher.close()).toMatchObject([{ published: 50, repeated: 0, spooled: 0 }]);
      expect(notices).toEqual([]);
    });
  });
}

const missing = withoutOpenssl || without("mosquitto");
describe.skipIf(missing)(`certificates${missing}`, () => {
  test("one for another host is refused", async () => {
    const ca = await readCertificates(elsewhere.authority);
    const other = await mosquittoTls("other", elsewhere);
    await other.start();
    try {
      await expect(
        openPublisher(`mqtts://${other.place}`, { ca, spool: join(folder, "spool-other") }),
      ).rejects.toMatchObject({
        code: "broker-refused",
        message: expect.stringMatching(/127\.0\.0\.1.*Name the host as its certificate does/s),
      });
    } finally {
      await other.stop();
    }
  });

  test("the command takes the file of an authority, and says what is wrong with another", async () => {
    const points = Array.from({ length: 68 }, (_, point) => [
      MEAN_SHAPE[2 * point]!,
      MEAN_SHAPE[2 * point + 1]!,
    ]);
    writeFileSync(join(folder, "points.json"), JSON.stringify([points]));
    const broker = await mosquittoTls("command", good);
    await broker.start();
    try {
      const analysis = ["analyze", "points.json", "--publish-spool", "spool-command", "--publish"];
      const named = [...analysis, `mqtts://${broker.place}`, "--publish-ca", good.authority];
      const worked = await runCommand(named, folder);
      expect(worked.stderr).toContain(": 1 published, 0 repeated, 0 spooled, 0 dropped.");
      expect(worked.status).toBe(0);
      for (const [args, status, sentence] of [
        [[...analysis, `mqtts://${broker.place}`], 1, "--publish-ca FILE"],
        [[...named.slice(0, -1), good.key], 2, "in which there is no certificate"],
        [[...named.slice(0, -1), "absent.pem"], 1, "error [file-not-found]"],
        [[...analysis, `mqtt://${broker.place}`, "--publish-ca", good.authority], 2, "no broker with TLS"],
      ] as const) {
        const failed = await runCommand(args, folder);
        expect(failed.stderr).toContain(sentence);
        expect([failed.status, failed.stdout]).toEqual([status, ""]);
      }
    } finally {
      await broker.stop();
    }
  });
});
