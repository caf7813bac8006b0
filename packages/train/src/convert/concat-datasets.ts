import { LANDMARK_COUNT, LANDMARK_VALUES } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";

/** Data sets of the same classes, one after the other. */
export function concatDatasets(datasets: readonly Dataset[], classes: readonly string[]): Dataset {
  const count = datasets.reduce((sum, dataset) => sum + dataset.count, 0);
  const landmarks = new Float32Array(count * LANDMARK_VALUES);
  const occluded = new Uint8Array(count * LANDMARK_COUNT);
  const labels = new Int32Array(count);
  const names: string[] = [];
  for (const dataset of datasets) {
    landmarks.set(dataset.landmarks, names.length * LANDMARK_VALUES);
    occluded.set(dataset.occluded, names.length * LANDMARK_COUNT);
    labels.set(dataset.labels, names.length);
    for (const name of dataset.names) names.push(name);
  }
  return { classes, count, landmarks, labels, occluded, names };
}
