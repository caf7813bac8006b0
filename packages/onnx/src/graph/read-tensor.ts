/** Tensors inside ONNX files: constants of the graph and of attributes. */

import { type BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { arrayClassOf, elementCount, elementTypeOfCode, type TensorArray } from "./element-type.ts";
import { TENSOR } from "./fields.ts";
import type { Initialiser } from "./types.ts";
import { damaged, nested, readFields } from "./wire.ts";

/** A TensorProto; one inside an attribute has an empty name. */
export function readTensor(reader: BinaryReader): Initialiser {
  let name = "";
  let code = 0;
  let raw: Uint8Array | undefined;
  const dims: number[] = [];
  const values: (number | bigint)[] = [];
  const readAll = (readOne: (part: BinaryReader) => number | bigint | string, wire: WireType) => {
    return (part: BinaryReader, given: WireType) => {
      const packed = given === WireType.LengthDelimited && wire !== given ? nested(part) : undefined;
      if (!packed) values.push(readOne(part) as number | bigint);
      else while (packed.pos < packed.len) values.push(readOne(packed) as number | bigint);
    };
  };
  readFields(reader, {
    [TENSOR.dims]: (part, wire) => {
      const packed = wire === WireType.LengthDelimited ? nested(part) : undefined;
      if (!packed) dims.push(Number(part.int64()));
      else while (packed.pos < packed.len) dims.push(Number(packed.int64()));
    },
    [TENSOR.dataType]: (part) => {
      code = part.int32();
    },
    [TENSOR.name]: (part) => {
      name = part.string();
    },
    [TENSOR.rawData]: (part) => {
      raw = part.bytes();
    },
    [TENSOR.floatData]: readAll((part) => part.float(), WireType.Bit32),
    [TENSOR.doubleData]: readAll((part) => part.double(), WireType.Bit64),
    [TENSOR.int32Data]: readAll((part) => part.int32(), WireType.Varint),
    [TENSOR.int64Data]: readAll((part) => part.int64(), WireType.Varint),
    [TENSOR.uint64Data]: readAll((part) => part.uint64(), WireType.Varint),
    [TENSOR.dataLocation]: (part) => {
      if (part.int32() !== 0) throw damaged("weights kept in another file");
    },
  });
  const type = elementTypeOfCode(code);
  const ArrayClass = arrayClassOf(type);
  const data = raw ? fromRaw(raw, ArrayClass) : fromValues(values, ArrayClass);
  if (data.length !== elementCount(dims)) {
    throw damaged(`${data.length} numbers in "${name}" of shape [${dims.join(", ")}]`);
  }
  return { name, type, dims, data };
}

type ArrayClass = ReturnType<typeof arrayClassOf>;

function fromRaw(raw: Uint8Array, ArrayClass: ArrayClass): TensorArray {
  if (raw.byteLength % ArrayClass.BYTES_PER_ELEMENT !== 0) throw damaged("a constant cut short");
  // A copy: elements must start at a multiple of their size. (The slice method of Node's Buffer would not copy.)
  return new ArrayClass(new Uint8Array(raw).buffer);
}

function fromValues(values: readonly (number | bigint)[], ArrayClass: ArrayClass): TensorArray {
  const data = new ArrayClass(values.length);
  for (const [index, value] of values.entries()) data[index] = value;
  return data;
}
