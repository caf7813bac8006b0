/** Conditions on the figures of a report that decide an exit status: `weighted_f1>=0.95,ece<=0.03`. */

import { EmotionNetError, nearestWord } from "@emotionnet/core";

const COMPARISONS = {
  ">=": (value: number, limit: number) => value >= limit,
  "<=": (value: number, limit: number) => value <= limit,
  ">": (value: number, limit: number) => value > limit,
  "<": (value: number, limit: number) => value < limit,
} as const;

export interface GateCondition {
  readonly name: string;
  readonly comparison: keyof typeof COMPARISONS;
  readonly limit: number;
}

export interface GateResult extends GateCondition {
  /** Absent when the figure was not measured: a class that no face shows, an interval of one person, what an ONNX file cannot tell. */
  readonly value?: number;
  readonly isMet: boolean;
}

const CONDITION = /^([a-z0-9_-]+)\s*(>=|<=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i;

/**
 * Conditions separated by commas, all of which must hold. @param names the figures there are
 * @throws EmotionNetError `usage` naming the condition, what was meant, and the known names
 */
export function parseGate(text: string, names: readonly string[]): GateCondition[] {
  return text.split(",").map((part) => {
    const [, name, comparison, limit] = CONDITION.exec(part.trim()) ?? [];
    if (name === undefined) {
      throw new EmotionNetError("usage", {
        got: `${JSON.stringify(part.trim())} in --gate`,
        wanted: 'conditions like "weighted_f1>=0.95,ece<=0.03"',
        mend: "Each is a figure, then >=, <=, > or <, then a number such as 0.95; commas stand between them.",
      });
    }
    if (!names.includes(name)) {
      const near = nearestWord(name, names);
      throw new EmotionNetError("usage", {
        got: `the figure "${name}" in --gate`,
        wanted: near ? `a known one, perhaps "${near}"` : "a known one",
        mend: `Known figures: ${knownFigures(names)}.`,
      });
    }
    return { name, comparison: comparison as GateCondition["comparison"], limit: Number(limit) };
  });
}

/** Every condition against the figures; one on a figure that was not measured is not met. */
export function judgeGate(
  conditions: readonly GateCondition[],
  figures: Readonly<Record<string, number>>,
): GateResult[] {
  return conditions.map((condition) => {
    const value = figures[condition.name];
    if (value === undefined || Number.isNaN(value)) return { ...condition, isMet: false };
    return { ...condition, value, isMet: COMPARISONS[condition.comparison](value, condition.limit) };
  });
}

/** One line a condition: `met     weighted_f1 >= 0.95 (is 0.97012)`. */
export function gateText(results: readonly GateResult[]): string {
  return results
    .map((result) => {
      const { name, comparison, limit, isMet } = result;
      return `${isMet ? "met   " : "missed"}  ${name} ${comparison} ${limit} (${valueText(result)})\n`;
    })
    .join("");
}

const FEWEST_DECIMALS = 5;
const MOST_DECIMALS = 17;

/** With as many decimals as it takes to see on which side of the limit it is. */
function valueText({ value, comparison, limit, isMet }: GateResult): string {
  if (value === undefined) return "was not measured";
  for (let decimals = FEWEST_DECIMALS; decimals < MOST_DECIMALS; decimals++) {
    const rounded = Number(value.toFixed(decimals));
    if (COMPARISONS[comparison](rounded, limit) === isMet) return `is ${rounded}`;
  }
  return `is ${value}`;
}

/** Names, those of intervals in short. */
function knownFigures(names: readonly string[]): string {
  const hasInterval = (name: string) => names.includes(`${name}_low`);
  const withInterval = names.filter(hasInterval);
  const others = names.filter((name) => !hasInterval(name) && !/_(low|high)$/.test(name));
  const parts = [
    withInterval.length > 0 ? `${withInterval.join(", ")}, each also with _low and _high` : "",
    others.join(", "),
  ];
  return parts.filter(Boolean).join("; ");
}
