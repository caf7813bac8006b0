/** The two networks that are raced: the default model, and the reference profile trained for a few epochs on simulated faces. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foldBatchNorm, type Model, readModel, writeModel } from "@emotionnet/core";
import { GraphBuilder } from "@emotionnet/onnx";
import { generateFaces, parseTrainingSpec, trainModel } from "@emotionnet/train";
import { peersFolder } from "./peers.ts";
import { repository } from "./repository.ts";

const defaultModel = join(repository, "models/default/emotionnet.safetensors");
const EPOCHS = 6;

/** The default model: 136-256-128-64-6 unless another was trained. */
export function compactModel(): Model {
  return readModel(readFileSync(defaultModel));
}

/** The 512-wide profile; trained once and kept in bench/.peers. */
export async function referenceModel(log: (line: string) => void): Promise<Model> {
  const path = join(peersFolder, "reference.safetensors");
  if (existsSync(path)) return readModel(readFileSync(path));
  log(`Training the reference profile for ${EPOCHS} epochs …`);
  mkdirSync(peersFolder, { recursive: true });
  const resultsDirectory = join(peersFolder, "reference-run");
  const text = `{random_seed: 1, num_epoch: ${EPOCHS}, dataloader: {batch_size: 256}, model: {model_parameters: {profile: reference}}}`;
  const { model } = await trainModel({
    train: generateFaces({ persons: 400, samplesPerPerson: 50, seed: 101 }),
    validation: generateFaces({ persons: 40, samplesPerPerson: 50, seed: 102 }),
    spec: parseTrainingSpec(text, "reference"),
    resultsDirectory,
  });
  rmSync(resultsDirectory, { recursive: true });
  writeFileSync(path, writeModel(model));
  return model;
}

/**
 * The bare layers as ONNX: `x` (N × 136, normalised) to `y`. The exported graph also normalises, in many small operators, which costs
 * ONNX Runtime more at batch 1 than the layers; this is its fastest form.
 */
export function layersGraph(model: Model): Uint8Array {
  const graph = new GraphBuilder("layers");
  const layers = foldBatchNorm(model.layers);
  let value = graph.input("x", "float32", ["N", layers[0]!.inputs]);
  for (const [index, { inputs, outputs, kernel, bias }] of layers.entries()) {
    const weights = graph.constant(`kernel${index}`, kernel, [inputs, outputs]);
    value = graph.node("Gemm", [value, weights, graph.constant(`bias${index}`, bias, [outputs])]);
    if (index < layers.length - 1) value = graph.node("Relu", [value]);
  }
  const temperature = graph.constant("temperature", Float32Array.of(model.metadata.temperature), []);
  graph.node("Softmax", [graph.node("Div", [value, temperature])], { axis: { int: 1 } }, "y");
  graph.output("y", "float32", ["N", layers.at(-1)!.outputs]);
  return graph.toModel({ opset: 17 });
}
