/** What must be equal for a run to be continued bit for bit. */

import { createHash } from "node:crypto";
import type { Model } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import type { DrawnTraining } from "../generator/drawn-faces.ts";
import { faceParameters } from "../generator/face-parameters.ts";
import { GENERATOR_VERSION } from "../generator/synthesise.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";

/** SHA-256 over everything that steers the weights: the spec without paths and texts, the seed, the data, the weights started from. */
export function fingerprintOf(
  spec: TrainingSpec,
  seed: number,
  sources: readonly (Dataset | DrawnTraining)[],
  pretrained: Model | undefined,
): string {
  const { checkpoint_dir, log_every_n_secs, model_card, dataloader, evaluator, ...steering } = spec;
  const hash = createHash("sha256");
  hash.update(JSON.stringify({ ...steering, batch_size: dataloader.batch_size, seed }));
  const add = (values: Float32Array | Int32Array) =>
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  for (const source of sources) {
    if ("sets" in source) {
      const generator = { version: GENERATOR_VERSION, parameters: faceParameters().hash };
      hash.update(JSON.stringify({ sets: source.sets, generator }));
      continue;
    }
    add(source.landmarks);
    add(source.labels);
  }
  for (const { kernel, bias } of pretrained?.layers ?? []) {
    add(kernel);
    add(bias);
  }
  return hash.digest("hex");
}
