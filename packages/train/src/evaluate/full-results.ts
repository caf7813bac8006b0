/** `full_results.txt`: every sample of an evaluation with its answer. */

import type { Dataset } from "../dataset/dataset.ts";

const DECIMALS = 6;

/**
 * A line a sample, tabs between columns: frame, expression (the label), answer, confidence (the answer's probability), then
 * the probability of each class in the order of the class ids. The first line names the columns.
 * @param probabilities (count × classes)
 */
export function fullResults(dataset: Dataset, probabilities: Float32Array): string {
  const { classes, count, labels, names } = dataset;
  const lines = [["frame", "expression", "answer", "confidence", ...classes]];
  for (let sample = 0; sample < count; sample++) {
    const row = probabilities.subarray(sample * classes.length, (sample + 1) * classes.length);
    const confidence = Math.max(...row);
    const answer = classes[row.indexOf(confidence)]!;
    const values = Array.from(row, (value) => value.toFixed(DECIMALS));
    lines.push([names[sample]!, classes[labels[sample]!]!, answer, confidence.toFixed(DECIMALS), ...values]);
  }
  return lines.map((cells) => `${cells.join("\t")}\n`).join("");
}
