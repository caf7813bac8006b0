/** What a part of docs/reference/performance.md is, and how its tables are written. */

/** One part of the page: measures, then tells. */
export interface Section {
  /** How the command line names it. */
  readonly name: string;
  /** Measures, minutes perhaps; gives Markdown that starts with a heading of the second level and names its command. */
  write(log: (line: string) => void): Promise<string>;
}

/** 1234.5 → "1,235". */
export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** 2 → "2.00×". */
export const times = (value: number): string => `${value.toFixed(2)}×`;

/** A Markdown table; the first column is text, the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}
