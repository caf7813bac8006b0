/** `emotionnet analyze --publish`, to the exit status: brokers away and back, kill -9, Ctrl-C, wrong addresses. */

import type { ChildProcess } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MEAN_SHAPE } from "@emotionnet/core";
import type { Message } from "@emotionnet/publish";
import { createClient } from "@redis/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Broker, brokerFolder, mosquitto, redisServer, without } from "./broker-support.ts";
import { outcome, runCommand, startCommand } from "./cli-support.ts";
import { messageSchema } from "./publish-support.ts";
import { drawClip, withoutFfmpeg } from "./video-support.ts";

const missing = without("redis-server") || without("mosquitto");
const folder = brokerFolder();
const sets = 300;
const clipFrames = 45;
let broker: Broker;
let second: Broker;

beforeAll(async () => {
  const points = Array.from({ length: 68 }, (_, point) => [
    MEAN_SHAPE[2 * point]!,
    MEAN_SHAPE[2 * point + 1]!,
  ]);
  writeFileSync(join(folder, "points.json"), JSON.stringify(Array(sets).fill(points)));
  if (missing) return;
  broker = await redisServer(join(folder, "redis"));
  second = await mosquitto(join(folder, "mosquitto"));
  await broker.start();
  await second.start();
});
afterAll(() => Promise.all([broker?.stop(), second?.stop()]));

async function messagesOf(stream: string): Promise<Message[]> {
  const client = createClient({ url: `redis://${broker.place}` });
  await client.connect();
  try {
    const entries = (await client.xRange(stream, "-", "+")) ?? [];
    return entries.map(({ message }) => JSON.parse(message.message!) as Message);
  } finally {
    client.destroy();
  }
}

const idsOf = (messages: readonly Message[]) => messages.map(({ id }) => id);

/** The arguments of an analysis that publishes, with a spool of its own. */
function analysis(stream: string, ...rest: string[]): string[] {
  const url = `redis://${broker.place}?stream=${stream}`;
  const spool = ["--publish-spool", join(folder, `spool-${stream}`)];
  return ["analyze", "points.json", "--format", "jsonl", "--publish", url, ...spool, ...rest];
}

/** An analysis that has spooled everything, as the broker is away, and still waits for it. */
async function waitingAnalysis(stream: string): Promise<ChildProcess> {
  const child = startCommand(analysis(stream, "--publish-wait", "600"), folder);
  let printed = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await expect.poll(() => printed.trimEnd().split("\n").length, { timeout: 60_000 }).toBe(sets);
  return child;
}

const spooled = (stream: string) => readdirSync(join(folder, `spool-${stream}`));

