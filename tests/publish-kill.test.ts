/** The spool's process is killed at any moment, again and again: what was kept is never lost, and never out of order. */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Spool } from "../packages/publish/src/spool/spool.ts";
import { brokerFolder } from "./broker-support.ts";

const folder = brokerFolder();
const built = new URL("../packages/publish/dist/spool/spool.js", import.meta.url).href;

/**
 * A run of the spool: appends numbers from `first` on, and takes batches of changing size as a sender does. It says of
 * each number when it is kept ("k"), and, before it acknowledges, when it was delivered ("d"), as a broker would know.
 */
const program = `
  import { writeSync } from "node:fs";
  const { Spool } = await import(process.argv[1]);
  const [folder, first, seed] = process.argv.slice(2);
  let state = Number(seed);
  const random = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  const spool = await Spool.open({ folder, limit: 40_000, whenFull: "wait" });
  writeSync(1, "o\\n");
  const send = async () => {
    for (;;) {
      const change = spool.changed();
      const batch = await spool.take(1 + random(20));
      if (!batch) { await change; continue; }
      writeSync(1, batch.texts.map((text) => "d" + JSON.parse(text).number + "\\n").join(""));
      if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(4)));
      await spool.acknowledge(batch);
    }
  };
  void send();
  for (let number = Number(first); ; number++) {
    await spool.append(JSON.stringify({ number, padding: "x".repeat(random(400)) }));
    writeSync(1, "k" + number + "\\n");
  }
`;

/** Runs it until it has said `lines` lines, and kills it. */
async function runAndKill(spool: string, first: number, seed: number, lines: number): Promise<string[]> {
  const args = ["--input-type=module", "--eval", program, built, spool, String(first), String(seed)];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.split("\n").length > lines) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  // The last line may have been cut off.
  return said.slice(0, said.lastIndexOf("\n")).split("\n");
}

test("killed at any moment: every message that was kept is delivered, in order but for repeats", async () => {
  const delivered: number[] = [];
  let kept = -1;
  for (let run = 0; run < 12; run++) {
    const lines = await runAndKill(join(folder, "spool"), kept + 1, run + 1, 2 + 97 * (run % 5) ** 2);
    const numbers = (sign: string) =>
      lines.filter((line) => line.startsWith(sign)).map((line) => Number(line.slice(1)));
    delivered.push(...numbers("d"));
    // A message may be on disk though its process was killed before it could say so.
    kept = Math.max(kept, ...numbers("k"), ...numbers("d"));
  }
  const spool = await Spool.open({ folder: join(folder, "spool"), limit: 40_000, whenFull: "wait" });
  for (;;) {
    const batch = await spool.take(50);
    if (!batch) break;
    delivered.push(...batch.texts.map((text: string) => JSON.parse(text).number as number));
    await spool.acknowledge(batch);
  }
  expect(spool.damaged).toBe(0);
  await spool.close();
  kept = Math.max(kept, ...delivered);
  expect(kept).toBeGreaterThan(1000);
  // Whoever keeps what comes first has every number once, in order.
  const firsts = [...new Set(delivered)];
  expect(firsts).toEqual(Array.from({ length: kept + 1 }, (_, number) => number));
}, 180_000);
