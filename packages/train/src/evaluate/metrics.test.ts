import { EXPRESSIONS } from "@emotionnet/core";
import { expect, test } from "vitest";
import { confusionMatrix, scoreConfusion } from "./metrics.ts";
import { labels, predicted } from "./small-case.ts";

test("rows of the confusion matrix are true classes, columns are answers", () => {
  expect([...confusionMatrix([0, 0, 1, 2], [0, 1, 1, 0], 3)]).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 0]);
});

test("scores of the small case are scikit-learn's, zero where undefined", () => {
  const evaluation = scoreConfusion(confusionMatrix(labels, predicted, EXPRESSIONS.length), EXPRESSIONS);
  expect(
    evaluation.classes.map(({ precision, recall, f1, support }) => [precision, recall, f1, support]),
  ).toEqual([
    [0.7777777777777778, 0.875, 0.8235294117647058, 8],
    [0.6, 0.75, 0.6666666666666666, 4],
    [0.75, 1, 0.8571428571428571, 3],
    [0.5, 0.5, 0.5, 2],
    [0, 0, 0, 3],
    [0, 0, 0, 0],
  ]);
  expect(evaluation.average.precision).toBeCloseTo(0.43796296296296294, 14);
  expect(evaluation.average.recall).toBeCloseTo(0.5208333333333334, 14);
  expect(evaluation.average.f1).toBeCloseTo(0.47455648926237165, 14);
  expect(evaluation.weightedAverage.precision).toBeCloseTo(0.5936111111111111, 14);
  expect(evaluation.weightedAverage.recall).toBeCloseTo(0.7, 14);
  expect(evaluation.weightedAverage.f1).toBeCloseTo(0.6413165266106442, 14);
  expect(evaluation).toMatchObject({ accuracy: 0.7, majorityBaseline: 0.4, total: 20 });
});

test("nothing at all scores zero, not NaN", () => {
  const evaluation = scoreConfusion(confusionMatrix([], [], 2), ["a", "b"]);
  expect(evaluation).toMatchObject({ accuracy: 0, majorityBaseline: 0, total: 0 });
  expect(evaluation.average).toEqual({ precision: 0, recall: 0, f1: 0 });
});
