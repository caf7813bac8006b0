/** The bytes of an ONNX file → what it takes, gives and holds. Reads files of other writers too. */

import { BinaryReader } from "@bufbuild/protobuf/wire";
import { EmotionNetError } from "@emotionnet/core";
import { elementTypeOfCode } from "./element-type.ts";
import {
  DIMENSION,
  GRAPH,
  MODEL,
  OPERATOR_SET,
  SHAPE,
  STRING_ENTRY,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from "./fields.ts";
import { readNode } from "./read-node.ts";
import { readTensor } from "./read-tensor.ts";
import type { Dimension, GraphNode, Initialiser, ValueInfo } from "./types.ts";
import { damaged, nested, readFields } from "./wire.ts";

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
  /** Operator calls in the order of the file, which is one in which they can run. */
  readonly nodes: readonly GraphNode[];
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
  const nodes: GraphNode[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initialisers: Initialiser[] = [];
  const operators: Record<string, number> = {};
  readFields(reader, {
    [GRAPH.name]: (part) => {
      name = part.string();
    },
    [GRAPH.node]: (part) => {
      const node = readNode(nested(part));
      operators[node.opType] = (operators[node.opType] ?? 0) + 1;
      nodes.push(node);
    },
    [GRAPH.initialiser]: (part) => {
      initialisers.push(readTensor(nested(part)));
    },
    [GRAPH.input]: (part) => {
      inputs.push(readValueInfo(nested(part)));
    },
    [GRAPH.output]: (part) => {
      outputs.push(readValueInfo(nested(part)));
    },
  });
  return { name, inputs, outputs, initialisers, nodes, operators, nodeCount: nodes.length };
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
