/** The model that training starts from. */

import { EmotionNetError, type Model } from "@emotionnet/core";
import { readTrainableModel } from "../key/read-model-file.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";

/**
 * The model at `pretrained_model_path`, or nothing.
 * @param key opens a sealed one
 * @throws EmotionNetError like `readTrainableModel`; `model-not-found` names the key of the spec.
 */
export async function pretrainedModel(
  spec: TrainingSpec,
  key: string | undefined,
  log: (line: string) => void,
): Promise<Model | undefined> {
  const { pretrained_model_path: path, frozen_blocks: frozen } = spec.model.model_parameters;
  if (!path) {
    if (frozen > 0) log(`frozen_blocks ${frozen} has no effect without pretrained_model_path.`);
    return undefined;
  }
  try {
    return await readTrainableModel(path, key);
  } catch (cause) {
    if (!(cause instanceof EmotionNetError && cause.code === "model-not-found")) throw cause;
    throw new EmotionNetError(
      "model-not-found",
      {
        got: `no readable file at ${path}`,
        wanted: "the model named by pretrained_model_path",
        mend: "Check the path, or set it to null to start from random weights.",
      },
      { cause },
    );
  }
}
