export { GraphBuilder } from "./graph/builder.ts";
export type { ElementType, TensorArray } from "./graph/element-type.ts";
export { fromFloat16, LARGEST_FLOAT16, toFloat16 } from "./graph/float16.ts";
export { type OnnxModel, readOnnx, readOnnxMetadata } from "./graph/read.ts";
export type {
  Attribute,
  Attributes,
  Dimension,
  GraphNode,
  Initialiser,
  ModelHeader,
  TensorData,
  ValueInfo,
} from "./graph/types.ts";
export type { Tensor } from "./session/engine.ts";
export { createSession, type GraphSession, type SessionOptions } from "./session/session.ts";
