export { GraphBuilder } from "./graph/builder.ts";
export type { ElementType, TensorArray } from "./graph/element-type.ts";
export { type OnnxModel, readOnnx, readOnnxMetadata } from "./graph/read.ts";
export type {
  Attribute,
  Attributes,
  Dimension,
  Initialiser,
  ModelHeader,
  TensorData,
  ValueInfo,
} from "./graph/types.ts";
export type { Tensor } from "./session/engine.ts";
export { createSession, type GraphSession, type SessionOptions } from "./session/session.ts";
