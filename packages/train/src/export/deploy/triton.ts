/** A model repository for NVIDIA's Triton server. */

import type { NetworkSpec } from "@emotionnet/core";
import { CLASSIFIER_INPUT, CLASSIFIER_OUTPUT } from "../classifier-graph.ts";
import type { FolderFile } from "./write-folder.ts";

/** How many faces Triton puts into a run. */
export interface BatchSizes {
  /** Most faces of one run. */
  readonly largest: number;
  /** What Triton waits for before it runs earlier. */
  readonly preferred: number;
}

/** What a server has to know of a network. */
export type DeployedSpec = Pick<NetworkSpec, "inputs" | "classes">;

/** Name of the model and its folder. */
const MODEL_NAME = "emotionnet";
/** Longest wait for others to join a batch: far below one frame at 30 frames a second. */
const QUEUE_DELAY_MICROSECONDS = 500;

/**
 * The files of a model repository for `tritonserver --model-repository=DIR`: `emotionnet/{config.pbtxt,labels.txt,1/model.onnx}`.
 * Requests give `input_landmarks:0` (n × 1 × 136 × 1) and get `softmax/Softmax:0` (n × classes), with names by the
 * classification extension. Source of the form: Triton's model_config.proto.
 */
export function tritonFiles(onnx: Uint8Array, spec: DeployedSpec, batch: BatchSizes): FolderFile[] {
  return [
    { path: `${MODEL_NAME}/1/model.onnx`, content: onnx },
    { path: `${MODEL_NAME}/config.pbtxt`, content: tritonConfig(spec, batch) },
    { path: `${MODEL_NAME}/labels.txt`, content: `${spec.classes.join("\n")}\n` },
  ];
}

function tritonConfig({ inputs, classes }: DeployedSpec, { largest, preferred }: BatchSizes): string {
  return `name: "${MODEL_NAME}"
platform: "onnxruntime_onnx"
max_batch_size: ${largest}
input [
  {
    name: "${CLASSIFIER_INPUT}"
    data_type: TYPE_FP32
    dims: [ 1, ${inputs}, 1 ]
  }
]
output [
  {
    name: "${CLASSIFIER_OUTPUT}"
    data_type: TYPE_FP32
    dims: [ ${classes.length} ]
    label_filename: "labels.txt"
  }
]
dynamic_batching {
  preferred_batch_size: [ ${preferred} ]
  max_queue_delay_microseconds: ${QUEUE_DELAY_MICROSECONDS}
}
`;
}
