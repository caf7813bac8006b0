/** A model ↔ the bytes of its safetensors file. Tensors are named as Keras names them, layers counted from 1. */

import { EmotionNetError } from "../errors.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";
import { layerShapes, type NetworkSpec } from "../network/spec.ts";
import type { BatchNormWeights, DenseWeights } from "../network/weights.ts";
import type { Model, ModelMetadata, ShapeModel } from "./model.ts";
import { checkMetadata, metadataFromText, metadataToText } from "./model-metadata.ts";
import { checkPlausibility, plausibilityTensors, takePlausibility } from "./plausibility-tensors.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "./safetensors.ts";

/** Where each part of a layer's batch norm is stored. */
const BATCH_NORM_NAMES = {
  gamma: "gamma",
  beta: "beta",
  mean: "moving_mean",
  variance: "moving_variance",
} as const satisfies Record<keyof BatchNormWeights, string>;

const SHAPE_MEAN = "shape/mean";
const SHAPE_COMPONENTS = "shape/components";
const SHAPE_RESIDUAL = "shape/residual";

/**
 * The bytes of a model's `.safetensors` file; equal models give equal bytes.
 * @throws EmotionNetError like {@link readModel}: what could not be read back is not written.
 */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const { metadata, layers, shape } = checkModel(model);
  const { spec } = metadata;
  const tensors = new Map<string, Tensor>();
  const add = (name: string, size: readonly number[], data: Float32Array) =>
    tensors.set(name, { type: "F32", shape: size, data });
  layers.forEach((layer, index) => {
    add(`${denseName(spec, index)}/kernel`, [layer.inputs, layer.outputs], layer.kernel);
    add(`${denseName(spec, index)}/bias`, [layer.outputs], layer.bias);
    if (!layer.batchNorm) return;
    for (const [part, name] of batchNormNames(index)) add(name, [layer.outputs], layer.batchNorm[part]);
  });
  add(SHAPE_MEAN, [LANDMARK_VALUES], shape.mean);
  add(SHAPE_COMPONENTS, [shape.componentCount, LANDMARK_VALUES], shape.components);
  tensors.set(SHAPE_RESIDUAL, { type: "F64", shape: [2], data: new Float64Array(shape.residual) });
  for (const [name, tensor] of plausibilityTensors(shape.plausibility)) tensors.set(name, tensor);
  return writeSafetensors({ tensors, metadata: metadataToText(metadata) });
}

/**
 * The bytes of a `.safetensors` file → the model, everything checked.
 * @throws EmotionNetError `model-damaged` (not a complete file, or values that are not finite), `model-shape` (a layer is
 * missing or of another shape than the spec says), `model-classes` or `model-metadata`; each names what is wrong.
 */
export function readModel(bytes: Uint8Array): Model {
  const { tensors, metadata: text } = readSafetensors(bytes);
  const metadata = metadataFromText(text);
  const { spec } = metadata;
  checkClassCount(spec, tensors.get("softmax/bias")?.data.length);
  const used = new Set<string>();
  const take = (name: string, size: readonly number[], type: Tensor["type"] = "F32") => {
    used.add(name);
    return takeTensor(tensors, name, size, type);
  };
  const layers = layerShapes(spec).map(([inputs, outputs], index): DenseWeights => {
    const kernel = take(`${denseName(spec, index)}/kernel`, [inputs, outputs]) as Float32Array;
    const bias = take(`${denseName(spec, index)}/bias`, [outputs]) as Float32Array;
    if (!hasBatchNorm(spec, index)) return { inputs, outputs, kernel, bias };
    const parts = batchNormNames(index).map(([part, name]) => [part, take(name, [outputs])]);
    return { inputs, outputs, kernel, bias, batchNorm: Object.fromEntries(parts) as BatchNormWeights };
  });
  const componentCount = tensors.get(SHAPE_COMPONENTS)?.shape[0] ?? 0;
  const plausibility = takePlausibility(tensors, componentCount, take);
  const shape: ShapeModel = {
    mean: take(SHAPE_MEAN, [LANDMARK_VALUES]) as Float32Array,
    components: take(SHAPE_COMPONENTS, [componentCount, LANDMARK_VALUES]) as Float32Array,
    componentCount,
    residual: Array.from(take(SHAPE_RESIDUAL, [2], "F64") as Float64Array) as [number, number],
    ...(plausibility ? { plausibility } : {}),
  };
  const stranger = [...tensors.keys()].find((name) => !used.has(name));
  if (stranger !== undefined)
    throw shapeError(stranger, "a tensor of that name", "only the layers of the spec");
  return checkModel({ metadata, layers, shape });
}

/**
 * Returns the model when its layers, statistics and shape model agree with its spec and are finite.
 * @throws EmotionNetError like {@link readModel}.
 */
