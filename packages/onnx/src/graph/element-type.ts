/** Element types of tensors: their ONNX numbers and the JavaScript arrays that hold them. */

import { EmotionNetError } from "@emotionnet/core";

/** `TensorProto.DataType` of onnx.proto. */
export const ELEMENT_CODES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
} as const;

export type ElementType = keyof typeof ELEMENT_CODES;

/** Arrays of tensor elements. `bool` is held in a Uint8Array (0 or 1), `float16` in a Uint16Array of its bits. */
export type TensorArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

const arrayClasses = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

/** The array class that holds elements of `type`. */
export function arrayClassOf<Type extends ElementType>(type: Type): (typeof arrayClasses)[Type] {
  return arrayClasses[type];
}

/** The element type that an array stands for when none is named (Uint8Array is uint8, Uint16Array uint16). */
export function elementTypeOf(data: TensorArray): ElementType {
  for (const [type, ArrayClass] of Object.entries(arrayClasses)) {
    if (data instanceof ArrayClass) return type as ElementType;
  }
  throw new EmotionNetError("onnx-graph", {
    got: "data that is not a typed array of numbers",
    wanted: `one of ${Object.keys(arrayClasses).join(", ")}`,
    mend: "Pass a Float32Array, Int32Array, BigInt64Array or another typed array.",
  });
}

/** @throws EmotionNetError `onnx-graph` for a code that this package does not handle. */
export function elementTypeOfCode(code: number): ElementType {
  for (const [type, known] of Object.entries(ELEMENT_CODES)) {
    if (known === code) return type as ElementType;
  }
  throw new EmotionNetError("onnx-graph", {
    got: `element type number ${code}`,
    wanted: `one of ${Object.keys(ELEMENT_CODES).join(", ")}`,
    mend: "Convert the model to one of these element types.",
  });
}

/** Number of elements of a shape without symbols. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
