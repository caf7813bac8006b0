/** Prints the totals of a vitest JSON report as one plain line: `N passed, N failed, N skipped`. */

import { readFileSync } from "node:fs";

/** Counts of a run that ended before it could write its report: one failure, so that nobody takes it for a pass. */
const noReport = { passed: 0, failed: 1, skipped: 0 };

function totalsOf(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    console.log(`No test report at ${path}: the tests did not run to their end.`);
    return noReport;
  }
  // A test file that cannot even be loaded holds no tests to count, but it is a failure.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const { passed, failed, skipped } = totalsOf(process.argv[2] ?? "coverage/results.json");
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
