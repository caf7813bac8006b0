import { EXPRESSIONS } from "@emotionnet/core";
import { expect, test } from "vitest";
import { classificationReport } from "./classification-report.ts";
import { formatFixed } from "./format-number.ts";
import { confusionMatrix, scoreConfusion } from "./metrics.ts";
import { labels, predicted } from "./small-case.ts";

/** `classification_report(labels, predicted, labels=range(6), target_names=EXPRESSIONS, zero_division=0)` of scikit-learn 1.9.1. */
const expected = `\
              precision    recall  f1-score   support

     neutral       0.78      0.88      0.82         8
       happy       0.60      0.75      0.67         4
    surprise       0.75      1.00      0.86         3
      squint       0.50      0.50      0.50         2
     disgust       0.00      0.00      0.00         3
      scream       0.00      0.00      0.00         0

    accuracy                           0.70        20
   macro avg       0.44      0.52      0.47        20
weighted avg       0.59      0.70      0.64        20
`;

test("the report of the small case is scikit-learn's text", () => {
  const evaluation = scoreConfusion(confusionMatrix(labels, predicted, EXPRESSIONS.length), EXPRESSIONS);
  expect(classificationReport(evaluation)).toBe(expected);
});

test("exact ties go to the even digit, as Python prints them", () => {
  expect([0.125, 0.375, 0.625, 0.875, 0.135].map((value) => formatFixed(value, 2))).toEqual([
    "0.12",
    "0.38",
    "0.62",
    "0.88",
    "0.14",
  ]);
  expect(formatFixed(2.5, 0)).toBe("2");
});
