import { describe, expect, it } from "vitest";
import { MersenneTwister } from "../dataset/mersenne-twister.ts";
import { JsonTextError, parseJsonText } from "./json-text.ts";

const SAMPLE = `[
  {
    "class": "image", "ünï\\u00e9": "a\\"b\\\\",
    "numbers": [0, -1.5e+3, 1E-9, 12.50],
    "none": null, "yes": true, "no": false,
    "deep": { "a": { "b": [[], {}, [1]] } }
  }
]
`;

describe("parseJsonText", () => {
  it("knows the line of every value", () => {
    const { value, lineOf } = parseJsonText(SAMPLE);
    expect(value).toEqual(JSON.parse(SAMPLE));
    expect(lineOf("")).toBe(1);
    expect(lineOf("[0]")).toBe(2);
    expect(lineOf("[0].ünïé")).toBe(3);
    expect(lineOf("[0].numbers[2]")).toBe(4);
    expect(lineOf("[0].no")).toBe(5);
    expect(lineOf("[0].deep.a.b[2][0]")).toBe(6);
  });

  it("gives the line of the nearest value that is there", () => {
    const { lineOf } = parseJsonText(SAMPLE);
    expect(lineOf("[0].deep.a.missing")).toBe(6);
    expect(lineOf("[0].missing[3].x")).toBe(2);
    expect(lineOf("nothing")).toBe(1);
  });

  it("agrees with JSON.parse on thousands of damaged texts, and finds the place itself", () => {
    const random = new MersenneTwister(3);
    const marks = ['"', ",", ":", "{", "}", "[", "]", "\\", "0", "-", ".", "e", "\n", "\t", "n", "é", "/"];
    let refused = 0;
    for (let round = 0; round < 5000; round++) {
      const at = random.below(SAMPLE.length);
      const mark = marks[random.below(marks.length)]!;
      const removed = random.below(3);
      const text = SAMPLE.slice(0, at) + (round % 3 === 0 ? "" : mark) + SAMPLE.slice(at + removed);
      const expected = attempt(() => JSON.parse(text) as unknown);
      const got = attempt(() => parseJsonText(text).value);
      if (!(expected instanceof Error)) {
        expect(got).toEqual(expected);
        // A text that is good must be good to the line finder as well.
        expect(parseJsonText(text).lineOf("[0]")).toBeGreaterThan(0);
        continue;
      }
      refused++;
      expect(got).toBeInstanceOf(JsonTextError);
      const problem = got as JsonTextError;
      expect(problem.expected).not.toBe("JSON");
      // The damage is never behind the line that is named, and never before the first change.
      expect(problem.line).toBeGreaterThanOrEqual(lineAt(text, at) - 1);
    }
    expect(refused).toBeGreaterThan(2000);
  });
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
