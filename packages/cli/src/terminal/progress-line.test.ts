import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createProgressLine, type ProgressStyle } from "./progress-line.ts";

function show(style: ProgressStyle, steps: readonly number[]): string {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const line = createProgressLine(stream, style);
  for (const done of steps) line.show({ done, total: 100, label: "Training", detail: `step ${done}` });
  line.clear();
  return text;
}

test("a bar shows the share done and takes itself away", () => {
  const text = show("bar", [50, 100]);
  expect(text).toContain(`Training  ${"█".repeat(12)}${"░".repeat(12)}  50 %`);
  expect(text).toContain(`Training  ${"█".repeat(24)} 100 %  step 100`);
  expect(text.endsWith("\r\x1b[2K")).toBe(true);
});

test("plain lines come once for every tenth, and again for the next work", () => {
  expect(show("lines", [1, 9, 10, 11, 19, 35, 100, 5, 10]).split("\n")).toEqual([
    "  10 %  Training, step 10",
    "  30 %  Training, step 35",
    "  100 %  Training, step 100",
    "  10 %  Training, step 10",
    "",
  ]);
});

test("a terminal that does not know its width gets the bar all the same", () => {
  let text = "";
  const stream = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    }),
    { columns: 0 },
  );
  createProgressLine(stream, "bar").show({ done: 50, total: 100, label: "Training" });
  expect(text).toContain("Training  ████");
});

test("silence is silent", () => {
  expect(show("none", [1, 50, 100])).toBe("");
});
