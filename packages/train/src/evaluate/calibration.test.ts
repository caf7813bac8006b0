import { expect, test } from "vitest";
import { measureCalibration } from "./calibration.ts";

test("log-loss and Brier score of a small case", () => {
  const rows = [
    [0.7, 0.2, 0.1],
    [0.1, 0.8, 0.1],
    [0.3, 0.3, 0.4],
    [0.2, 0.5, 0.3],
    [0.6, 0.3, 0.1],
    [0, 0, 1],
  ];
  const { logLoss, brier } = measureCalibration(Float32Array.from(rows.flat()), [0, 1, 2, 0, 0, 2], 3);
  expect(logLoss).toBeCloseTo(0.6027287938878647, 6); // scikit-learn's log_loss
  expect(brier).toBeCloseTo(0.33, 6); // mean squared distance to the one-hot rows
});

test("honest confidence has no calibration error, and boasting has all of it", () => {
  const rows = Float32Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? 0.8 : 0.2));
  const fourInFive = Array.from({ length: 150 }, (_, sample) => (sample % 5 === 0 ? 1 : 0));
  expect(measureCalibration(rows, fourInFive, 2).expectedCalibrationError).toBeCloseTo(0, 6);
  const alwaysWrong = Array.from({ length: 150 }, () => 1);
  expect(measureCalibration(rows, alwaysWrong, 2).expectedCalibrationError).toBeCloseTo(0.8, 6);
});

test("a certain wrong answer costs much, but not infinitely", () => {
  expect(measureCalibration(Float32Array.of(1, 0), [1], 2).logLoss).toBeCloseTo(-Math.log(1e-38), 6);
});
