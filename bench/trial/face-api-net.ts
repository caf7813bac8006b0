/**
 * face-api's net of 68 points (`@vladmandic/face-api`, MIT) as an ONNX model, for the trial of a second landmark source.
 * The package holds weights without a graph; the graph is the one of its `FaceLandmark68Net`: four blocks of four
 * convolutions, each block adding up what its layers give, then one dense layer.
 */

import { GraphBuilder } from "@emotionnet/onnx";
import { type Constant, Layers, permuted } from "#packages/vision/dist/convert/layers.js";

/** Side of the square picture that the net reads. */
export const FACE_API_SIZE = 112;

/** Mean colours that the net was trained without. */
const MEAN_COLOUR = [122.782, 117.001, 104.298];

interface WeightJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization: { readonly dtype: "uint8"; readonly scale: number; readonly min: number };
}

/**
 * Weights and their manifest → ONNX bytes. Input `pixels` (N, 112, 112, 3), 0..255, RGB; output `points` (N, 136): x, y as
 * shares of the picture's side.
 */
export function convertFaceApi(manifest: string, bytes: Uint8Array): Uint8Array {
  const weights = readWeights(manifest, bytes);
  const graph = new GraphBuilder("face-api-68");
  const layers = new Layers(graph, "native");
  const pixels = graph.input("pixels", "float32", ["N", FACE_API_SIZE, FACE_API_SIZE, 3]);
  const mean = graph.constant("mean_colour", Float32Array.from(MEAN_COLOUR), [3]);
  const unit = graph.node("Div", [graph.node("Sub", [pixels, mean]), graph.scalar("to_unit", 255)]);
  const shape = { channels: 3, height: FACE_API_SIZE, width: FACE_API_SIZE };
  let value = layers.channelsFirst(unit, shape);
  for (let block = 0; block < 4; block++) value = addBlock(layers, weights, value, block);
  const pooled = graph.node("AveragePool", [value], {
    kernel_shape: { ints: [7, 7] },
    strides: { ints: [2, 2] },
  });
  const flat = graph.node("Flatten", [pooled]);
  const dense = graph.node("MatMul", [flat, layers.weights(weights("fc/weights"))]);
  const points = graph.node("Add", [dense, layers.weights(weights("fc/bias"))], {}, "points");
  graph.output(points, "float32", ["N", 136]);
  return graph.toModel({ metadata: { source: "@vladmandic/face-api, MIT" } });
}

type Weights = (name: string) => Constant;

function addBlock(layers: Layers, weights: Weights, input: string, block: number): string {
  const convolved = (value: string, layer: number, stride: number) => {
    const name = `dense${block}/conv${layer}`;
    const strides = [stride, stride] as const;
    const bias = weights(`${name}/bias`);
    if (block === 0 && layer === 0) {
      const kernel = permuted(weights(`${name}/filters`), [3, 2, 0, 1]);
      return layers.convolution(value, kernel, bias, { strides, padding: "SAME" });
    }
    const depth = permuted(weights(`${name}/depthwise_filter`), [2, 3, 0, 1]);
    const point = permuted(weights(`${name}/pointwise_filter`), [3, 2, 0, 1]);
    const spread = layers.convolution(value, depth, undefined, { strides, padding: "SAME" }, depth.dims[0]);
    return layers.convolution(spread, point, bias, { strides: [1, 1], padding: "SAME" });
  };
  let total = layers.relu(convolved(input, 0, 2));
  // The total of the block so far goes through a ReLU and into the next layer.
  let next = total;
  for (let layer = 1; layer < 4; layer++) {
    total = layers.add(total, convolved(next, layer, 1));
    next = layers.relu(total);
  }
  return next;
}

function readWeights(manifest: string, bytes: Uint8Array): Weights {
  const groups = JSON.parse(manifest) as readonly { readonly weights: readonly WeightJson[] }[];
  const constants = new Map<string, Constant>();
  let offset = 0;
  for (const { name, shape, quantization } of groups.flatMap(({ weights }) => weights)) {
    const length = shape.reduce((size, dim) => size * dim, 1);
    const data = Float32Array.from(
      bytes.subarray(offset, offset + length),
      (level) => level * quantization.scale + quantization.min,
    );
    constants.set(name, { name, type: "float32", dims: shape, data });
    offset += length;
  }
  return (name) => {
    const constant = constants.get(name);
    if (!constant) throw new Error(`The weights of face-api hold no ${name}.`);
    return constant;
  };
}
