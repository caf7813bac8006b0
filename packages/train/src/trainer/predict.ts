/** Probabilities for many landmarks at once. */

import { EmotionNet, type Model } from "@emotionnet/core";
import { createSession } from "@emotionnet/onnx";
import type { Dataset } from "../dataset/dataset.ts";
import { CLASSIFIER_INPUT, CLASSIFIER_OUTPUT, classifierGraph } from "../export/classifier-graph.ts";

const SAMPLES_PER_RUN = 1024;

/** The model's probabilities for every sample of a data set, (count × classes), from the classifier that users run. */
export async function predictDataset(model: Model, dataset: Dataset): Promise<Float32Array> {
  const net = await EmotionNet.load(model);
  return net.classifyBatch(dataset.landmarks, dataset.count);
}

/**
 * The model's probabilities, (count × classes), from the exported graph: the fastest way for many.
 * @param landmarks (count × inputs of the network), any unit @param threads of the engine
 */
export async function predictLandmarks(
  model: Model,
  landmarks: Float32Array,
  threads: number,
): Promise<Float32Array> {
  const { classes, inputs: values } = model.metadata.spec;
  const classCount = classes.length;
  const count = landmarks.length / values;
  const probabilities = new Float32Array(count * classCount);
  const session = await createSession(classifierGraph(model), { threads });
  try {
    for (let start = 0; start < count; start += SAMPLES_PER_RUN) {
      const end = Math.min(start + SAMPLES_PER_RUN, count);
      const rows = landmarks.subarray(start * values, end * values);
      const input = session.tensor("float32", [end - start, 1, values, 1], rows);
      const outputs = await session.run({ [CLASSIFIER_INPUT]: input });
      probabilities.set(outputs[CLASSIFIER_OUTPUT]!.data as Float32Array, start * classCount);
    }
  } finally {
    await session.release();
  }
  return probabilities;
}
