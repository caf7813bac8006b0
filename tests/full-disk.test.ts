/** A disk that is full: a clear error, nothing half written, and a spool that goes on when there is room again. */

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { MEAN_SHAPE } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { readVideo, VideoWriter, writePhoto } from "@emotionnet/media";
import { afterAll, describe, expect, test } from "vitest";
import { Spool } from "../packages/publish/src/spool/spool.ts";
import { brokerFolder, mosquitto, without } from "./broker-support.ts";
import { commandPath, runCommand, temporaryFolder } from "./cli-support.ts";
import { ffmpeg, withoutFfmpeg } from "./video-support.ts";

const folder = temporaryFolder();
const mounts: string[] = [];
afterAll(() => {
  for (const disk of mounts) asRoot("umount", disk);
});

function asRoot(...command: string[]): boolean {
  if (process.getuid?.() !== 0) return false;
  const [program, ...args] = command;
  return spawnSync(program!, args).status === 0;
}

/** A disk in memory with room for so many bytes, in pages of 4 KiB; undefined where none may be made. */
function smallDisk(name: string, kibibytes: number): string | undefined {
  const path = join(folder, name);
  mkdirSync(path);
  if (!asRoot("mount", "-t", "tmpfs", "-o", `size=${kibibytes}k,mode=777`, "none", path)) return undefined;
  mounts.push(path);
  return path;
}

const withoutDisks = smallDisk("trial", 64) ? "" : " (skipped: no right to mount a small disk here)";
const withoutFull = existsSync("/dev/full") ? "" : " (skipped: no /dev/full on this machine)";

const points = Array.from({ length: 68 }, (_, point) => [MEAN_SHAPE[2 * point]!, MEAN_SHAPE[2 * point + 1]!]);
writeFileSync(join(folder, "points.json"), JSON.stringify(Array(200).fill(points)));

describe.skipIf(withoutDisks)(`files on a full disk${withoutDisks}`, () => {
  test("a file in memory is there whole or not at all, and what was there stays", async () => {
    const disk = smallDisk("whole", 64)!;
    const path = join(disk, "table.csv");
    await writeWhole(path, "before");
    for (const kibibytes of [61, 63, 100]) {
      await expect(writeWhole(path, "x".repeat(kibibytes * 1024)), `${kibibytes} KiB`).rejects.toMatchObject({
        code: "ENOSPC",
      });
      expect(readdirSync(disk)).toEqual(["table.csv"]);
      expect(readFileSync(path, "utf8")).toBe("before");
    }
    await writeWhole(path, "y".repeat(50 * 1024));
    expect(readFileSync(path, "utf8")).toBe("y".repeat(50 * 1024));
  });

  test("a picture", async () => {
    const disk = smallDisk("picture", 16)!;
    const data = randomBytes(3 * 200 * 200);
    await expect(writePhoto(join(disk, "a.png"), { width: 200, height: 200, data })).rejects.toMatchObject({
      code: "file-unwritable",
      message: expect.stringContaining("(ENOSPC)"),
    });
    expect(readdirSync(disk)).toEqual([]);
  });

  test.skipIf(withoutFfmpeg).each(["mp4", "mkv", "webm"])(
    "a video that breaks off anywhere: %s",
    async (ending) => {
      const write = async (path: string) => {
        const [width, height] = [160, 120];
        const writer = new VideoWriter(path, { width, height });
        for (let frame = 0; frame < 8; frame++) {
          const data = Uint8Array.from(
            { length: 3 * width * height },
            (_, index) => (index * index * (frame + 1)) >> 5,
          );
          await writer.write({ width, height, data }, frame / 25);
        }
        await writer.finish();
      };
      const whole = join(folder, `whole.${ending}`);
      await write(whole);
      const size = readFileSync(whole).length / 1024;
      for (const room of [8, size / 2, size - 8]) {
        const disk = smallDisk(`${ending}-${Math.round(room)}`, 4 * Math.floor(room / 4))!;
        await expect(write(join(disk, `copy.${ending}`)), `${room} of ${size} KiB`).rejects.toMatchObject({
          code: "file-unwritable",
          message: expect.stringMatching(/no space left on device.*Make room/s),
        });
        expect(readdirSync(disk)).toEqual([]);
      }
      const disk = smallDisk(`${ending}-whole`, 4 * Math.ceil(size / 4 + 2))!;
      await write(join(disk, `copy.${ending}`));
      let frames = 0;
      for await (const _ of readVideo(join(disk, `copy.${ending}`))) frames++;
      expect(frames).toBe(8);
    },
  );

  test.skipIf(withoutFfmpeg)(
    "the command's files: an error with the file's name, no half one, status 1",
    async () => {
      const disk = smallDisk("command", 16)!;
      ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=320x240:r=25:d=2",
        "-pix_fmt",
        "yuv420p",
        join(folder, "clip.mp4"),
      );
      writeFileSync(join(disk, "fill"), "x".repeat(12 * 1024));
      for (const [flag, file] of [
        ["--annotate", "marked.mp4"],
        ["--events", "events.csv"],
      ] as const) {
        writeFileSync(join(disk, "more"), "x".repeat(flag === "--events" ? 4 * 1024 : 1));
        const { status, stderr } = await runCommand(
          ["analyze", "clip.mp4", "-f", "jsonl", flag, join(disk, file)],
          folder,
        );
        expect(stderr).toContain("error [file-unwritable]");
        expect(stderr).toContain(file);
        expect(status).toBe(1);
        expect(readdirSync(disk).sort()).toEqual(["fill", "more"]);
      }
    },
  );
});

