/** The network as data: how many layers of which width, in plain numbers. */

import { EXPRESSIONS } from "../expressions.ts";
import { LANDMARK_VALUES } from "../landmarks/scheme.ts";

/**
 * inputs → (dense → batch norm → ReLU → dropout) × hidden.length → dense → softmax.
 * The same in training (batch norm and dropout active) and inference (folded, off).
 */
export interface NetworkSpec {
  /** Numbers in one face: 136 for 68 points; see `landmarkValues`. */
  readonly inputs: number;
  /** Width of each hidden layer. */
  readonly hidden: readonly number[];
  /** Class names; the order is the order of the outputs. */
  readonly classes: readonly string[];
  readonly batchNorm: boolean;
  /** Fraction of activations dropped in training, 0..1 (1 excluded). */
  readonly dropout: number;
}

/** Hidden widths by name. `reference` is the size of the original (1.13 M parameters). */
export const PROFILES = {
  reference: [512, 512, 512, 512, 512],
  compact: [256, 128, 64],
  small: [128, 64],
} as const satisfies Record<string, readonly number[]>;

export type ProfileName = keyof typeof PROFILES;

/** A spec with the project's defaults: six classes, batch norm, dropout 0.3. */
export function networkSpec(hidden: readonly number[], overrides: Partial<NetworkSpec> = {}): NetworkSpec {
  return {
    inputs: LANDMARK_VALUES,
    hidden,
    classes: EXPRESSIONS,
    batchNorm: true,
    dropout: 0.3,
    ...overrides,
  };
}

/** [inputs, outputs] of every dense layer, the head last. */
export function layerShapes(spec: NetworkSpec): [inputs: number, outputs: number][] {
  const widths = [spec.inputs, ...spec.hidden, spec.classes.length];
  return widths.slice(1).map((outputs, index) => [widths[index]!, outputs]);
}

/** Number of stored values: kernels, biases, and four numbers a unit for batch norm. */
export function parameterCount(spec: NetworkSpec): number {
  const dense = layerShapes(spec).reduce((sum, [inputs, outputs]) => sum + inputs * outputs + outputs, 0);
  const units = spec.hidden.reduce((sum, width) => sum + width, 0);
  return dense + (spec.batchNorm ? 4 * units : 0);
}
