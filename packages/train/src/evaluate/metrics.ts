/** Counts of right and wrong answers → precision, recall, F1 and their averages, as scikit-learn defines them. */

/** What scores are made of: how many samples are of a class, were called it, and both. */
export interface ClassCounts {
  readonly name: string;
  readonly support: number;
  readonly predicted: number;
  readonly correct: number;
}

/** Each 0..1; 0 where the definition divides by zero (scikit-learn's `zero_division=0`). */
export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Counts and scores of one class. */
export interface ClassScores extends ClassCounts, Scores {}

export interface Evaluation {
  /** In the order of the class ids. */
  readonly classes: readonly ClassScores[];
  /** Unweighted mean over the classes ("macro"). */
  readonly average: Scores;
  /** Mean over the classes, weighted by support. */
  readonly weightedAverage: Scores;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  /** Accuracy of always answering the most frequent class, 0..1. */
  readonly majorityBaseline: number;
  /** Number of samples. */
  readonly total: number;
}

/**
 * (classCount × classCount), row = true class, column = predicted class.
 * @param labels class ids of the samples
 * @param predicted class ids answered, in the same order
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): Int32Array {
  const matrix = new Int32Array(classCount * classCount);
  for (let sample = 0; sample < labels.length; sample++) {
    matrix[labels[sample]! * classCount + predicted[sample]!]!++;
  }
  return matrix;
}

/** Scores of a confusion matrix (rows true, columns predicted) over `classes`. */
export function scoreConfusion(matrix: ArrayLike<number>, classes: readonly string[]): Evaluation {
  const ids = classes.map((_, id) => id);
  const cell = (row: number, column: number) => matrix[row * classes.length + column]!;
  return scoreCounts(
    classes.map((name, id) => ({
      name,
      support: sum(ids.map((other) => cell(id, other))),
      predicted: sum(ids.map((other) => cell(other, id))),
      correct: cell(id, id),
    })),
  );
}

/**
 * Scores from the margins of a confusion matrix: precision = correct / predicted, recall = correct / support,
 * F1 = 2 · correct / (support + predicted).
 */
export function scoreCounts(counts: readonly ClassCounts[]): Evaluation {
  const total = sum(counts.map(({ support }) => support));
  const classes = counts.map((count) => ({
    ...count,
    precision: ratio(count.correct, count.predicted),
    recall: ratio(count.correct, count.support),
    f1: ratio(2 * count.correct, count.support + count.predicted),
  }));
  return {
    classes,
    average: averageScores(
      classes,
      classes.map(() => 1),
    ),
    weightedAverage: averageScores(
      classes,
      classes.map(({ support }) => support),
    ),
    accuracy: ratio(sum(counts.map(({ correct }) => correct)), total),
    majorityBaseline: ratio(Math.max(0, ...counts.map(({ support }) => support)), total),
    total,
  };
}

function averageScores(scores: readonly Scores[], weights: readonly number[]): Scores {
  const average = (score: keyof Scores) =>
    ratio(sum(scores.map((each, index) => each[score] * weights[index]!)), sum(weights));
  return { precision: average("precision"), recall: average("recall"), f1: average("f1") };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
