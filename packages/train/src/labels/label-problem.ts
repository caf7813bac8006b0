/** What is wrong with a label file, as data. */

/** One problem; read aloud by `describeProblem`. */
export interface LabelProblem {
  readonly file: string;
  /** Line from 1, where the file has lines. */
  readonly line?: number;
  /** Path of the value inside the file, or what it is called. */
  readonly where: string;
  readonly expected: string;
  readonly received: string;
  /** What happened to the face: left out, or read all the same. */
  readonly effect: "skipped" | "kept";
}

/** `a.json:12 [0].annotations[1].P5x: expected a number, received "abc" (face left out)`. */
export function describeProblem(problem: LabelProblem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const where = problem.where === "" ? "" : ` ${problem.where}`;
  const effect = problem.effect === "skipped" ? "left out" : "read all the same";
  return `${place}${where}: expected ${problem.expected}, received ${problem.received} (${effect})`;
}

/** Kinds of problems with how often each occurred, most frequent first: `12 × expected 68 points, received …`. */
export function summariseProblems(problems: readonly LabelProblem[]): string[] {
  const counts = new Map<string, number>();
  for (const { expected, effect } of problems) {
    const kind = `expected ${expected} (${effect === "skipped" ? "left out" : "read all the same"})`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} × ${kind}`);
}

const LONGEST_SHOWN = 40;

/** A value as a person would write it, shortened. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
