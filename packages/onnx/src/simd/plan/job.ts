/** A convolution as the words that assembly/job.ts names. */

import { outputSize, type Window } from "../graph/convolution.ts";
import type { Activation } from "../graph/operation.ts";
import type { FeatureMap } from "./values.ts";

export const JOB_WORDS = 34;

const KINDS = { pointwise: 0, separable: 1, gathered: 2, depthwise: 3, passed: 4 } as const;
export type JobKind = keyof typeof KINDS;

const ACTIVATIONS = { none: 0, relu: 1, prelu: 2, gentlePrelu: 3 } as const;
export type JobActivation = keyof typeof ACTIVATIONS;

/** Packed constants of a convolution: addresses in bytes, 0 for what is not there. */
export interface PackedConvolution {
  readonly kind: JobKind;
  /** Inputs of one output across channels. */
  readonly depth: number;
  readonly weights: number;
  readonly depthwiseWeights: number;
  readonly bias: number;
  readonly slopes: number;
  readonly activation: JobActivation;
}

/** The kernel's activation for an activation of the graph. */
export function jobActivation(activation: Activation | undefined): JobActivation {
  if (activation?.type !== "prelu") return activation?.type ?? "none";
  return activation.slopes.every((slope) => slope <= 1) ? "gentlePrelu" : "prelu";
}

/** Room that all convolutions of a plan share. */
export interface Scratch {
  readonly panels: number;
  readonly places: number;
  readonly line: number;
  readonly waste: number;
}

/** Panels of a chunk stay in the first cache, with the tile of weights that they meet. */
const CHUNK_BYTES = 6144;

/** Pixels handled together. */
export function chunkOf(depth: number, pixels: number): number {
  const fitting = Math.floor(CHUNK_BYTES / (4 * depth) / 4) * 4;
  return Math.max(4, Math.min(fitting, Math.ceil(pixels / 4) * 4));
}

/** The words of a job; `packed` is left out for pooling, `scratch` where nothing is kept in between. */
export function jobWords(
  window: Window,
  input: FeatureMap,
  output: FeatureMap,
  packed: PackedConvolution | undefined,
  added: FeatureMap | undefined,
  scratch: Scratch | undefined,
): Int32Array {
  const [images, , height, width] = output.dims;
  const depth = packed?.depth ?? 0;
  const [top, left] = window.pads;
  return Int32Array.of(
    KINDS[packed?.kind ?? "passed"],
    input.origin - top * input.row - left * input.pixel,
    ...[input.pixel, input.row],
    ...[input.pixel * window.strides[1], input.row * window.strides[0], input.image],
    ...[width, height, images],
    depth,
    ...[output.origin, output.pixel, output.row, output.image],
    output.pixel / 4,
    ...[packed?.weights ?? 0, packed?.bias ?? 0, packed?.slopes ?? 0],
    ACTIVATIONS[packed?.activation ?? "none"],
    ...[added?.origin ?? 0, added?.pixel ?? 0, added?.row ?? 0, added?.image ?? 0, (added?.pixel ?? 0) / 4],
    packed?.depthwiseWeights ?? 0,
    ...window.kernel,
    (window.kernel[1] * input.pixel) / 4,
    chunkOf(Math.max(depth, input.pixel / 4), images * height * width),
    ...[scratch?.panels ?? 0, scratch?.places ?? 0, scratch?.line ?? 0, scratch?.waste ?? 0],
  );
}

/** Shape of what a window gives of a map, for `channels` channels. */
export function mapDims(window: Window, input: FeatureMap, channels: number): FeatureMap["dims"] {
  const [images, , height, width] = input.dims;
  return [images, channels, ...outputSize(window, height, width)];
}