export function checkModel(model: Model): Model {
  const metadata: ModelMetadata = checkMetadata(model.metadata);
  const { spec } = metadata;
  checkClassCount(spec, model.layers.at(-1)?.outputs);
  const shapes = layerShapes(spec);
  if (model.layers.length !== shapes.length) {
    throw shapeError("layers", `${model.layers.length} layers`, `${shapes.length} as in the spec`);
  }
  model.layers.forEach((layer, index) => {
    checkLayer(spec, layer, index, shapes[index]!);
  });
  checkShapeModel(model.shape);
  return { metadata, layers: model.layers, shape: model.shape };
}

/** A head of another width than the class list has names; a head that is missing is told by its own check. */
function checkClassCount(spec: NetworkSpec, outputs: number | undefined): void {
  const { classes } = spec;
  if (outputs === undefined || outputs === classes.length) return;
  throw new EmotionNetError("model-classes", {
    got: `${classes.length} classes (${classes.join(", ")}) for a network with ${outputs} outputs`,
    wanted: "one name for each output",
    mend: "Train or export the model again with its class names.",
  });
}

function checkLayer(spec: NetworkSpec, layer: DenseWeights, index: number, size: [number, number]): void {
  const [inputs, outputs] = size;
  const name = denseName(spec, index);
  if (layer.inputs !== inputs || layer.outputs !== outputs) {
    throw shapeError(`${name}/kernel`, `${layer.inputs} × ${layer.outputs}`, `${inputs} × ${outputs}`);
  }
  checkValues(`${name}/kernel`, layer.kernel, inputs * outputs);
  checkValues(`${name}/bias`, layer.bias, outputs);
  const { batchNorm } = layer;
  if ((batchNorm !== undefined) !== hasBatchNorm(spec, index)) {
    const [got, wanted] = batchNorm ? ["batch norm", "none"] : ["no batch norm", "batch norm"];
    throw shapeError(name, got!, `${wanted} as in the spec`);
  }
  if (!batchNorm) return;
  for (const [part, tensor] of batchNormNames(index)) checkValues(tensor, batchNorm[part], outputs);
  const negative = batchNorm.variance.find((variance) => variance < 0);
  if (negative !== undefined) throw valueError(`batch_norm_${index + 1}/moving_variance`, negative);
}

function checkShapeModel(shape: ShapeModel): void {
  const { mean, components, componentCount, residual } = shape;
  checkValues(SHAPE_MEAN, mean, LANDMARK_VALUES);
  if (componentCount > LANDMARK_VALUES) {
    throw shapeError(SHAPE_COMPONENTS, `${componentCount} components`, `at most ${LANDMARK_VALUES}`);
  }
  checkValues(SHAPE_COMPONENTS, components, componentCount * LANDMARK_VALUES);
  const [typical, worst] = residual;
  if (!(typical >= 0 && worst >= typical && Number.isFinite(worst))) {
    throw new EmotionNetError("model-damaged", {
      got: `the residuals ${typical} and ${worst} in tensor "${SHAPE_RESIDUAL}"`,
      wanted: "two finite numbers from 0, the second not below the first",
      mend: "The file is damaged; fetch or train it again.",
    });
  }
  if (shape.plausibility) checkPlausibility(shape.plausibility, componentCount);
}

function checkValues(name: string, values: Float32Array, count: number): void {
  if (values.length !== count) throw shapeError(name, `${values.length} values`, `${count}`);
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw valueError(name, wrong);
}

function takeTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  size: readonly number[],
  type: Tensor["type"],
): Tensor["data"] {
  const tensor = tensors.get(name);
  const wanted = `${type} of shape [${size.join(", ")}]`;
  if (!tensor) throw shapeError(name, "nothing", wanted);
  if (tensor.type !== type || tensor.shape.join() !== size.join()) {
    throw shapeError(name, `${tensor.type} of shape [${tensor.shape.join(", ")}]`, wanted);
  }
  return tensor.data;
}

function denseName(spec: NetworkSpec, index: number): string {
  return index < spec.hidden.length ? `dense_${index + 1}` : "softmax";
}

function hasBatchNorm(spec: NetworkSpec, index: number): boolean {
  return spec.batchNorm && index < spec.hidden.length;
}

function batchNormNames(index: number): [part: keyof BatchNormWeights, tensor: string][] {
  const parts = Object.keys(BATCH_NORM_NAMES) as (keyof BatchNormWeights)[];
  return parts.map((part) => [part, `batch_norm_${index + 1}/${BATCH_NORM_NAMES[part]}`]);
}

function shapeError(name: string, got: string, wanted: string): EmotionNetError {
  return new EmotionNetError("model-shape", {
    got: `${got} for "${name}"`,
    wanted,
    mend: "The weights and the spec of the model do not belong together; fetch or train it again.",
  });
}

function valueError(name: string, value: number): EmotionNetError {
  return new EmotionNetError("model-damaged", {
    got: `the value ${value} in tensor "${name}"`,
    wanted: name.endsWith("variance") ? "finite numbers from 0" : "finite numbers",
    mend: "The file is damaged or its training diverged; fetch or train it again.",
  });
}