describe.skipIf(missing)(`emotionnet analyze --publish${missing}`, () => {
  test("sends what it prints, to several brokers, and says what became of it", async () => {
    const { status, stdout, stderr } = await runCommand(
      analysis("several", "--publish", `mqtt://${second.place}/a/b`),
      folder,
    );
    const done = `${sets} published, 0 repeated, 0 spooled, 0 dropped.\n`;
    expect(stderr).toBe(`redis://${broker.place}?stream=several: ${done}mqtt://${second.place}/a/b: ${done}`);
    expect(status).toBe(0);
    const messages = await messagesOf("several");
    const printed = stdout.trimEnd().split("\n");
    expect(messages.map(({ source, data }) => ({ source, ...data }))).toEqual(
      printed.map((line) => JSON.parse(line)),
    );
    expect(spooled("several")).toEqual([]);
  });

  test.skipIf(withoutFfmpeg)(
    `frames, events, summaries and errors follow the schema${withoutFfmpeg}`,
    async () => {
      await drawClip(join(folder, "clip.mp4"), { width: 320, height: 240, frames: clipFrames }, () => [
        { landmarks: MEAN_SHAPE, seed: 2, x: 160, y: 120, size: 240 },
      ]);
      const [, , ...flags] = analysis("kinds");
      const args = ["analyze", "clip.mp4", "missing.jpg", ...flags];
      for (const run of [1, 2]) {
        const { status, stderr } = await runCommand(args, folder);
        expect(status, `run ${run}: ${stderr}`).toBe(0);
      }
      const messages = await messagesOf("kinds");
      const isValid = messageSchema();
      for (const message of messages) expect(isValid(message), JSON.stringify(isValid.errors)).toBe(true);
      const [once, again] = [messages.slice(0, messages.length / 2), messages.slice(messages.length / 2)];
      // The file is the same and so are the model and the flags; the photo that is not there is another matter.
      const known = (message: Message) => message.source === "clip.mp4";
      expect(idsOf(again.filter(known))).toEqual(idsOf(once.filter(known)));
      expect(once.filter(({ kind }) => kind === "frame").length).toBe(clipFrames);
      expect(once.filter(({ kind }) => kind === "summary").length).toBe(1);
      expect(once.find(({ kind }) => kind === "error")).toMatchObject({ source: "missing.jpg" });
      const events = once.filter(({ kind }) => kind === "event");
      expect(events.length % 2).toBe(0);

      const asked = [...args.slice(0, 3), ...analysis("summaries").slice(2), "--publish-kinds", "summary"];
      expect((await runCommand(asked, folder)).status).toBe(0);
      expect((await messagesOf("summaries")).map(({ kind }) => kind)).toEqual(["summary"]);
    },
  );

  test("a broker that is away: results are printed, messages wait, the next run sends them", async () => {
    await broker.kill();
    const away = await runCommand(analysis("away", "--publish-wait", "0"), folder);
    expect(away.status).toBe(0);
    expect(away.stdout.trimEnd().split("\n").length).toBe(sets);
    expect(away.stderr).toMatch(/: away \(connect ECONNREFUSED [\d.:]+\); messages wait in .*spool-away/);
    expect(away.stderr).toContain(`: 0 published, 0 repeated, ${sets} spooled, 0 dropped. The next run`);
    await broker.start();
    const back = await runCommand(analysis("away"), folder);
    expect(back.stderr).toContain(
      `: ${2 * sets} published, 0 repeated, 0 spooled, 0 dropped (${sets} of earlier runs among them).`,
    );
    const messages = await messagesOf("away");
    expect(messages.length).toBe(2 * sets);
    // The second run looked at the same file: its messages are those of the first, and have their ids.
    expect(new Set(idsOf(messages)).size).toBe(sets);
    expect(spooled("away")).toEqual([]);
  });

  test("killed by kill -9 while the broker is away: the next run sends what was spooled", async () => {
    await broker.kill();
    const child = await waitingAnalysis("killed");
    const ended = outcome(child);
    child.kill("SIGKILL");
    expect((await ended).status).toBe(null);
    await broker.start();
    // Another source, so that what arrives of the points is what was spooled.
    const args = ["analyze", "missing.jpg", ...analysis("killed").slice(2)];
    const { status, stderr } = await runCommand(args, folder);
    expect(status).toBe(1);
    expect(stderr).toContain(`(${sets} of earlier runs among them)`);
    const points = (await messagesOf("killed")).filter(({ source }) => source === "points.json");
    expect(points.map(({ data }) => (data as { frame: number }).frame)).toEqual(
      Array.from({ length: sets }, (_, frame) => frame),
    );
    expect(new Set(idsOf(points)).size).toBe(sets);
  });

  test("publish sends what a killed run left, says how many, and leaves nothing", async () => {
    await broker.kill();
    const child = await waitingAnalysis("left");
    const url = `redis://${broker.place}?stream=left`;
    const publish = (...args: string[]) =>
      runCommand(["publish", "--spool", join(folder, "spool-left"), ...args], folder);

    // As long as it runs, what it has is its own.
    const early = await publish(url);
    expect(early).toMatchObject({ status: 0, stdout: expect.stringContaining(": nothing waits in ") });
    const ended = outcome(child);
    child.kill("SIGKILL");
    await ended;

    const away = await publish(url, "--wait", "1");
    expect(away.status).toBe(1);
    expect(away.stdout).toMatch(
      new RegExp(
        `: 0 published, 0 repeated, ${sets} spooled, 0 dropped\\. What is left stays in .*spool-left`,
      ),
    );
    expect(away.stderr).toContain(": away (connect ECONNREFUSED");

    await broker.start();
    const other = await publish(`redis://${broker.place}?stream=right`);
    expect(other.status).toBe(0);
    expect(other.stdout).toMatch(
      /: nothing waits in .* Beside it are redis-127.0.0.1-\d+-stream-left-\w+\.\n$/,
    );

    const sent = await publish(url);
    expect(sent).toEqual({
      status: 0,
      stdout: `${url}: ${sets} published, 0 repeated, 0 spooled, 0 dropped.\n`,
      stderr: "",
    });
    const messages = await messagesOf("left");
    expect(messages.map(({ data }) => (data as { frame: number }).frame)).toEqual(
      Array.from({ length: sets }, (_, frame) => frame),
    );
    expect(spooled("left")).toEqual([]);
    expect(await publish(url)).toMatchObject({ status: 0, stdout: expect.stringContaining("nothing waits") });
  });

  test("a file waits for room in a full spool, and Ctrl-C ends the waiting; what is spooled is sent later", async () => {
    const points = Array.from({ length: 68 }, (_, point) => [
      MEAN_SHAPE[2 * point]!,
      MEAN_SHAPE[2 * point + 1]!,
    ]);
    writeFileSync(join(folder, "many.json"), JSON.stringify(Array(2000).fill(points)));
    await broker.kill();
    const flags = analysis("full", "--publish-spool-size", "1").slice(2);
    const child = startCommand(["analyze", "many.json", ...flags], folder);
    const ended = outcome(child);
    let said = "";
    child.stderr!.on("data", (text: string) => {
      said += text;
    });
    await expect.poll(() => said, { timeout: 60_000 }).toContain("its spool is full; files wait");
    child.kill("SIGINT");
    const { status, stdout, stderr } = await ended;
    expect(status).toBe(130);
    const count = Number(/(\d+) spooled, 0 dropped/.exec(stderr)![1]);
    expect(count).toBeGreaterThan(300);
    expect(count).toBeLessThan(2000);
    // Nothing was read far ahead of what could be spooled.
    expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(count + 1);
    await broker.start();
    const { stderr: later } = await runCommand(analysis("full"), folder);
    expect(later).toContain(`${count + sets} published, 0 repeated, 0 spooled, 0 dropped`);
    expect((await messagesOf("full")).length).toBe(count + sets);
  });
});

