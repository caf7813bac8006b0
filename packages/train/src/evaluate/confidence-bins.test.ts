import { expect, test } from "vitest";
import { Random } from "../generator/random.ts";
import { withoutTemperature } from "./calibration.ts";
import { BIN_COUNT, confidenceBins } from "./confidence-bins.ts";

test("thirty answers make fifteen bins of two", () => {
  const confidence = Float64Array.from({ length: 30 }, (_, sample) => sample / 30);
  const isRight = Uint8Array.from(confidence, (_, sample) => (sample % 2 === 0 ? 1 : 0));
  const bins = confidenceBins({ confidence, isRight });
  expect(bins).toHaveLength(BIN_COUNT);
  bins.forEach((bin, index) => {
    expect(bin.weight).toBe(2);
    expect(bin.confidence).toBeCloseTo((4 * index + 1) / 60, 12);
    expect(bin.accuracy).toBe(0.5);
  });
});

test("a weight of three for all is the same as no weights", () => {
  const random = new Random(1);
  const confidence = Float64Array.from({ length: 100 }, () => random.uniform(0, 1)).sort();
  const isRight = Uint8Array.from(confidence, (value) => (random.chance(value) ? 1 : 0));
  const input = { confidence, isRight };
  const weighted = confidenceBins({ ...input, weights: confidence.map(() => 3) });
  confidenceBins(input).forEach((bin, index) => {
    expect(weighted[index]!.weight).toBe(3 * bin.weight);
    expect(weighted[index]!.confidence).toBeCloseTo(bin.confidence, 12);
    expect(weighted[index]!.accuracy).toBeCloseTo(bin.accuracy, 12);
  });
  expect(confidenceBins({ confidence: new Float64Array(0), isRight: new Uint8Array(0) })).toEqual([]);
});

test("taking the temperature back gives the probabilities of the plain logits", () => {
  const logits = [2, -1, 0.5];
  const softmax = (temperature: number) => {
    const powers = logits.map((logit) => Math.exp(logit / temperature));
    return powers.map((power) => power / powers.reduce((sum, value) => sum + value, 0));
  };
  const plain = withoutTemperature(Float32Array.from(softmax(1.7)), 3, 1.7);
  softmax(1).forEach((value, id) => {
    expect(plain[id]).toBeCloseTo(value, 5);
  });
});