test.skipIf(withoutFull)(`results to a full disk: a sentence and status 1${withoutFull}`, () => {
  for (const format of ["table", "json", "jsonl", "csv"]) {
    const full = openSync("/dev/full", "w");
    const args = [commandPath, "analyze", "points.json", "--format", format];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    expect(stderr).toMatch(
      /^error \[file-unwritable\]: Got the standard output, .*\(ENOSPC\).*Make room.*\n$/,
    );
    expect(status).toBe(1);
  }
});

describe.skipIf(withoutDisks)(`a spool on a full disk${withoutDisks}`, () => {
  const message = (number: number) => JSON.stringify({ number, padding: "x".repeat(200) });
  const numberOf = (text: string) => (JSON.parse(text) as { number: number }).number;
  const spoolOn = (disk: string, whenFull: "wait" | "drop-oldest") =>
    ({ folder: join(disk, "files"), limit: 256 * 1024, whenFull }) as const;

  test("waits for room, and has no half message", async () => {
    const disk = smallDisk("spool-wait", 64)!;
    const spool = await Spool.open(spoolOn(disk, "wait"));
    let kept = 0;
    let isWaiting = false;
    const adding = (async () => {
      for (; kept < 400; kept++) await spool.append(message(kept));
    })();
    await expect
      .poll(async () => {
        const before = kept;
        await new Promise((resolve) => setTimeout(resolve, 100));
        isWaiting = kept === before;
        return isWaiting;
      })
      .toBe(true);
    expect(kept).toBeGreaterThan(50);
    expect(kept).toBeLessThan(260);
    const found: number[] = [];
    while (found.length < 400) {
      const batch = await spool.take(20);
      if (!batch) break;
      found.push(...batch.texts.map(numberOf));
      await spool.acknowledge(batch);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await adding;
    expect(found).toEqual(Array.from({ length: 400 }, (_, number) => number));
    expect([spool.damaged, spool.dropped]).toEqual([0, 0]);
    await spool.close();
  });

  test("of a live source gives up the oldest and counts them", async () => {
    const spool = await Spool.open(spoolOn(smallDisk("spool-live", 64)!, "drop-oldest"));
    for (let number = 0; number < 600; number++) await spool.append(message(number));
    expect(spool.dropped).toBeGreaterThan(300);
    const found: number[] = [];
    for (let batch = await spool.take(50); batch; batch = await spool.take(50)) {
      found.push(...batch.texts.map(numberOf));
      await spool.acknowledge(batch);
    }
    expect(found).toEqual(Array.from({ length: 600 - spool.dropped }, (_, index) => spool.dropped + index));
    await spool.close();
  });

  test("without room for anything: an error that names the folder and the flag", async () => {
    const disk = smallDisk("spool-none", 16)!;
    const args = [
      "analyze",
      "points.json",
      "--publish",
      "mqtt://127.0.0.1:1/a",
      "--publish-spool",
      join(disk, "spool"),
    ];
    writeFileSync(join(disk, "fill"), "x".repeat(16 * 1024));
    const { status, stdout, stderr } = await runCommand(args, folder);
    expect(stderr).toMatch(
      /^error \[file-unwritable\]: Got the spool folder .*spool-none.*\(ENOSPC\).*--publish-spool/,
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  });

  const missing = without("mosquitto");
  test.skipIf(missing)(`publish empties it${missing}`, async () => {
    const disk = smallDisk("spool-empty", 256)!;
    const place = join(disk, "spool");
    const broker = await mosquitto(join(brokerFolder(), "broker"));
    const url = `mqtt://${broker.place}/full`;
    const spooling = ["analyze", "points.json", "-f", "csv", "--publish", url, "--publish-spool", place];
    writeFileSync(join(folder, "few.json"), JSON.stringify(Array(40).fill(points)));
    spooling[1] = "few.json";
    expect((await runCommand([...spooling, "--publish-wait", "0"], folder)).stderr).toContain("40 spooled");
    const fill = join(disk, "fill");
    expect(spawnSync("dd", ["if=/dev/zero", `of=${fill}`, "bs=1k"], { encoding: "utf8" }).stderr).toContain(
      "No space",
    );
    await broker.start();
    try {
      const { status, stdout } = await runCommand(["publish", url, "--spool", place], folder);
      expect(stdout).toContain(": 40 published, 0 repeated, 0 spooled, 0 dropped.");
      expect(status).toBe(0);
      expect(readdirSync(place)).toEqual([]);
    } finally {
      await broker.stop();
      rmSync(fill);
    }
  });
});
