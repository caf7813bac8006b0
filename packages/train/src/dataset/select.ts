/** Parts of a data set. */

import { LANDMARK_COUNT, LANDMARK_VALUES } from "@emotionnet/core";
import type { Dataset } from "./dataset.ts";

/** The samples at `indices`, copied, in that order. */
export function selectSamples(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const rows = Array.from(indices);
  const landmarks = new Float32Array(rows.length * LANDMARK_VALUES);
  const occluded = new Uint8Array(rows.length * LANDMARK_COUNT);
  rows.forEach((from, to) => {
    const [point, flag] = [from * LANDMARK_VALUES, from * LANDMARK_COUNT];
    landmarks.set(dataset.landmarks.subarray(point, point + LANDMARK_VALUES), to * LANDMARK_VALUES);
    occluded.set(dataset.occluded.subarray(flag, flag + LANDMARK_COUNT), to * LANDMARK_COUNT);
  });
  return {
    classes: dataset.classes,
    count: rows.length,
    landmarks,
    labels: Int32Array.from(rows, (row) => dataset.labels[row]!),
    occluded,
    names: rows.map((row) => dataset.names[row]!),
  };
}

/** Data sets of the same classes one after another; a single one is returned as it is. */
export function joinDatasets(datasets: readonly Dataset[]): Dataset {
  const [first] = datasets;
  if (first && datasets.length === 1) return first;
  const count = datasets.reduce((sum, dataset) => sum + dataset.count, 0);
  const joined = {
    classes: first?.classes ?? [],
    count,
    landmarks: new Float32Array(count * LANDMARK_VALUES),
    labels: new Int32Array(count),
    occluded: new Uint8Array(count * LANDMARK_COUNT),
    names: datasets.flatMap(({ names }) => names),
  };
  let start = 0;
  for (const dataset of datasets) {
    joined.landmarks.set(dataset.landmarks, start * LANDMARK_VALUES);
    joined.labels.set(dataset.labels, start);
    joined.occluded.set(dataset.occluded, start * LANDMARK_COUNT);
    start += dataset.count;
  }
  return joined;
}
