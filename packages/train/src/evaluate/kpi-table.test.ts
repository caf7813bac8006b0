import { expect, test } from "vitest";
import { kpiTable } from "./kpi-table.ts";
import { scoreConfusion, scoreCounts } from "./metrics.ts";

/** [class, true, correct, predicted] in the order of the class ids. */
const cardCounts = [
  ["neutral", 33260, 31280, 32880],
  ["happy", 13480, 12540, 15300],
  ["surprise", 5400, 5000, 5360],
  ["squint", 5400, 3500, 4580],
  ["disgust", 6300, 4600, 5640],
  ["scream", 7180, 7140, 7260],
] as const;

const cardTable = `\
================  ===========  ========  =========  ============
content             precision    recall    f_score    numsamples
================  ===========  ========  =========  ============
disgust               0.8156    0.73016    0.77052          6300
happy                 0.81961   0.93027    0.87144         13480
neutral               0.95134   0.94047    0.94587         33260
scream                0.98347   0.99443    0.98892          7180
squint                0.76419   0.64815    0.7014           5400
surprise              0.93284   0.92593    0.92937          5400
Average               0.87784   0.86157    0.86792         71020
Weighted_average      0.90191   0.902      0.9007          71020
================  ===========  ========  =========  ============
`;

test("the original model card's table comes out digit for digit from its counts", () => {
  const evaluation = scoreCounts(
    cardCounts.map(([name, support, correct, predicted]) => ({ name, support, correct, predicted })),
  );
  expect(kpiTable(evaluation)).toBe(cardTable);
  expect(evaluation.accuracy).toBeCloseTo(64060 / 71020, 15);
  expect(evaluation.majorityBaseline).toBeCloseTo(33260 / 71020, 15);
});

test("a title stands above, and whole numbers have no decimals", () => {
  expect(kpiTable(scoreConfusion([2, 0, 0, 2], ["b", "a"]), "simulated").split("\n")).toEqual([
    "simulated",
    "================  ===========  ========  =========  ============",
    "content             precision    recall    f_score    numsamples",
    "================  ===========  ========  =========  ============",
    "a                           1         1          1             2",
    "b                           1         1          1             2",
    "Average                     1         1          1             4",
    "Weighted_average            1         1          1             4",
    "================  ===========  ========  =========  ============",
    "",
  ]);
});
