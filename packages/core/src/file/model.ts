/** A trained model as data: its layers and everything that must travel with them. */

import type { ModelScheme } from "../landmarks/scheme.ts";
import type { NetworkSpec } from "../network/spec.ts";
import type { DenseWeights } from "../network/weights.ts";

/** When an answer is `unknown`. */
export interface AbstainThresholds {
  /** Least largest probability, 0..1; 0 switches the rule off. */
  readonly confidence: number;
  /** Least quality of the landmarks, 0..1; 0 switches the rule off. */
  readonly quality: number;
  /** Largest turn of the head to either side, in degrees, 0..90; off when absent or 90. */
  readonly yaw?: number;
  /** Least distance of the outer eye corners, in pixels; off when absent or 0. Used only for points known to be in pixels. */
  readonly size?: number;
}

/** Stored in the metadata of every model file, as JSON. */
export interface ModelMetadata {
  /** Format name and version; readers refuse others. */
  readonly format: "emotionnet-1";
  readonly name: string;
  readonly spec: NetworkSpec;
  /** Landmark scheme of the input; its points are `spec.inputs` numbers. */
  readonly scheme: ModelScheme;
  /** Name of the normalisation the network was trained with; see `normalise.ts`. */
  readonly normalisation: string;
  /** Logits are divided by it before softmax; 1 when not calibrated. */
  readonly temperature: number;
  readonly abstain: AbstainThresholds;
  readonly licence: string;
  /** One line a source of the training data, with its own licence. */
  readonly dataSources: readonly string[];
  /** Measured figures by name, for example { "validation.accuracy": 0.94 }; simulated ones say so in their name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** SHA-256 by name of what made the model: training data, spec file. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * What normal landmarks look like, learned in training: normalised landmarks are explained by a mean and orthonormal
 * components; what is left over, against what was left over in training, gives the quality. It looks at the first 68 points
 * of every scheme.
 */
export interface ShapeModel {
  /** (136) */
  readonly mean: Float32Array;
  /** (components × 136), orthonormal rows. */
  readonly components: Float32Array;
  readonly componentCount: number;
  /** Root-mean-square residual of training landmarks: [median, 99th percentile]. */
  readonly residual: readonly [typical: number, worst: number];
  /** How ordinary shapes inside the components are, by the turn of the head; without it only the residual counts. */
  readonly plausibility?: Plausibility;
}

/** What ordinary faces look like at every turn of the head. */
export interface Plausibility {
  /** (components) variance of training landmarks along each component, above 0. */
  readonly variances: Float32Array;
  /** (137) yaw in degrees = turn[136] + Σ turn[i] · (x[i] − mean[i]). */
  readonly turn: Float32Array;
  /** At least one, by ascending yaw. */
  readonly limits: readonly ShapeLimits[];
}

/** [median, 99th percentile] of training landmarks whose head is turned by about `yaw` degrees to either side. */
export interface ShapeLimits {
  readonly yaw: number;
  readonly residual: readonly [typical: number, worst: number];
  readonly distance: readonly [typical: number, worst: number];
}

export interface Model {
  readonly metadata: ModelMetadata;
  /** Hidden layers in order, the head last. */
  readonly layers: readonly DenseWeights[];
  readonly shape: ShapeModel;
}
