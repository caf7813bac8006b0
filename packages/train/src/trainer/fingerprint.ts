/** What must be equal for a run to be continued bit for bit. */

import { createHash } from "node:crypto";
import type { Model } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";

/** SHA-256 over everything that steers the weights: the spec without paths and texts, the seed, the data, the weights started from. */
export function fingerprintOf(
  spec: TrainingSpec,
  seed: number,
  datasets: readonly Dataset[],
  pretrained: Model | undefined,
): string {
  const { checkpoint_dir, log_every_n_secs, model_card, dataloader, evaluator, ...steering } = spec;
  const hash = createHash("sha256");
  hash.update(JSON.stringify({ ...steering, batch_size: dataloader.batch_size, seed }));
  const add = (values: Float32Array | Int32Array) =>
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  for (const { landmarks, labels } of datasets) {
    add(landmarks);
    add(labels);
  }
  for (const { kernel, bias } of pretrained?.layers ?? []) {
    add(kernel);
    add(bias);
  }
  return hash.digest("hex");
}
