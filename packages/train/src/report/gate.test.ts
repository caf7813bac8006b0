import { expect, test } from "vitest";
import { gateText, judgeGate, parseGate } from "./gate.ts";

const names = ["weighted_f1", "macro_f1", "ece", "f1_happy"];

test("conditions are read with or without blanks, in every comparison", () => {
  expect(parseGate("weighted_f1>=0.95, ece <= .03,macro_f1>1e-1,f1_happy<1", names)).toEqual([
    { name: "weighted_f1", comparison: ">=", limit: 0.95 },
    { name: "ece", comparison: "<=", limit: 0.03 },
    { name: "macro_f1", comparison: ">", limit: 0.1 },
    { name: "f1_happy", comparison: "<", limit: 1 },
  ]);
});

test("limits are met at the limit itself, except by < and >", () => {
  const met = (text: string) => judgeGate(parseGate(text, names), { ece: 0.03 })[0]!.isMet;
  expect([met("ece<=0.03"), met("ece>=0.03"), met("ece<0.03"), met("ece>0.03")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(judgeGate(parseGate("macro_f1>=0", names), {})[0]!.isMet).toBe(false); // not measured
});

test("every condition has its line", () => {
  const results = judgeGate(parseGate("weighted_f1>=0.95,ece<=0.03", names), {
    weighted_f1: 0.9,
    ece: 0.0123456,
  });
  expect(gateText(results)).toBe("missed  weighted_f1 >= 0.95 (is 0.9)\nmet     ece <= 0.03 (is 0.01235)\n");
});

test("a value next to its limit is shown on its own side of it", () => {
  const shown = (text: string, value: number) =>
    gateText(judgeGate(parseGate(text, names), { weighted_f1: value }));
  expect(shown("weighted_f1>=0.95", 0.9499999)).toBe("missed  weighted_f1 >= 0.95 (is 0.9499999)\n");
  expect(shown("weighted_f1<0.95", 0.9499999)).toBe("met     weighted_f1 < 0.95 (is 0.9499999)\n");
  expect(shown("weighted_f1>=0.95", 0.95)).toBe("met     weighted_f1 >= 0.95 (is 0.95)\n");
});

test("a figure that was not measured meets no condition, and says so", () => {
  const results = judgeGate(parseGate("f1_happy<=1,macro_f1>=0", names), { macro_f1: Number.NaN });
  expect(results.map(({ isMet, value }) => [isMet, value])).toEqual([
    [false, undefined],
    [false, undefined],
  ]);
  expect(gateText(results)).toContain("missed  f1_happy <= 1 (was not measured)\n");
  expect(JSON.stringify(results)).not.toContain("null");
});

test("the known names are told in short", () => {
  const all = [
    "ece",
    "ece_low",
    "ece_high",
    "persons",
    "f1_low-light",
    "f1_low-light_low",
    "f1_low-light_high",
  ];
  expect(() => parseGate("zzz>=1", all)).toThrow(
    /Known figures: ece, f1_low-light, each also with _low and _high; persons\.$/,
  );
});

test.each([
  ["", /Got "" in --gate; wanted conditions like .* Each is a figure, then >=/],
  ["weighted_f1", /"weighted_f1" in --gate/],
  ["weighted_f1=0.9", /wanted conditions like/],
  ["weighted_f1>=high", /"weighted_f1>=high"/],
  ["weighted_f1>=0.9,", /Got "" in --gate/],
  ["weightd_f1>=0.9", /the figure "weightd_f1" in --gate; wanted a known one, perhaps "weighted_f1"/],
  ["zzz>=0.9", /Known figures: weighted_f1, macro_f1, ece, f1_happy/],
])("%j is wrong usage", (text, message) => {
  expect(() => parseGate(text, names)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringMatching(message) }),
  );
});