describe("what cannot be right ends before anything is looked at", () => {
  test("a wrong address or kind is wrong usage, with a sentence and no password", async () => {
    for (const [flag, value, sentence] of [
      ["--publish", "mqt://me:secret@localhost", "Did you mean mqtt://?"],
      ["--publish", "kafka://host:99999", "a port from 1 to 65535"],
      ["--publish-kinds", "frames", "Wanted frame, event, summary, error"],
      ["--publish-wait", "long", "Wanted a whole number"],
    ] as const) {
      const { status, stdout, stderr } = await runCommand(["analyze", "points.json", flag, value], folder);
      expect(status).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toContain("error [usage]");
      expect(stderr).toContain(sentence);
      expect(stderr).not.toContain("secret");
    }
  });

  test("publish without an address, or with a wrong one, is wrong usage", async () => {
    for (const [args, sentence] of [
      [[], "missing required argument 'url'"],
      [["mqt://localhost"], "Did you mean mqtt://?"],
    ] as const) {
      const { status, stdout, stderr } = await runCommand(["publish", ...args], folder);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toContain(sentence);
    }
  });

  test("a spool that cannot be written is told with its path", async () => {
    const spool = join(folder, "points.json");
    const args = ["analyze", "points.json", "--publish", "mqtt://127.0.0.1:1", "--publish-spool", spool];
    const { status, stdout, stderr } = await runCommand(args, folder);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^error \[file-unwritable\]: Got the spool folder .*points\.json.*--publish-spool \(--spool with publish\)\.\n$/,
    );
  });

  test.skipIf(missing)("a broker that refuses is told with its reason", async () => {
    const guarded = await redisServer(join(folder, "guarded"), ["--requirepass", "right"]);
    await guarded.start();
    try {
      const url = `redis://:wrong@${guarded.place}`;
      const args = [
        "analyze",
        "points.json",
        "--publish",
        url,
        "--publish-spool",
        join(folder, "guarded-spool"),
      ];
      const { status, stdout, stderr } = await runCommand(args, folder);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toMatch(
        /^error \[broker-refused\]: Got a refusal from redis:\/\/127.*WRONGPASS.*Check the name/,
      );
      expect(stderr).not.toContain("wrong@");
    } finally {
      await guarded.stop();
    }
  });
});
