import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Spool, type SpoolOptions } from "./spool.ts";

const root = mkdtempSync(join(tmpdir(), "emotionnet-spool-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function options(rest: Partial<SpoolOptions> = {}): SpoolOptions {
  const folder = join(root, String(folders++), "files");
  return { folder, limit: 64 * 1024, whenFull: "wait", ...rest };
}

const message = (number: number, length = 40) => JSON.stringify({ number, padding: "é".repeat(length / 2) });
const numberOf = (text: string) => (JSON.parse(text) as { number: number }).number;
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Takes and acknowledges everything. */
async function drain(spool: Spool, batch = 7): Promise<number[]> {
  const found: number[] = [];
  for (;;) {
    const taken = await spool.take(batch);
    if (!taken) return found;
    found.push(...taken.texts.map(numberOf));
    await spool.acknowledge(taken);
  }
}

/** Files below a folder. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const segmentsIn = (folder: string) => filesIn(folder).filter((path) => path.endsWith(".spool"));
const bytesIn = (folder: string) => segmentsIn(folder).reduce((sum, path) => sum + statSync(path).size, 0);

/** As if the process that owned the folders had been killed. */
function killOwners(folder: string): void {
  for (const path of filesIn(folder).filter((name) => name.endsWith("owner.json"))) {
    const owner = JSON.parse(readFileSync(path, "utf8")) as object;
    // No process has a number above the largest that Linux gives.
    writeFileSync(path, JSON.stringify({ ...owner, pid: 2 ** 22 + 1 }));
  }
}

describe("a spool", () => {
  test("gives messages in the order they came in, the same until acknowledged", async () => {
    const spool = await Spool.open(options());
    for (const number of numbers(0, 50)) await spool.append(message(number));
    expect((await spool.take(3))!.texts.map(numberOf)).toEqual([0, 1, 2]);
    expect((await spool.take(3))!.texts.map(numberOf)).toEqual([0, 1, 2]);
    expect(await drain(spool)).toEqual(numbers(0, 50));
    expect(spool.waiting).toBe(0);
    await spool.close();
  });

  test("leaves nothing on disk when everything was acknowledged", async () => {
    const settings = options({ limit: 200_000 });
    const spool = await Spool.open(settings);
    for (const number of numbers(0, 1000)) await spool.append(message(number));
    await drain(spool);
    await spool.close();
    expect(existsSync(dirname(settings.folder))).toBe(false);
  });

  test("takes a message that is longer than what it reads at a time", async () => {
    const spool = await Spool.open(options({ limit: 4e6 }));
    await spool.append(message(0, 700_000));
    await spool.append(message(1));
    expect(await drain(spool)).toEqual([0, 1]);
    await spool.close();
  });

  test("of files waits when it is full, until there is room", async () => {
    let full = 0;
    const settings = options({ onFull: () => full++ });
    const spool = await Spool.open(settings);
    let appended = 0;
    const writing = (async () => {
      for (const number of numbers(0, 3000)) {
        await spool.append(message(number, 200));
        appended++;
        if (appended % 50 === 0) expect(bytesIn(settings.folder)).toBeLessThanOrEqual(settings.limit);
      }
    })();
    await expect.poll(() => full).toBe(1);
    const before = appended;
    expect(before).toBeLessThan(300);
    expect(before).toBeGreaterThan(200);
    const found: number[] = [];
    while (found.length < 3000) {
      found.push(...(await drain(spool)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    expect(found).toEqual(numbers(0, 3000));
    expect(spool.dropped).toBe(0);
    await spool.close();
  });

  test("stops waiting when it is interrupted", async () => {
    const abort = new AbortController();
    const spool = await Spool.open(options({ limit: 2000, onFull: () => abort.abort(new Error("stop")) }));
    const writing = (async () => {
      for (const number of numbers(0, 100)) await spool.append(message(number), abort.signal);
    })();
    await expect(writing).rejects.toThrow("stop");
    await spool.close();
  });

  test("of live sources gives up the oldest when it is full, and counts them", async () => {
    const settings = options({ whenFull: "drop-oldest" });
    const spool = await Spool.open(settings);
    for (const number of numbers(0, 3000)) {
      await spool.append(message(number, 200));
      if (number % 50 === 0) expect(bytesIn(settings.folder)).toBeLessThanOrEqual(settings.limit);
    }
    const found = await drain(spool);
    expect(spool.dropped).toBeGreaterThan(2000);
    expect(found).toEqual(numbers(spool.dropped, 3000));
    await spool.close();
  });

  test("does not count as dropped what arrived while it was being given up", async () => {
    const spool = await Spool.open(options({ whenFull: "drop-oldest" }));
    await spool.append(message(0, 200));
    const underWay = (await spool.take(1))!;
    for (const number of numbers(1, 3000)) await spool.append(message(number, 200));
    const { dropped } = spool;
    await spool.acknowledge(underWay);
    expect(spool.dropped).toBe(dropped - 1);
    expect(spool.dropped + (await drain(spool)).length).toBe(2999);
    await spool.close();
  });

  test("gives up a message that is larger than all of it", async () => {
    const spool = await Spool.open(options());
    await spool.append(message(0, 100_000));
    await spool.append(message(1));
    expect(spool.dropped).toBe(1);
    expect(await drain(spool)).toEqual([1]);
    await spool.close();
  });
});

describe("a spool after the end of its process", () => {
  /** 100 messages, the first 10 acknowledged; then the process ends at once. */
  async function left(settings: SpoolOptions): Promise<void> {
    const spool = await Spool.open(settings);
    for (const number of numbers(0, 100)) await spool.append(message(number));
    await spool.acknowledge((await spool.take(10))!);
    killOwners(settings.folder);
  }

  test("has what was not acknowledged, before what is new", async () => {
    const settings = options();
    await left(settings);
    const next = await Spool.open(settings);
    expect(next.recovered).toBe(90);
    await next.append(message(100));
    expect(await drain(next)).toEqual(numbers(10, 101));
    await next.close();
  });

  test("is given out without a folder of one's own, and nothing remains", async () => {
    const settings = options();
    await left(settings);
    const [run] = readdirSync(settings.folder);
    const spool = await Spool.openLeft(settings);
    expect(spool.recovered).toBe(90);
    const runs = readdirSync(settings.folder);
    expect([runs.length, runs[0]!.split("-")[0]]).toEqual([1, run!.split("-")[0]]);
    expect(await drain(spool)).toEqual(numbers(10, 100));
    expect(existsSync(settings.folder)).toBe(false);
    await spool.close();
  });

  test("where there is none, looking for it makes none", async () => {
    const settings = options();
    const spool = await Spool.openLeft(settings);
    expect([spool.recovered, await spool.take(1)]).toEqual([0, undefined]);
    await spool.close();
    expect(existsSync(settings.folder)).toBe(false);
  });

  test("is left for the next one when it is given back", async () => {
    const settings = options();
    await left(settings);
    const spool = await Spool.openLeft(settings);
    await spool.acknowledge((await spool.take(40))!);
    await spool.close();
    const next = await Spool.open(settings);
    expect(await drain(next)).toEqual(numbers(50, 100));
    await next.close();
  });

  test("keeps it over several runs, in order, within the limit", async () => {
    const settings = options({ limit: 20_000, whenFull: "drop-oldest" });
    let number = 0;
    for (let run = 0; run < 5; run++) {
      const spool = await Spool.open(settings);
      for (let count = 0; count < 60; count++) await spool.append(message(number++, 100));
      expect(bytesIn(settings.folder)).toBeLessThanOrEqual(settings.limit);
      if (run % 2 === 0) await spool.close();
      else killOwners(settings.folder);
    }
    const last = await Spool.open(settings);
    const found = await drain(last);
    expect(found.length).toBeGreaterThan(100);
    expect(found).toEqual(numbers(300 - found.length, 300));
    await last.close();
    expect(existsSync(settings.folder)).toBe(false);
  });

  test("leaves out a last message that was cut off while it was written", async () => {
    const settings = options();
    await left(settings);
    appendFileSync(segmentsIn(settings.folder)[0]!, '0123abcd {"number":100');
    const next = await Spool.open(settings);
    expect(await drain(next)).toEqual(numbers(10, 100));
    expect(next.damaged).toBe(0);
    await next.close();
  });

  test("counts a line that has changed on disk, and goes on behind it", async () => {
    const settings = options();
    await left(settings);
    const path = segmentsIn(settings.folder)[0]!;
    writeFileSync(path, readFileSync(path, "utf8").replace('"number":50,', '"number":51,'));
    const next = await Spool.open(settings);
    expect(await drain(next)).toEqual(numbers(10, 100).filter((number) => number !== 50));
    expect(next.damaged).toBe(1);
    await next.close();
  });

  test.each(["", "junk", "000000000007\n", "999999999999\n"])(
    "sends again rather than too little when the mark reads %j",
    async (mark) => {
      const settings = options();
      await left(settings);
      writeFileSync(`${segmentsIn(settings.folder)[0]}.ack`, mark);
      const next = await Spool.open(settings);
      expect(await drain(next)).toEqual(numbers(0, 100));
      await next.close();
    },
  );

  test("belongs to its process as long as that lives", async () => {
    const settings = options();
    const first = await Spool.open(settings);
    await first.append(message(0));
    const second = await Spool.open(settings);
    await second.append(message(1));
    expect(second.recovered).toBe(0);
    expect(await drain(second)).toEqual([1]);
    await second.close();
    await first.close();
    const third = await Spool.open(settings);
    expect(await drain(third)).toEqual([0]);
    await third.close();
  });

  test("is not mistaken for another's when the number of the process is used again", async () => {
    const settings = options();
    const first = await Spool.open(settings);
    await first.append(message(0));
    const [path] = filesIn(settings.folder).filter((name) => name.endsWith("owner.json"));
    const owner = JSON.parse(readFileSync(path!, "utf8")) as { started: string | null };
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    try {
      writeFileSync(path!, JSON.stringify({ ...owner, pid: other.pid, started: owner.started && "1" }));
      const next = await Spool.open(settings);
      // Where nobody tells when a process began, its number alone must do.
      expect(next.recovered).toBe(owner.started ? 1 : 0);
      await next.close();
    } finally {
      other.kill("SIGKILL");
    }
  });
});
