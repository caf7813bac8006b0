/** An evaluation as plain JSON: the same figures as the tables, unrounded. */

import type { ModelEvaluation } from "./evaluate-answers.ts";

/** Words that go with the figures. */
export interface EvaluationContext {
  /** What was evaluated on, for example a file name. */
  readonly dataset: string;
  /** Name of the model. */
  readonly model: string;
  /** True when the samples were made by the generator: such figures say nothing about real faces by themselves. */
  readonly isSimulated: boolean;
  /** Only some of the samples were; `isSimulated` is true as well. */
  readonly isPartlySimulated?: true;
}

/** Stands behind every title of simulated figures; empty for others. */
export function simulatedMark({ isSimulated, isPartlySimulated }: EvaluationContext): string {
  if (!isSimulated) return "";
  return isPartlySimulated ? " (partly simulated)" : " (simulated)";
}

/** Ready for `JSON.stringify`; `confusion` becomes one array a true class. */
export function evaluationJson(evaluation: ModelEvaluation, context: EvaluationContext): object {
  const { confusion, classes, ...figures } = evaluation;
  const { isSimulated, isPartlySimulated, ...names } = context;
  const size = classes.length;
  return {
    ...names,
    simulated: isSimulated,
    ...(isPartlySimulated ? { partlySimulated: true } : {}),
    ...figures,
    classes,
    confusion: classes.map((_, row) => Array.from(confusion.subarray(row * size, (row + 1) * size))),
  };
}
