import { expect, test } from "vitest";
import { StepLog } from "./step-log.ts";

function linesOf(everySeconds: number, ticks: readonly [step: number, loss: number, time: number][]) {
  const lines: string[] = [];
  const log = new StepLog({
    everySeconds,
    stepsPerEpoch: 13,
    batchSize: 64,
    log: (line) => lines.push(line),
  });
  for (const [step, loss, time] of ticks) log.tick(step, loss, time);
  return lines;
}

test("the first step and then every so many seconds have lines in the original's words", () => {
  const lines = linesOf(10, [
    [0, 441.2, 5],
    [50, 400, 5000],
    [104, 312.128274, 10_108],
    [105, 300, 10_200],
  ]);
  expect(lines).toEqual([
    "epoch = 0.0, loss = 441.20000, step = 0",
    "epoch = 8.0, loss = 312.12827, step = 104 (10.103 sec)",
    "global_step/sec: 10.2940",
    "Train Samples / sec: 658.814",
  ]);
});

test("0 seconds mean every step, also two at the same time", () => {
  const lines = linesOf(0, [
    [26, 1, 7],
    [27, 2, 7],
    [28, 3, 1007],
  ]);
  expect(lines.filter((line) => line.startsWith("epoch"))).toEqual([
    "epoch = 2.0, loss = 1.00000, step = 26",
    "epoch = 2.0, loss = 2.00000, step = 27",
    "epoch = 2.0, loss = 3.00000, step = 28 (1.000 sec)",
  ]);
});
