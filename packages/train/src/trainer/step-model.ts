/** A model from the middle of a run: it gives probabilities and says what it is, but is not calibrated and never abstains. */

import type { Model, ModelMetadata, NetworkSpec } from "@emotionnet/core";
import type { TrainingSpec } from "../spec/training-spec.ts";
import type { ParameterValues } from "../step/parameters.ts";
import { draftModel } from "./finish-model.ts";

/** @param hashes of what it is made from */
export function stepModel(
  network: NetworkSpec,
  values: ParameterValues,
  { model_card: card }: TrainingSpec,
  hashes: ModelMetadata["hashes"],
): Model {
  const draft = draftModel(network, values);
  const { name, licence, data_sources: dataSources } = card;
  return { ...draft, metadata: { ...draft.metadata, name, licence, dataSources, hashes } };
}
