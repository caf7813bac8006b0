import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createStatusBoard } from "./status-board.ts";

/** What a terminal of the given size would show after everything that was written. */
function screenOf(text: string): string[] {
  const lines = [""];
  let row = 0;
  for (const part of text.replaceAll("\x1b[", "\n[").split(/(\n\[\d*[AJ]|\n|\r)/)) {
    if (part === "\n") {
      row++;
      lines[row] ??= "";
    } else if (part.endsWith("A")) row -= Number(part.slice(2, -1));
    else if (part.endsWith("J")) lines.splice(row, lines.length, "");
    else if (part !== "\r") lines[row] = (lines[row] ?? "") + part;
  }
  return lines;
}

function terminal(columns: number, rows: number): { stream: PassThrough; text: () => string } {
  const stream = Object.assign(new PassThrough(), { columns, rows });
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return { stream, text: () => text };
}

test("the lines stay in their place, and go away", async () => {
  const { stream, text } = terminal(40, 10);
  const board = createStatusBoard(stream, "lines");
  for (const round of [1, 2, 3]) {
    board.show(() => [`a ${round}`, `b ${round}`]);
    await new Promise((resolve) => setTimeout(resolve, 110));
  }
  expect(screenOf(text())).toEqual(["a 3", "b 3"]);
  board.clear();
  board.clear();
  expect(screenOf(text())).toEqual([""]);
});

test("long lines and many lines are cut to the screen", () => {
  const { stream, text } = terminal(12, 4);
  const board = createStatusBoard(stream, "lines");
  board.show(() => Array.from({ length: 8 }, (_, index) => `line ${index} of many words`));
  expect(screenOf(text())).toEqual(["line 0 of …", "line 1 of …", "… and 6 mo…"]);
});

test("without a terminal it is silent", () => {
  const { stream, text } = terminal(40, 10);
  const board = createStatusBoard(stream, "none");
  board.show(() => ["a"]);
  board.clear();
  expect(text()).toBe("");
});
