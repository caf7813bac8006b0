/** The commands and programs that the pages on publishing show, with real brokers in the places they name. */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  brokerFolder,
  mockKafka,
  mosquitto,
  rabbitmq,
  rabbitProgram,
  redisServer,
  without,
} from "./broker-support.ts";
import { commandPath, outcome, repository } from "./cli-support.ts";
import { ffmpeg, withoutFfmpeg } from "./video-support.ts";

const missing =
  withoutFfmpeg ||
  ["mosquitto", "redis-server", rabbitProgram, "kcat"].map(without).find((reason) => reason !== "") ||
  "";
const folder = brokerFolder();
/** Where each scheme of the page leads to. */
const places: Record<string, string> = {};
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (missing) return;
  const lasting = [
    ["mqtt", await mosquitto(join(folder, "mosquitto"))],
    ["redis", await redisServer(join(folder, "redis"))],
    ["amqp", await rabbitmq(join(folder, "rabbitmq"))],
  ] as const;
  for (const [scheme, broker] of lasting) {
    stops.push(broker.stop);
    await broker.start();
    places[scheme] = broker.place;
  }
  const kafka = await mockKafka();
  stops.push(kafka.kill);
  places.kafka = `127.0.0.1:${kafka.port}`;
  const picture = ["-f", "lavfi", "-i", "testsrc=s=160x120:r=10:d=1", "-pix_fmt", "yuv420p"];
  ffmpeg(...picture, join(folder, "clip.mp4"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "state"));
});
afterAll(() => Promise.all(stops.map((stop) => stop())));

/** The blocks of a page in one language. */
function blocksOf(document: string, language: string): string[] {
  const text = readFileSync(join(repository, document), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, block]) => block!,
  );
}

/** With the ports of this test instead of the usual ones. */
function placed(text: string): string {
  return text.replace(/(\w+):\/\/(\w+:\w+@)?localhost/g, (_, scheme: string, user = "") => {
    return `${scheme}://${user}${places[scheme]}`;
  });
}

const env = { ...process.env, XDG_STATE_HOME: join(folder, "state") };

describe.skipIf(missing)(`the pages on publishing${missing}`, () => {
  const commands = blocksOf("docs/guide/publish.md", "sh long").flatMap((block) => block.trim().split("\n"));

  test("show a command for every kind of broker", () => {
    const schemes = commands
      .filter((line) => line.includes(" analyze "))
      .map((line) => /(\w+):\/\//.exec(line)![1]);
    expect(schemes).toEqual(["mqtt", "redis", "amqp", "kafka"]);
  });

  test.each(commands)("%s", async (line) => {
    const npx = `npx() { shift; "${process.execPath}" "${commandPath}" "$@"; }`;
    const child = spawn("bash", ["-euc", `${npx}\n${placed(line)}`], { cwd: folder, env });
    const { status, stdout, stderr } = await outcome(child);
    expect(status, stderr).toBe(0);
    if (line.includes(" publish ")) {
      expect(stdout).toMatch(/: nothing waits in /);
      return;
    }
    // Ten frames of a test picture, which shows no face and so no event.
    const count = line.includes("--publish-kinds") ? 0 : 10;
    expect(stderr).toMatch(new RegExp(`: ${count} published, 0 repeated, 0 spooled, 0 dropped\\.\n$`));
  });

  test("show programs that run", async () => {
    const [program] = blocksOf("docs/guide/publish.md", "js");
    const [schema] = blocksOf("docs/reference/messages.md", "js");
    writeFileSync(join(folder, "program.mjs"), placed(program!));
    writeFileSync(join(folder, "schema.mjs"), `${schema}console.log(schema.title);`);
    const ran = await outcome(spawn(process.execPath, ["program.mjs"], { cwd: folder, env }));
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toContain("published: 10");
    const read = await outcome(spawn(process.execPath, ["schema.mjs"], { cwd: folder, env }));
    expect(read.stdout).toContain("version 1");
  });

  test("say how a broker that is not there is told", async () => {
    // A port found free could be taken meanwhile by a server of another test; nobody listens on this one.
    const url = "mqtt://127.0.0.1:1";
    const args = [commandPath, "analyze", "clip.mp4", "--publish", url, "--publish-wait", "1"];
    const { status, stderr } = await outcome(spawn(process.execPath, args, { cwd: folder, env }));
    expect(status).toBe(0);
    // By default it waits in the folder for state.
    expect(stderr).toContain(`messages wait in ${join(folder, "state", "emotionnet", "spool")}`);
  });
});
