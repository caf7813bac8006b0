/** What a method that knows nothing, or next to nothing, gets right on the same faces. */

import { type Dataset, faceAt, faceValues, personOf } from "../dataset/dataset.ts";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { confusionMatrix, type Evaluation, scoreConfusion } from "../evaluate/metrics.ts";

export interface Baselines {
  /** Always answers the most frequent class. */
  readonly majority: Evaluation;
  /**
   * Answers the class whose mean normalised face is nearest, the means taken from the other persons of the same set; absent
   * when there is one person only.
   */
  readonly nearestCentroid?: Evaluation;
}

/** Both baselines on the faces of one data set. */
export function measureBaselines(dataset: Dataset): Baselines {
  const { classes, labels, count } = dataset;
  const support = classes.map((_, id) => labels.filter((label) => label === id).length);
  const majority = support.indexOf(Math.max(...support));
  const score = (answers: ArrayLike<number>) =>
    scoreConfusion(confusionMatrix(labels, answers, classes.length), classes);
  const centroid = nearestCentroidAnswers(dataset);
  return {
    majority: score(new Int32Array(count).fill(majority)),
    ...(centroid ? { nearestCentroid: score(centroid) } : {}),
  };
}

interface Sums {
  readonly values: Float64Array[];
  readonly counts: Float64Array;
}

function nearestCentroidAnswers(dataset: Dataset): Int32Array | undefined {
  const normalised = { ...dataset, landmarks: normalisedLandmarks(dataset) };
  const empty = () => emptySums(dataset.classes.length, faceValues(dataset));
  const persons = dataset.names.map(personOf);
  const byPerson = new Map<string, Sums>();
  const everyone = empty();
  for (let face = 0; face < dataset.count; face++) {
    const own = byPerson.get(persons[face]!) ?? empty();
    byPerson.set(persons[face]!, own);
    for (const sums of [own, everyone]) add(sums, dataset.labels[face]!, faceAt(normalised, face));
  }
  if (byPerson.size < 2) return undefined;
  return Int32Array.from({ length: dataset.count }, (_, face) =>
    nearest(faceAt(normalised, face), everyone, byPerson.get(persons[face]!)!),
  );
}

function emptySums(classCount: number, length: number): Sums {
  return {
    values: Array.from({ length: classCount }, () => new Float64Array(length)),
    counts: new Float64Array(classCount),
  };
}

function add(sums: Sums, label: number, face: Float32Array): void {
  const values = sums.values[label]!;
  for (let index = 0; index < face.length; index++) values[index]! += face[index]!;
  sums.counts[label]!++;
}

/** The class whose mean over everyone but `own` is nearest; a class that only `own` shows cannot be answered. */
function nearest(face: Float32Array, everyone: Sums, own: Sums): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [id, sum] of everyone.values.entries()) {
    const count = everyone.counts[id]! - own.counts[id]!;
    if (count === 0) continue;
    let squares = 0;
    for (let index = 0; index < face.length; index++) {
      const mean = (sum[index]! - own.values[id]![index]!) / count;
      squares += (face[index]! - mean) ** 2;
    }
    if (squares < least) [best, least] = [id, squares];
  }
  return best;
}
