/** Parts of a data set. */

import { type Dataset, faceAt, faceValues, occludedAt } from "./dataset.ts";

/** The samples at `indices`, copied, in that order. */
export function selectSamples(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const rows = Array.from(indices);
  const values = faceValues(dataset);
  const landmarks = new Float32Array(rows.length * values);
  const occluded = new Uint8Array((rows.length * values) / 2);
  rows.forEach((from, to) => {
    landmarks.set(faceAt(dataset, from), to * values);
    occluded.set(occludedAt(dataset, from), (to * values) / 2);
  });
  return {
    ...dataset,
    count: rows.length,
    landmarks,
    labels: Int32Array.from(rows, (row) => dataset.labels[row]!),
    occluded,
    names: rows.map((row) => dataset.names[row]!),
  };
}

/** Data sets of the same classes and scheme one after another; a single one is returned as it is. */
export function joinDatasets(datasets: readonly Dataset[]): Dataset {
  const [first] = datasets;
  if (first && datasets.length === 1) return first;
  const count = datasets.reduce((sum, dataset) => sum + dataset.count, 0);
  const values = faceValues(first ?? {});
  const joined = {
    ...first,
    classes: first?.classes ?? [],
    count,
    landmarks: new Float32Array(count * values),
    labels: new Int32Array(count),
    occluded: new Uint8Array((count * values) / 2),
    names: datasets.flatMap(({ names }) => names),
  };
  let start = 0;
  for (const dataset of datasets) {
    joined.landmarks.set(dataset.landmarks, start * values);
    joined.labels.set(dataset.labels, start);
    joined.occluded.set(dataset.occluded, (start * values) / 2);
    start += dataset.count;
  }
  return joined;
}
