/** A confusion matrix to read in a terminal. */

const corner = "true \\ answered";

/**
 * One row a true class, one column an answer, counts to the right; ends with a line break.
 * @param matrix (classes × classes), rows true, columns answered @param form a number as text
 */
export function confusionText(
  matrix: ArrayLike<number>,
  classes: readonly string[],
  form: (value: number) => string = String,
): string {
  const cell = (row: number, column: number) => form(matrix[row * classes.length + column]!);
  const firstWidth = Math.max(corner.length, ...classes.map((name) => name.length));
  const widths = classes.map((name, column) =>
    Math.max(name.length, ...classes.map((_, row) => cell(row, column).length)),
  );
  const line = (first: string, cells: readonly string[]) =>
    `${first.padEnd(firstWidth)}${cells.map((text, column) => `  ${text.padStart(widths[column]!)}`).join("")}\n`;
  return [
    line(corner, classes),
    ...classes.map((name, row) =>
      line(
        name,
        classes.map((_, column) => cell(row, column)),
      ),
    ),
  ].join("");
}
