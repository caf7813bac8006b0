/** A trained model against a labelled data set. */

import { EmotionNetError, landmarkValues, type Model } from "@emotionnet/core";
import { type Dataset, faceValues } from "../dataset/dataset.ts";
import { normalisedLandmarks } from "../dataset/normalised-landmarks.ts";
import { evaluateAnswers, type ModelEvaluation } from "./evaluate-answers.ts";
import { agreedClasses, modelPredictor, type Predictor } from "./predictor.ts";

export interface EvaluateOptions {
  readonly model: Model;
  /** Its classes must be the model's, in the model's order. */
  readonly dataset: Dataset;
}

/**
 * Classifies every sample by the classifier that users run and scores the answers.
 * @throws EmotionNetError `model-classes` when model and data set disagree about the classes, `dataset-empty`
 */
export async function evaluateModel({ model, dataset }: EvaluateOptions): Promise<ModelEvaluation> {
  return (await evaluatePredictor(await modelPredictor(model), dataset)).evaluation;
}

/**
 * The same for a model of any file, with its answers: (count × classes).
 * @param onProgress as in `Predictor.predict`
 */
export async function evaluatePredictor(
  predictor: Predictor,
  dataset: Dataset,
  onProgress?: (done: number) => void,
): Promise<{ readonly evaluation: ModelEvaluation; readonly probabilities: Float32Array }> {
  const classes = agreedClasses(predictor, dataset.classes);
  if (dataset.count === 0) {
    throw new EmotionNetError("dataset-empty", {
      got: "a data set without samples",
      wanted: "at least one labelled face",
      mend: "Name another file, or make the set larger.",
    });
  }
  if (faceValues(dataset) !== landmarkValues(predictor.scheme)) {
    throw new EmotionNetError("landmarks-count", {
      got: `data of ${faceValues(dataset) / 2} points a face`,
      wanted: `${landmarkValues(predictor.scheme) / 2}, as the model takes`,
      mend: "Read the records with the scheme of the model.",
    });
  }
  const probabilities = await predictor
    .predict(dataset.landmarks, dataset.count, onProgress)
    .catch((error) => {
      // Says which face it is by its name.
      if (error instanceof EmotionNetError && error.code === "landmarks-degenerate")
        normalisedLandmarks(dataset);
      throw error;
    });
  return { evaluation: evaluateAnswers(probabilities, dataset.labels, classes), probabilities };
}
