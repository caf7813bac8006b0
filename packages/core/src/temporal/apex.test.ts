import { describe, expect, it } from "vitest";
import { randomSource } from "../testing/random-model.ts";
import { Apex } from "./apex.ts";

function apexOf(values: number[], rate = 30): Apex {
  const apex = new Apex();
  values.forEach((value, index) => {
    apex.update(index / rate, Math.log(value / (1 - value)));
  });
  return apex;
}

describe("Apex", () => {
  it("finds the top of a peak without lag", () => {
    const apex = apexOf(Array.from({ length: 61 }, (_, index) => 0.9 - Math.abs(index - 30) * 0.02));
    expect(Math.abs(apex.time - 1)).toBeLessThan(1 / 30);
    expect(apex.strength).toBeCloseTo(0.88, 9);
  });

  it("gives the middle of a held top, and a moment well inside it under noise", () => {
    const random = randomSource(4);
    const held = Array.from({ length: 90 }, (_, index) =>
      index >= 30 && index < 60 ? 0.93 + 0.02 * random() : 0.05,
    );
    expect(Math.abs(apexOf(held).time - 44.5 / 30)).toBeLessThan(0.4);
    const still = held.map((value) => (value > 0.5 ? 0.95 : 0.05));
    expect(apexOf(still).time).toBeCloseTo(44.5 / 30, 9);
  });

  it("is not fooled by one odd frame", () => {
    const values = Array.from({ length: 61 }, (_, index) => 0.7 - Math.abs(index - 30) * 0.01);
    values[10] = 0.99;
    expect(Math.abs(apexOf(values).time - 1)).toBeLessThan(1 / 30);
  });

  it("takes the higher of two peaks, not the dip between them", () => {
    const peak = (index: number, at: number) => Math.max(0.001, 0.9 - Math.abs(index - at) * 0.1);
    const values = Array.from({ length: 90 }, (_, index) => peak(index, 20) + 1.01 * peak(index, 70));
    expect(apexOf(values).time).toBeCloseTo(70 / 30, 9);
    expect(apexOf(values.toReversed()).time).toBeCloseTo(19 / 30, 9);
  });

  it("knows a track of one frame, and forgets on restart", () => {
    const apex = apexOf([0.8]);
    expect(apex.time).toBe(0);
    expect(apex.strength).toBeCloseTo(0.8, 12);
    apex.restart();
    expect(apex.strength).toBe(0);
  });
});
