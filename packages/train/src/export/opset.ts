/** Which ONNX operator sets the exported graph can be written in. */

import { EmotionNetError } from "@emotionnet/core";
import type { DataType } from "./classifier-graph.ts";

/** The newest that TensorRT 8.5 and later, ONNX Runtime and current Triton all take. */
export const DEFAULT_OPSET = 17;
/** From 18 on, axes of reductions are inputs; nothing that runs 18 refuses 17. */
const NEWEST_OPSET = 17;
/** 10 brought Slice with ranges as inputs and is the original's; 13 brought scales for each output of a layer. */
const OLDEST_OPSET: Readonly<Record<DataType, number>> = { fp32: 10, fp16: 10, int8: 13 };

/** @throws EmotionNetError `usage` for an operator set in which the graph cannot be written. */
export function assertOpset(opset: number, dataType: DataType): void {
  const oldest = OLDEST_OPSET[dataType];
  if (Number.isInteger(opset) && opset >= oldest && opset <= NEWEST_OPSET) return;
  throw new EmotionNetError("usage", {
    got: `the operator set ${opset} for ${dataType}`,
    wanted: `a whole number from ${oldest} to ${NEWEST_OPSET}`,
    mend: "Leave --opset out, or give one in that range.",
  });
}
