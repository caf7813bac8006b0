/** The model that training starts from. */

import { EmotionNetError, type Model, readModel } from "@emotionnet/core";
import { withBatchStatistics } from "../export/batch-statistics.ts";
import { modelFromOnnx } from "../export/model-from-onnx.ts";
import { readModelFile } from "../key/read-model-file.ts";
import { networkOfSpec } from "../spec/read-spec.ts";
import type { TrainingSpec } from "../spec/training-spec.ts";
import { parametersFromLayers } from "../step/parameters.ts";
import { draftModel } from "./finish-model.ts";

/**
 * The model at `pretrained_model_path`, or nothing: a trainable one, or an ONNX classifier of the spec's network.
 * @param key opens a sealed one
 * @param landmarksOf gives (count × inputs of the network) of training faces; batch norm that an ONNX file has folded is fitted to them.
 * @throws EmotionNetError like `readModelFile`, `readModel` and `modelFromOnnx`; `model-not-found` names the key of the spec.
 */
export async function pretrainedModel(
  spec: TrainingSpec,
  key: string | undefined,
  landmarksOf: () => Float32Array,
  log: (line: string) => void,
): Promise<Model | undefined> {
  const { pretrained_model_path: path, frozen_blocks: frozen } = spec.model.model_parameters;
  if (!path) {
    if (frozen > 0) log(`frozen_blocks ${frozen} has no effect without pretrained_model_path.`);
    return undefined;
  }
  try {
    const { format, bytes } = await readModelFile(path, key);
    return format === "onnx" ? onnxModel(bytes, spec, landmarksOf(), log) : readModel(bytes);
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

function onnxModel(
  bytes: Uint8Array,
  spec: TrainingSpec,
  landmarks: Float32Array,
  log: (line: string) => void,
): Model {
  const network = networkOfSpec(spec);
  const { layers, report, addedNorms } = modelFromOnnx(bytes, network);
  log(`Pretrained weights from ONNX: ${layers.length} layers match.`);
  for (const line of report) log(line);
  return draftModel(network, parametersFromLayers(withBatchStatistics(layers, addedNorms, landmarks)));
}
