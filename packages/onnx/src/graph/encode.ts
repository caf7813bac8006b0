/** Graph data → the bytes of an ONNX file. One function a message type. */

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { ELEMENT_CODES } from "./element-type.ts";
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
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
import type { Attribute, Dimension, Graph, GraphNode, ModelHeader, TensorData, ValueInfo } from "./types.ts";

/** The file format version that each operator set came with, from the newest; older readers refuse newer versions. */
const IR_VERSIONS: readonly [opset: number, irVersion: number][] = [
  [15, 8],
  [12, 7],
  [11, 6],
  [10, 5],
  [9, 4],
];
/** The oldest version in which constants need not be inputs too. */
const OLDEST_IR_VERSION = 4;

export function encodeModel(graph: Graph, header: ModelHeader): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, MODEL.irVersion, irVersionOf(header.opset));
  text(writer, MODEL.producerName, header.producer);
  text(writer, MODEL.producerVersion, header.producerVersion);
  message(writer, MODEL.graph, () => writeGraph(writer, graph));
  message(writer, MODEL.opsetImport, () => {
    text(writer, OPERATOR_SET.domain, "");
    int(writer, OPERATOR_SET.version, header.opset);
  });
  for (const [key, value] of Object.entries(header.metadata)) {
    message(writer, MODEL.metadataProps, () => {
      text(writer, STRING_ENTRY.key, key);
      text(writer, STRING_ENTRY.value, value);
    });
  }
  return writer.finish();
}

function irVersionOf(opset: number): number {
  return IR_VERSIONS.find(([first]) => opset >= first)?.[1] ?? OLDEST_IR_VERSION;
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const [index, node] of graph.nodes.entries()) {
    message(writer, GRAPH.node, () => writeNode(writer, node, `${node.opType}_${index}`));
  }
  text(writer, GRAPH.name, graph.name);
  for (const initialiser of graph.initialisers) {
    message(writer, GRAPH.initialiser, () => {
      writeTensor(writer, initialiser);
      text(writer, TENSOR.name, initialiser.name);
    });
  }
  for (const input of graph.inputs) message(writer, GRAPH.input, () => writeValueInfo(writer, input));
  for (const output of graph.outputs) message(writer, GRAPH.output, () => writeValueInfo(writer, output));
}

function writeNode(writer: BinaryWriter, node: GraphNode, name: string): void {
  for (const input of node.inputs) text(writer, NODE.input, input);
  for (const output of node.outputs) text(writer, NODE.output, output);
  text(writer, NODE.name, name);
  text(writer, NODE.opType, node.opType);
  for (const [key, attribute] of Object.entries(node.attributes)) {
    message(writer, NODE.attribute, () => {
      text(writer, ATTRIBUTE.name, key);
      writeAttributeValue(writer, attribute);
    });
  }
}

function writeAttributeValue(writer: BinaryWriter, attribute: Attribute): void {
  if ("int" in attribute) {
    int(writer, ATTRIBUTE.int, attribute.int);
    int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  } else if ("float" in attribute) {
    float(writer, ATTRIBUTE.float, attribute.float);
    int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  } else if ("string" in attribute) {
    text(writer, ATTRIBUTE.string, attribute.string);
    int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  } else if ("ints" in attribute) {
    for (const value of attribute.ints) int(writer, ATTRIBUTE.ints, value);
    int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  } else if ("floats" in attribute) {
    for (const value of attribute.floats) float(writer, ATTRIBUTE.floats, value);
    int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.floats);
  } else {
    message(writer, ATTRIBUTE.tensor, () => writeTensor(writer, attribute.tensor));
    int(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.tensor);
  }
}

function writeTensor(writer: BinaryWriter, { type, dims, data }: TensorData): void {
  for (const size of dims) int(writer, TENSOR.dims, size);
  int(writer, TENSOR.dataType, ELEMENT_CODES[type]);
  writer.tag(TENSOR.rawData, WireType.LengthDelimited);
  writer.bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo(writer: BinaryWriter, value: ValueInfo): void {
  text(writer, VALUE_INFO.name, value.name);
  message(writer, VALUE_INFO.type, () => {
    message(writer, TYPE.tensorType, () => {
      int(writer, TENSOR_TYPE.elementType, ELEMENT_CODES[value.type]);
      message(writer, TENSOR_TYPE.shape, () => {
        for (const dim of value.dims) message(writer, SHAPE.dim, () => writeDimension(writer, dim));
      });
    });
  });
}

function writeDimension(writer: BinaryWriter, dim: Dimension): void {
  if (typeof dim === "number") int(writer, DIMENSION.value, dim);
  else text(writer, DIMENSION.parameter, dim);
}

function message(writer: BinaryWriter, field: number, writeFields: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  writeFields();
  writer.join();
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function float(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Bit32).float(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
