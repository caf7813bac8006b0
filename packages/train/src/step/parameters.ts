/** The numbers that training moves: their names and shapes, their start, and their way from and to a model's layers. */

import { type BatchNormWeights, type DenseWeights, layerShapes, type NetworkSpec } from "@emotionnet/core";
import type { Random } from "../generator/random.ts";

export type ParameterRole = "kernel" | "bias" | "gamma" | "beta" | "mean" | "variance";

export interface Parameter {
  /** `dense0.kernel`, `dense0.gamma`, … */
  readonly name: string;
  readonly layer: number;
  readonly role: ParameterRole;
  readonly dims: readonly number[];
}

/** Values by parameter name. */
export type ParameterValues = ReadonlyMap<string, Float32Array>;

/** Roles that gradients move; the running statistics follow the batches instead. */
export function isTrainable({ role }: Parameter): boolean {
  return role !== "mean" && role !== "variance";
}

export function parameterName(layer: number, role: ParameterRole): string {
  return `dense${layer}.${role}`;
}

/** All parameters of a network, layer by layer. A hidden layer has batch norm or a bias: a bias before batch norm has no effect. */
export function parametersOf(spec: NetworkSpec): Parameter[] {
  return layerShapes(spec).flatMap(([inputs, outputs], layer) => {
    const hasBatchNorm = spec.batchNorm && layer < spec.hidden.length;
    const roles: ParameterRole[] = hasBatchNorm ? ["gamma", "beta", "mean", "variance"] : ["bias"];
    return [
      { name: parameterName(layer, "kernel"), layer, role: "kernel", dims: [inputs, outputs] },
      ...roles.map((role) => ({ name: parameterName(layer, role), layer, role, dims: [outputs] })),
    ] satisfies Parameter[];
  });
}

/** Fresh values: kernels uniform in ±√(6/(inputs + outputs)) (Glorot and Bengio, 2010; Keras' default), scales 1, shifts 0. */
export function initialParameters(spec: NetworkSpec, random: Random): Map<string, Float32Array> {
  return new Map(
    parametersOf(spec).map(({ name, role, dims }) => {
      const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
      if (role === "gamma" || role === "variance") values.fill(1);
      if (role === "kernel") {
        const limit = Math.sqrt(6 / (dims[0]! + dims[1]!));
        for (let index = 0; index < values.length; index++)
          values[index] = limit * (2 * random.uniform() - 1);
      }
      return [name, values];
    }),
  );
}

/** Values → layers of a model (copies). */
export function layersFromParameters(spec: NetworkSpec, values: ParameterValues): DenseWeights[] {
  return layerShapes(spec).map(([inputs, outputs], layer) => {
    const copyOf = (role: ParameterRole) => values.get(parameterName(layer, role))?.slice();
    const kernel = copyOf("kernel")!;
    const [gamma, beta, mean, variance] = [
      copyOf("gamma"),
      copyOf("beta"),
      copyOf("mean"),
      copyOf("variance"),
    ];
    const bias = copyOf("bias") ?? new Float32Array(outputs);
    if (!gamma || !beta || !mean || !variance) return { inputs, outputs, kernel, bias };
    return { inputs, outputs, kernel, bias, batchNorm: { gamma, beta, mean, variance } };
  });
}

/** Layers of a model of the same spec → values (copies); a bias before batch norm goes into the running mean. */
export function parametersFromLayers(layers: readonly DenseWeights[]): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  layers.forEach(({ kernel, bias, batchNorm }, layer) => {
    values.set(parameterName(layer, "kernel"), kernel.slice());
    if (!batchNorm) {
      values.set(parameterName(layer, "bias"), bias.slice());
      return;
    }
    const shifted: BatchNormWeights = {
      ...batchNorm,
      mean: batchNorm.mean.map((mean, unit) => mean - bias[unit]!),
    };
    for (const role of ["gamma", "beta", "mean", "variance"] as const) {
      values.set(parameterName(layer, role), shifted[role].slice());
    }
  });
  return values;
}
