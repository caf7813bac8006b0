/** A trained model against a labelled data set. */

import { EmotionNetError, type Model } from "@emotionnet/core";
import type { Dataset } from "../dataset/dataset.ts";
import { predictDataset } from "../trainer/predict.ts";
import { evaluateAnswers, type ModelEvaluation } from "./evaluate-answers.ts";

export interface EvaluateOptions {
  readonly model: Model;
  /** Its classes must be the model's, in the model's order. */
  readonly dataset: Dataset;
}

/**
 * Classifies every sample by the exported graph and scores the answers.
 * @throws EmotionNetError `model-classes` when model and data set disagree about the classes, `dataset-empty`
 */
export async function evaluateModel({ model, dataset }: EvaluateOptions): Promise<ModelEvaluation> {
  const { classes } = model.metadata.spec;
  if (classes.join() !== dataset.classes.join()) {
    throw new EmotionNetError("model-classes", {
      got: `a model of ${classes.join(", ")} and a data set of ${dataset.classes.join(", ")}`,
      wanted: "the same classes in the same order",
      mend: "Use the spec file that the model was trained with.",
    });
  }
  if (dataset.count === 0) {
    throw new EmotionNetError("dataset-empty", {
      got: "a data set without samples",
      wanted: "at least one labelled face",
      mend: "Name another file, or make the set larger.",
    });
  }
  return evaluateAnswers(await predictDataset(model, dataset), dataset.labels, classes);
}
