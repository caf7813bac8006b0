/** Answers when none may be withheld, against labels. */

import { EXPRESSIONS, type Expression } from "@emotionnet/core";

/** Probabilities of the classes; they need not sum to one. */
export type Answer = Readonly<Record<Expression, number>>;

export class ForcedChoice {
  readonly #right = { six: 0, two: 0 };
  readonly #asked = { six: 0, two: 0 };

  /** @param answer undefined: no face was found, which is wrong. */
  add(expression: Expression, answer: Answer | undefined): void {
    this.#count("six", expression === best(answer, EXPRESSIONS));
    if (expression === "neutral" || expression === "happy")
      this.#count("two", expression === best(answer, ["neutral", "happy"]));
  }

  /** Share of right answers among all six classes, or between neutral and happy; 0..1. */
  share(choice: "six" | "two"): number {
    return this.#right[choice] / this.#asked[choice];
  }

  #count(choice: "six" | "two", isRight: boolean): void {
    this.#asked[choice]++;
    if (isRight) this.#right[choice]++;
  }
}

function best(answer: Answer | undefined, among: readonly Expression[]): Expression | undefined {
  return answer && among.reduce((first, second) => (answer[second] > answer[first] ? second : first));
}

/** Weighted mean of log-probabilities, back as (unscaled) probabilities. */
export function blended(first: Answer, second: Answer, firstWeight: number): Answer {
  const smallest = 1e-9;
  const entries = EXPRESSIONS.map((name) => {
    const [a, b] = [Math.log(first[name] + smallest), Math.log(second[name] + smallest)];
    return [name, Math.exp(firstWeight * a + (1 - firstWeight) * b)] as const;
  });
  return Object.fromEntries(entries) as Answer;
}
