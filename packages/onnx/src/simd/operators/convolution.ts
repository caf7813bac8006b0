/** Convolutions with what is joined to them, and single operators on maps that run the same way. */

import type { Window } from "../graph/convolution.ts";
import type { Activation, ConvolutionOperation } from "../graph/operation.ts";
import { jobActivation, jobWords, mapDims } from "../plan/job.ts";
import { packChannels } from "../plan/pack.ts";
import type { Planner } from "../plan/planner.ts";
import { type FeatureMap, sameDims } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";

/** Every pixel by itself. */
const PIXEL: Window = { kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };

export function planConvolution(planner: Planner, operation: ConvolutionOperation): void {
  const { convolution } = operation;
  const input = planner.map(operation.input);
  if (input.dims[1] !== convolution.inputs) {
    throw unsupported(`${input.dims[1]} channels for a convolution of ${convolution.inputs}`);
  }
  const dims = mapDims(convolution, input, convolution.outputs);
  const added = operation.added === undefined ? undefined : planner.map(operation.added);
  const [images, , height, width] = dims;
  if (added && !sameDims(added.dims, [images, operation.addedChannels, height, width])) {
    throw unsupported(`a map of [${added.dims}] added to one of [${dims}]`);
  }
  const output = planner.defineMap(operation.output, dims);
  const packed = planner.graph.packed.get(operation)!;
  const job = planner.job(jobWords(convolution, input, output, packed, added, planner.graph.scratch));
  planner.step((kernel) => kernel.run.convolve(job));
}

/** Addition and activation of a map that no convolution makes. */
export function planPassed(
  planner: Planner,
  input: FeatureMap,
  added: FeatureMap | undefined,
  activation: Activation | undefined,
  outputName: string,
): void {
  const output = planner.defineMap(outputName, input.dims);
  const packed = {
    kind: "passed",
    ...{ depth: 0, weights: 0, depthwiseWeights: 0 },
    bias: planner.block(packChannels(new Float32Array(input.dims[1]))),
    slopes: activation?.type === "prelu" ? planner.block(packChannels(activation.slopes)) : 0,
    activation: jobActivation(activation),
  } as const;
  const job = planner.job(jobWords(PIXEL, input, output, packed, added, planner.graph.scratch));
  planner.step((kernel) => kernel.run.convolve(job));
}
