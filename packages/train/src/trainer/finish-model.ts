/** Trained values → a model with everything that travels with it. */

import {
  type AbstainThresholds,
  LANDMARK_VALUES,
  type Model,
  modelSchemeOf,
  type NetworkSpec,
  NORMALISATION,
} from "@emotionnet/core";
import { emptyShape } from "../export/empty-shape.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { layersFromParameters, type ParameterValues } from "../step/parameters.ts";
import { fitPlausibility } from "./fit-plausibility.ts";
import { fitShapeModel } from "./fit-shape-model.ts";
import { fitTemperature } from "./temperature.ts";
import { type Validation, validate } from "./validate.ts";

/** Enough to explain ordinary heads, expressions and turns of the head. */
const SHAPE_COMPONENTS = 24;

/** A model of trained values that only has to give probabilities: temperature 1, no shape model. */
export function draftModel(network: NetworkSpec, values: ParameterValues): Model {
  return {
    metadata: {
      format: "emotionnet-1",
      name: "draft",
      spec: network,
      scheme: modelSchemeOf(network.inputs / 2)!,
      normalisation: NORMALISATION,
      temperature: 1,
      abstain: { confidence: 0, quality: 0 },
      licence: "unknown",
      dataSources: [],
      metrics: {},
      hashes: {},
    },
    layers: layersFromParameters(network, values),
    shape: emptyShape(),
  };
}

/** What the finished model is measured and described with. */
export interface FinishOptions {
  readonly spec: TrainingSpec;
  readonly hashes: Readonly<Record<string, string>>;
  readonly bestEpoch: number;
  readonly threads: number;
  /** Faces trained on, in an epoch. */
  readonly trainCount: number;
  /** Those that shape and plausibility are fitted to: (count × inputs of the network) normalised. */
  readonly trainLandmarks: Float32Array;
  /** No person stands behind the faces. */
  readonly isSimulated: boolean;
  readonly validationLandmarks: Float32Array;
  readonly validationLabels: Int32Array;
}

/** Fits temperature (on the validation data) and shape model (on the training data) and fills in the metadata. */
export async function finishModel(
  network: NetworkSpec,
  values: ParameterValues,
  options: FinishOptions,
): Promise<{ readonly model: Model; readonly validation: Validation }> {
  const { spec, validationLandmarks, validationLabels, threads, trainLandmarks, trainCount } = options;
  const card = spec.model_card;
  const draft = draftModel(network, values);
  const before = await validate(draft, validationLandmarks, validationLabels, threads);
  const temperature = fitTemperature(before.probabilities, validationLabels);
  const calibrated: Model = { ...draft, metadata: { ...draft.metadata, temperature } };
  const validation = await validate(calibrated, validationLandmarks, validationLabels, threads);
  const prefix = options.isSimulated ? "simulated.validation" : "validation";
  const shapeLandmarks = firstPoints(trainLandmarks, network.inputs);
  const shape = fitShapeModel(shapeLandmarks, SHAPE_COMPONENTS);
  return {
    validation,
    model: {
      ...calibrated,
      metadata: {
        ...calibrated.metadata,
        name: card.name,
        abstain: thresholdsOf(card),
        licence: card.licence,
        dataSources: card.data_sources,
        metrics: {
          [`${prefix}.loss`]: validation.loss,
          [`${prefix}.accuracy`]: validation.accuracy,
          [`${prefix}.macroF1`]: validation.macroF1,
          [`${prefix}.samples`]: validationLabels.length,
          "training.samples": trainCount,
          "training.epochs": options.bestEpoch,
        },
        hashes: options.hashes,
      },
      shape: { ...shape, plausibility: fitPlausibility(shape, shapeLandmarks) },
    },
  };
}

/** The first 68 points of every face: what the shape model looks at. The same array when there are no more. */
function firstPoints(landmarks: Float32Array, values: number): Float32Array {
  if (values === LANDMARK_VALUES) return landmarks;
  const count = landmarks.length / values;
  const first = new Float32Array(count * LANDMARK_VALUES);
  for (let face = 0; face < count; face++) {
    const start = face * values;
    first.set(landmarks.subarray(start, start + LANDMARK_VALUES), face * LANDMARK_VALUES);
  }
  return first;
}

function thresholdsOf(card: TrainingSpec["model_card"]): AbstainThresholds {
  return {
    confidence: card.abstain_confidence,
    quality: card.abstain_quality,
    yaw: card.abstain_yaw,
    size: card.abstain_size,
  };
}
