/** Weights out of an ONNX file: to start training from, and to export again. */

import {
  BATCH_NORM_EPSILON,
  type DenseWeights,
  EmotionNetError,
  foldBatchNorm,
  layerShapes,
  type Model,
  metadataFromText,
  type NetworkSpec,
} from "@emotionnet/core";
import { type OnnxModel, readOnnx } from "@emotionnet/onnx";
import { denseChain, type FoundLayer } from "./dense-chain.ts";
import { emptyShape } from "./empty-shape.ts";

export interface OnnxWeights {
  /** As the network wants them: with batch norm in hidden layers if it has it, else folded. */
  readonly layers: DenseWeights[];
  /** One line a layer: where it came from and what became of it. */
  readonly report: string[];
  /** Layers (from 0) whose batch norm is not the file's but one that changes nothing. */
  readonly addedNorms: readonly number[];
}

/**
 * The layers of an ONNX classifier of the same architecture, matched in order. Files of this project's export and of
 * tf2onnx are read (see `denseChain`). A hidden layer without batch norm gets one that changes nothing.
 * @throws EmotionNetError `onnx-graph` for bytes that are no ONNX model, `model-shape` with the layers wanted and found,
 * `model-classes` when the file names other classes.
 */
export function modelFromOnnx(bytes: Uint8Array, network: NetworkSpec): OnnxWeights {
  const graph = readOnnx(bytes);
  assertNotQuantised(graph);
  assertClasses(graph, network);
  const found = denseChain(graph, network.inputs);
  const wanted = layerShapes(network);
  const shapeText = (shapes: readonly (readonly [number, number])[]) =>
    shapes.map(([inputs, outputs]) => `${inputs} x ${outputs}`).join(", ") || "none";
  const foundShapes = found.map(({ inputs, outputs }) => [inputs, outputs] as const);
  if (shapeText(foundShapes) !== shapeText(wanted)) {
    throw new EmotionNetError("model-shape", {
      got: `an ONNX file with the dense layers ${shapeText(foundShapes)}`,
      wanted: shapeText(wanted),
      mend: "Give hidden_layers and class_list of the spec as in the file, or name another pretrained model.",
    });
  }
  const layers = found.map((layer, index) =>
    fitted(layer, network.batchNorm && index < network.hidden.length),
  );
  return {
    layers,
    report: found.map((layer, index) => describeLayer(layer, layers[index]!, index)),
    addedNorms: layers.flatMap((layer, index) => (layer.batchNorm && !found[index]!.batchNorm ? index : [])),
  };
}

/**
 * The model inside a file that this project exported, to be exported again. It has no shape model, which ONNX files do not hold.
 * @throws EmotionNetError like `modelFromOnnx`; `model-metadata` for files of other tools.
 */
export function readDeployedModel(bytes: Uint8Array): Model {
  const metadata = metadataFromText(readOnnx(bytes).metadata);
  const { layers } = modelFromOnnx(bytes, metadata.spec);
  const head = layers.pop()!;
  const undivided = (values: Float32Array) => values.map((value) => value * metadata.temperature);
  return {
    metadata,
    layers: [...layers, { ...head, kernel: undivided(head.kernel), bias: undivided(head.bias) }],
    shape: emptyShape(),
  };
}

function fitted({ parts: _, ...layer }: FoundLayer, wantsBatchNorm: boolean): DenseWeights {
  if (!wantsBatchNorm) return foldBatchNorm([layer])[0]!;
  return layer.batchNorm ? layer : { ...layer, batchNorm: identityBatchNorm(layer.outputs) };
}

/** γ(x − 0)/√(σ² + ε) + 0 = x. */
function identityBatchNorm(outputs: number): NonNullable<DenseWeights["batchNorm"]> {
  return {
    gamma: new Float32Array(outputs).fill(1),
    beta: new Float32Array(outputs),
    mean: new Float32Array(outputs),
    variance: new Float32Array(outputs).fill(1 - BATCH_NORM_EPSILON),
  };
}

function describeLayer(found: FoundLayer, { batchNorm }: DenseWeights, index: number): string {
  const shape = `${found.inputs} x ${found.outputs}`;
  const norm = batchNorm
    ? `, batch norm ${found.batchNorm ? "as in the file" : "added (changes nothing)"}`
    : found.batchNorm
      ? ", batch norm folded in"
      : "";
  return `Layer ${index + 1} (${shape}): ${found.parts.join(", then ")}${norm}`;
}

function assertNotQuantised({ operators }: OnnxModel): void {
  const quantised = ["DequantizeLinear", "QLinearMatMul", "MatMulInteger"].find((name) => operators[name]);
  if (quantised === undefined) return;
  throw new EmotionNetError("model-shape", {
    got: `an ONNX file with int8 weights (${quantised})`,
    wanted: "float weights, which int8 has rounded away",
    mend: "Give the fp32 export, or the model it was made from.",
  });
}

/** Only files of this project name their classes. */
function assertClasses({ metadata }: OnnxModel, network: NetworkSpec): void {
  if (metadata.format === undefined) return;
  const { classes } = metadataFromText(metadata).spec;
  if (classes.join() === network.classes.join()) return;
  throw new EmotionNetError("model-classes", {
    got: `an ONNX file of the classes ${classes.join(", ")}`,
    wanted: network.classes.join(", "),
    mend: "Give class_list as in the file, in the same order, or name another pretrained model.",
  });
}
