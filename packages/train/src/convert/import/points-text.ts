/** Landmark files: lines "x y", bare or between the braces of a `.pts` file. */

import { MODEL_SCHEMES, SCHEMES } from "@emotionnet/core";
import { numberOf } from "../../labels/annotations.ts";
import type { LabelProblem } from "../../labels/label-problem.ts";

/** Point counts that keep the 68 of iBUG first. */
const COUNTS = MODEL_SCHEMES.map((scheme): number => SCHEMES[scheme]);

/**
 * x, y of 68, 80 or 104 points, or what is wrong with the file and on which line. Numbers stand apart by spaces, tabs,
 * commas or semicolons; the header of `.pts` (`version`, `n_points`) and its braces are passed over.
 */
export function parsePointsText(text: string, file: string): Float32Array | LabelProblem {
  const values: number[] = [];
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    if (line === "" || line === "{" || line === "}" || /^(version|n_points)\s*:/i.test(line)) continue;
    const numbers = line.split(/[\s,;]+/).map(numberOf);
    if (numbers.length !== 2 || numbers.some((number) => number === undefined)) {
      const received = line.length > 40 ? `${line.slice(0, 40)}…` : line;
      return {
        file,
        line: index + 1,
        where: "",
        expected: "two numbers x y",
        received: `"${received}"`,
        effect: "skipped",
      };
    }
    values.push(numbers[0]!, numbers[1]!);
  }
  const count = values.length / 2;
  if (!COUNTS.includes(count)) {
    const expected = `${COUNTS.slice(0, -1).join(", ")} or ${COUNTS.at(-1)} points`;
    return { file, where: "", expected, received: `${count}`, effect: "skipped" };
  }
  return Float32Array.from(values);
}
