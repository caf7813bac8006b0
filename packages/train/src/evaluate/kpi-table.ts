/** The model card's table: one row a class in alphabetical order, then the two averages. Byte-stable. */

import { formatShort } from "./format-number.ts";
import type { Evaluation, Scores } from "./metrics.ts";

const header = ["content", "precision", "recall", "f_score", "numsamples"];
const decimals = 5;
/** A column is at least this much wider than its heading. */
const headingPadding = 2;

/**
 * The table between `====` rulers, five decimals without trailing zeros, ending with a line break.
 * @param title a line above the table, for example to say that the figures are simulated
 */
export function kpiTable(evaluation: Evaluation, title?: string): string {
  const byName = [...evaluation.classes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = [
    ...byName.map((scores) => row(scores.name, scores, scores.support)),
    row("Average", evaluation.average, evaluation.total),
    row("Weighted_average", evaluation.weightedAverage, evaluation.total),
  ];
  return (title === undefined ? "" : `${title}\n`) + rulerTable(rows);
}

function row(name: string, { precision, recall, f1 }: Scores, count: number): string[] {
  return [name, ...[precision, recall, f1].map((score) => formatShort(score, decimals)), String(count)];
}

/** First column to the left, the others aligned at the decimal point. */
function rulerTable(rows: readonly string[][]): string {
  const columns = header.map((heading, column) => {
    const cells = alignPoints(rows.map((cells) => cells[column]!));
    const width = Math.max(heading.length + headingPadding, ...cells.map((cell) => cell.length));
    const pad = (text: string) => (column === 0 ? text.padEnd(width) : text.padStart(width));
    return { ruler: "=".repeat(width), heading: pad(heading), cells: cells.map(pad) };
  });
  const line = (cells: readonly string[]) => `${cells.join("  ").trimEnd()}\n`;
  const ruler = line(columns.map((column) => column.ruler));
  const body = rows.map((_, index) => line(columns.map((column) => column.cells[index]!)));
  return [ruler, line(columns.map((column) => column.heading)), ruler, ...body, ruler].join("");
}

/** Pads on the right so that decimal points stand below each other; text without any is left alone. */
function alignPoints(cells: readonly string[]): string[] {
  const decimalsOf = (cell: string) => (cell.includes(".") ? cell.length - cell.indexOf(".") : 0);
  const most = Math.max(...cells.map(decimalsOf));
  return cells.map((cell) => cell + " ".repeat(most - decimalsOf(cell)));
}
