import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Deadline } from "./deadline.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const abortOf = (signal: AbortSignal) =>
  new Promise<string>((resolve) =>
    signal.addEventListener("abort", () => resolve("aborted"), { once: true }),
  );

test("comes although garbage is collected meanwhile", async () => {
  const over = abortOf(new Deadline(200, new AbortController().signal).signal);
  await delay(50);
  collectGarbage();
  expect(await Promise.race([over, delay(20_000, "never")])).toBe("aborted");
});

test("comes early by the signal, and not at all after clear", async () => {
  const stop = new AbortController();
  const early = new Deadline(60_000, stop.signal);
  const cleared = new Deadline(1);
  cleared.clear();
  stop.abort();
  expect(early.signal.aborted).toBe(true);
  expect(new Deadline(60_000, stop.signal).signal.aborted).toBe(true);
  await delay(50);
  expect(cleared.signal.aborted).toBe(false);
});
