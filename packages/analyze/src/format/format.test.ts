import { EXPRESSIONS, type FaceResult, type SourceResult } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { csvHeader, formatCsvRows } from "./csv.ts";
import { displayWidth, shortenDisplay } from "./display-width.ts";
import { formatJson, formatJsonLine } from "./json.ts";
import { formatTableRows, tableHeader } from "./table.ts";

const probabilities = Object.fromEntries(
  EXPRESSIONS.map((name, index) => [name, index === 1 ? 0.912345 : 0.0175]),
);
const face: FaceResult = {
  probabilities,
  confidence: 0.912345,
  expression: "happy",
  quality: 0.98765,
  box: { x: 1.004, y: 2.006, width: 30.1, height: 40 },
  score: 0.87654321,
  landmarks: Array.from({ length: 68 }, (_, point) => [point + 1 / 3, -0.001] as const),
  pose: { yaw: -0.04, pitch: 1.26, roll: 0 },
};
const unsure: FaceResult = { ...face, expression: "unknown", reason: "low-confidence", confidence: 0.4 };
const base = { source: "a.jpg", frame: 0, time: 0, width: 640, height: 480 };
const good: SourceResult = { ...base, faces: [face, unsure] };
const none: SourceResult = { ...base, source: "leer, ganz.jpg", faces: [] };
const bad: SourceResult = {
  ...base,
  source: 'say "x".jpg',
  width: 0,
  height: 0,
  faces: [],
  error: { code: "photo-damaged", message: "Got two\nlines; wanted one." },
};

async function* each(...results: SourceResult[]) {
  yield* results;
}

async function joined(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

/** A reader of RFC 4180, kept apart from the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell !== ""));
}

describe("formatJsonLine", () => {
  it("has the documented fields in their order, rounded", () => {
    const line = formatJsonLine(good);
    expect(line.endsWith("}\n")).toBe(true);
    expect(line.trimEnd()).not.toContain("\n");
    const start =
      '{"source":"a.jpg","frame":0,"time":0,"width":640,"height":480,"faces":[{"box":{"x":1,"y":2.01,"width":30.1,"height":40},' +
      '"score":0.8765,"landmarks":[[0.33,0],[1.33,0],';
    expect(line.startsWith(start)).toBe(true);
    expect(line).toContain(
      '"pose":{"yaw":0,"pitch":1.3,"roll":0},"quality":0.9877,"expression":"happy","confidence":0.9123,' +
        '"probabilities":{"neutral":0.0175,"happy":0.9123,',
    );
    expect(line).toContain('"expression":"unknown","reason":"low-confidence","confidence":0.4,');
  });

  it("keeps what a live source lost", () => {
    const missed = { seconds: 2.000499, frames: 29, estimated: true };
    const line = formatJsonLine({ ...none, dropped: 3, missed });
    expect(line).toMatch(
      /"faces":\[\],"dropped":3,"missed":\{"seconds":2,"frames":29,"estimated":true\}\}\n$/,
    );
  });

  it("keeps errors and leaves the input as it was", () => {
    const before = structuredClone(bad);
    expect(JSON.parse(formatJsonLine(bad))).toEqual(bad);
    expect(bad).toEqual(before);
  });
});

describe("formatJson", () => {
  it("is one array with one entry a result", async () => {
    const text = await joined(formatJson(each(good, none, bad)));
    expect(JSON.parse(text)).toEqual([good, none, bad].map((result) => JSON.parse(formatJsonLine(result))));
    expect(text.split("\n").length).toBe(6);
  });
  it("is an empty array for no results", async () => {
    expect(await joined(formatJson(each()))).toBe("[]\n");
  });
});

describe("CSV", () => {
  it("accounts for every input and survives quotes, commas and line ends", () => {
    const text = csvHeader() + [good, none, bad].map((result) => formatCsvRows(result)).join("");
    const [header, ...rows] = readCsv(text);
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => header!.length));
    const records = rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]])));
    expect(records.map(({ source, face: index }) => [source, index])).toEqual([
      ["a.jpg", "0"],
      ["a.jpg", "1"],
      ["leer, ganz.jpg", ""],
      ['say "x".jpg', ""],
    ]);
    expect(records[0]).toMatchObject({
      expression: "happy",
      reason: "",
      confidence: "0.9123",
      happy: "0.9123",
      box_y: "2.01",
    });
    expect(records[1]).toMatchObject({ expression: "unknown", reason: "low-confidence" });
    expect(records[3]).toMatchObject({
      error_code: "photo-damaged",
      error_message: "Got two\nlines; wanted one.",
    });
  });

  it("has the columns of the model's own classes", () => {
    const header = readCsv(csvHeader(["calm", "glad"]))[0]!;
    expect(header.slice(-4)).toEqual(["calm", "glad", "error_code", "error_message"]);
  });
});

describe("table", () => {
  const wide: SourceResult = { ...good, source: "写真/山田さん😀.jpg" };

  it("aligns its columns by what a terminal shows", () => {
    const lines = (tableHeader() + formatTableRows(good) + formatTableRows(wide)).trimEnd().split("\n");
    const column = (line: string, word: string) => displayWidth(line.slice(0, line.indexOf(word)));
    const wanted = column(lines[0]!, "expression");
    expect(column(lines[1]!, "happy")).toBe(wanted);
    expect(column(lines[2]!, "unknown")).toBe(wanted);
    expect(column(lines[3]!, "happy")).toBe(wanted);
    expect(lines[1]).toMatch(/^a\.jpg +1 {5}happy +91\.2 % +neutral 1\.8 %$/);
  });

  it("has a line for an input without faces and for one with an error", () => {
    expect(formatTableRows(none)).toMatch(/^leer, ganz\.jpg +no face found\n$/);
    expect(formatTableRows(bad)).toMatch(/^say "x"\.jpg +photo-damaged: Got two lines; wanted one\.\n$/);
  });

  it("lets the caller colour without moving anything", () => {
    const painted = formatTableRows(good, { paint: (text, tone) => `<${tone}>${text}</>` });
    expect(painted).toContain("<expression>happy");
    expect(painted).toContain("<unknown>unknown (low-confidence)");
    expect(painted.replace(/<[^>]*>/g, "")).toBe(formatTableRows(good));
  });

  it("never passes a file name's control characters to the terminal", () => {
    const text = formatTableRows({ ...none, source: "a\u001b[31m\nb.jpg" });
    expect(text).not.toContain("\u001b");
    expect(text.split("\n").length).toBe(2);
  });

  it("shortens long paths from the left", () => {
    expect(shortenDisplay("folder/with/a/long/name.jpg", 10)).toBe("…/name.jpg");
    expect(displayWidth(shortenDisplay("山山山山山山.jpg", 8))).toBeLessThanOrEqual(8);
  });
});
