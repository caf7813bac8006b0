/** A TensorFlow Lite file → its one graph as plain data. Field numbers are those of TensorFlow's schema.fbs. */

import { FlatTable } from "./flatbuffer.ts";

/** `TensorType` of schema.fbs, those in use here. */
const TENSOR_TYPES = ["float32", "float16", "int32"] as const;

export type TfliteType = (typeof TENSOR_TYPES)[number];

export interface TfliteTensor {
  readonly index: number;
  readonly name: string;
  readonly type: TfliteType;
  readonly dims: readonly number[];
  /** Bytes of a constant; empty for what operators compute. */
  readonly bytes: Uint8Array;
}

export interface TfliteOperator {
  /** Number in `BuiltinOperator` of schema.fbs; 32 for a custom operator. */
  readonly code: number;
  /** Name of a custom operator, else empty. */
  readonly customName: string;
  /** Indices of tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
  readonly customOptions: Uint8Array;
}

export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly TfliteOperator[];
}

/** Reads the first graph of a .tflite file. */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const model = FlatTable.root(bytes);
  const codes = model.tables(1).map((code) => ({
    // Files older than the 32-bit field keep the number in the 8-bit one; the larger is right.
    code: Math.max(code.int8(0), code.int32(3)),
    customName: code.text(1),
  }));
  const buffers = model.tables(4).map((buffer) => buffer.bytes(0));
  const graph = model.tables(2)[0]!;
  const tensors = graph.tables(0).map((tensor, index) => ({
    index,
    name: tensor.text(3),
    type: tensorType(tensor.int8(1)),
    dims: tensor.int32s(0),
    bytes: buffers[tensor.int32(2)]!,
  }));
  const operators = graph.tables(3).map((operator) => ({
    ...codes[operator.int32(0)]!,
    inputs: operator.int32s(1),
    outputs: operator.int32s(2),
    options: operator.table(4),
    customOptions: operator.bytes(5),
  }));
  return { tensors, inputs: graph.int32s(1), outputs: graph.int32s(2), operators };
}

function tensorType(number: number): TfliteType {
  const type = TENSOR_TYPES[number];
  if (!type) throw new RangeError(`tensor type ${number}`);
  return type;
}
