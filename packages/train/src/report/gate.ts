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
  readonly value: number;
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
      throw wrongGate(JSON.stringify(part.trim()), 'conditions like "weighted_f1>=0.95,ece<=0.03"', names);
    }
    if (!names.includes(name)) {
      const near = nearestWord(name, names);
      throw wrongGate(`the figure "${name}"`, near ? `a known one, perhaps "${near}"` : "a known one", names);
    }
    return { name, comparison: comparison as GateCondition["comparison"], limit: Number(limit) };
  });
}

/** Every condition against the figures; one that compares with a figure that is no number is not met. */
export function judgeGate(
  conditions: readonly GateCondition[],
  figures: Readonly<Record<string, number>>,
): GateResult[] {
  return conditions.map((condition) => {
    const value = figures[condition.name] ?? Number.NaN;
    return { ...condition, value, isMet: COMPARISONS[condition.comparison](value, condition.limit) };
  });
}

/** One line a condition: `met     weighted_f1 >= 0.95 (0.97012)`. */
export function gateText(results: readonly GateResult[]): string {
  return results
    .map(
      ({ name, comparison, limit, value, isMet }) =>
        `${isMet ? "met   " : "missed"}  ${name} ${comparison} ${limit} (is ${Number(value.toFixed(5))})\n`,
    )
    .join("");
}

function wrongGate(got: string, wanted: string, names: readonly string[]): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `${got} in --gate`,
    wanted,
    mend: `Known figures: ${names.join(", ")}.`,
  });
}
