import type { GraphNode } from "../../graph/types.ts";
import { intOf, intsOf, onlyAttributes } from "../graph/attributes.ts";
import { windowOf } from "../graph/convolution.ts";
import { jobWords, mapDims } from "../plan/job.ts";
import type { Planner } from "../plan/planner.ts";
import { unsupported } from "../unsupported.ts";

/** The largest value under a window; without borders, whose zeros would count. */
export function planMaxPool(planner: Planner, node: GraphNode): void {
  onlyAttributes(node, [
    "kernel_shape",
    "strides",
    "pads",
    "dilations",
    "auto_pad",
    "ceil_mode",
    "storage_order",
  ]);
  const [height = 0, width = 0, ...more] = intsOf(node, "kernel_shape", []);
  const window = windowOf(node, [height, width]);
  const isOdd =
    more.length > 0 ||
    window.pads.some((pad) => pad !== 0) ||
    intsOf(node, "dilations", [1, 1]).some((step) => step !== 1) ||
    intOf(node, "ceil_mode", 0) !== 0;
  if (isOdd) throw unsupported("MaxPool with borders, dilations or ceil_mode");
  const input = planner.map(node.inputs[0]!);
  const output = planner.defineMap(node.outputs[0]!, mapDims(window, input, input.dims[1]));
  const job = planner.job(jobWords(window, input, output, undefined, undefined, undefined));
  planner.step((kernel) => kernel.run.maxPool(job));
}
