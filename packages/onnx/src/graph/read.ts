/** The bytes of an ONNX file → what it takes, gives and holds. Reads files of other writers too. */

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { EmotionNetError } from "@emotionnet/core";
import { arrayClassOf, elementCount, elementTypeOfCode, type TensorArray } from "./element-type.ts";
import {
  DIMENSION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET,
  SHAPE,
  STRING_ENTRY,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from "./fields.ts";
import type { Dimension, Initialiser, ValueInfo } from "./types.ts";

/** What a model file says about itself. */
export interface OnnxModel {
  readonly producer: string;
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initialisers: readonly Initialiser[];
  /** Number of operators by type, such as { Gemm: 6, Relu: 5 }. */
  readonly operators: Readonly<Record<string, number>>;
  readonly nodeCount: number;
}

/**
 * Reads a model file without running it.
 * @throws EmotionNetError `onnx-graph` when the bytes are not a complete ONNX model.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  try {
    return readModel(new BinaryReader(bytes));
  } catch (cause) {
    if (cause instanceof EmotionNetError) throw cause;
    throw damaged(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/**
 * The metadata properties of a model file.
 * @throws EmotionNetError `onnx-graph` when the bytes are not a complete ONNX model.
 */
export function readOnnxMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  return readOnnx(bytes).metadata;
}

function readModel(reader: BinaryReader): OnnxModel {
  let producer = "";
  let opset = 0;
  let graph: GraphContents | undefined;
  const metadata: Record<string, string> = {};
  readFields(reader, {
    [MODEL.producerName]: (part) => {
      producer = part.string();
    },
    [MODEL.opsetImport]: (part) => {
      const { domain, version } = readOperatorSet(nested(part));
      if (domain === "" || domain === "ai.onnx") opset = version;
    },
    [MODEL.metadataProps]: (part) => {
      const [key, value] = readStringEntry(nested(part));
      metadata[key] = value;
    },
    [MODEL.graph]: (part) => {
      graph = readGraph(nested(part));
    },
  });
  if (!graph || opset === 0) throw damaged("no graph or no operator set in it");
  return { producer, opset, metadata, ...graph };
}

type GraphContents = Omit<OnnxModel, "producer" | "opset" | "metadata">;

function readGraph(reader: BinaryReader): GraphContents {
  let name = "";
  let nodeCount = 0;
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initialisers: Initialiser[] = [];
  const operators: Record<string, number> = {};
  readFields(reader, {
    [GRAPH.name]: (part) => {
      name = part.string();
    },
    [GRAPH.node]: (part) => {
      const opType = readOpType(nested(part));
      operators[opType] = (operators[opType] ?? 0) + 1;
      nodeCount++;
    },
    [GRAPH.initialiser]: (part) => {
      initialisers.push(readInitialiser(nested(part)));
    },
    [GRAPH.input]: (part) => {
      inputs.push(readValueInfo(nested(part)));
    },
    [GRAPH.output]: (part) => {
      outputs.push(readValueInfo(nested(part)));
    },
  });
  return { name, inputs, outputs, initialisers, operators, nodeCount };
}

function readOpType(reader: BinaryReader): string {
  let opType = "";
  readFields(reader, {
    [NODE.opType]: (part) => {
      opType = part.string();
    },
  });
  return opType;
}

function readInitialiser(reader: BinaryReader): Initialiser {
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

function readValueInfo(reader: BinaryReader): ValueInfo {
  let name = "";
  let code = 0;
  const dims: Dimension[] = [];
  readFields(reader, {
    [VALUE_INFO.name]: (part) => {
      name = part.string();
    },
    [VALUE_INFO.type]: (part) => {
      readFields(nested(part), {
        [TYPE.tensorType]: (tensor) => {
          readFields(nested(tensor), {
            [TENSOR_TYPE.elementType]: (field) => {
              code = field.int32();
            },
            [TENSOR_TYPE.shape]: (shape) => {
              readFields(nested(shape), {
                [SHAPE.dim]: (dim) => {
                  dims.push(readDimension(nested(dim)));
                },
              });
            },
          });
        },
      });
    },
  });
  return { name, type: elementTypeOfCode(code), dims };
}

function readDimension(reader: BinaryReader): Dimension {
  let dimension: Dimension = "?";
  readFields(reader, {
    [DIMENSION.value]: (part) => {
      dimension = Number(part.int64());
    },
    [DIMENSION.parameter]: (part) => {
      dimension = part.string();
    },
  });
  return dimension;
}

function readOperatorSet(reader: BinaryReader): { domain: string; version: number } {
  let domain = "";
  let version = 0;
  readFields(reader, {
    [OPERATOR_SET.domain]: (part) => {
      domain = part.string();
    },
    [OPERATOR_SET.version]: (part) => {
      version = Number(part.int64());
    },
  });
  return { domain, version };
}

function readStringEntry(reader: BinaryReader): [key: string, value: string] {
  const entry: [string, string] = ["", ""];
  readFields(reader, {
    [STRING_ENTRY.key]: (part) => {
      entry[0] = part.string();
    },
    [STRING_ENTRY.value]: (part) => {
      entry[1] = part.string();
    },
  });
  return entry;
}

type FieldReader = (reader: BinaryReader, wire: WireType) => void;

/** Walks through one message; fields without a reader are skipped. */
function readFields(reader: BinaryReader, fields: Readonly<Record<number, FieldReader>>): void {
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const read = fields[field];
    if (read) read(reader, wire);
    else reader.skip(wire, field);
  }
}

function nested(reader: BinaryReader): BinaryReader {
  return new BinaryReader(reader.bytes());
}

function damaged(what: string, cause?: unknown): EmotionNetError {
  return new EmotionNetError(
    "onnx-graph",
    {
      got: `bytes that are not a complete ONNX model (${what})`,
      wanted: "the whole of an ONNX file",
      mend: "Copy or write the file again, or check that it is an ONNX model.",
    },
    { cause },
  );
}
