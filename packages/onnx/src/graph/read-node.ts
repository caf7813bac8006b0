/** Operator calls inside ONNX files. */

import { type BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { ATTRIBUTE, ATTRIBUTE_TYPE, NODE } from "./fields.ts";
import { readTensor } from "./read-tensor.ts";
import type { Attribute, GraphNode } from "./types.ts";
import { nested, readFields } from "./wire.ts";

/** A NodeProto; attributes of kinds that this package does not know (subgraphs, lists of texts) are left out. */
export function readNode(reader: BinaryReader): GraphNode {
  let opType = "";
  let domain = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, Attribute> = {};
  readFields(reader, {
    [NODE.input]: (part) => {
      inputs.push(part.string());
    },
    [NODE.output]: (part) => {
      outputs.push(part.string());
    },
    [NODE.opType]: (part) => {
      opType = part.string();
    },
    [NODE.domain]: (part) => {
      domain = part.string();
    },
    [NODE.attribute]: (part) => {
      const [name, attribute] = readAttribute(nested(part));
      if (attribute) attributes[name] = attribute;
    },
  });
  const isOwn = domain === "" || domain === "ai.onnx";
  return { opType, inputs, outputs, attributes, ...(isOwn ? {} : { domain }) };
}

function readAttribute(reader: BinaryReader): [name: string, attribute: Attribute | undefined] {
  let name = "";
  let type = 0;
  // A value of zero may be left out of the file: only the type says that it is there.
  let int = 0;
  let float = 0;
  let string = "";
  let tensor: Attribute | undefined;
  const ints: number[] = [];
  const floats: number[] = [];
  readFields(reader, {
    [ATTRIBUTE.name]: (part) => {
      name = part.string();
    },
    [ATTRIBUTE.type]: (part) => {
      type = part.int32();
    },
    [ATTRIBUTE.int]: (part) => {
      int = Number(part.int64());
    },
    [ATTRIBUTE.float]: (part) => {
      float = part.float();
    },
    [ATTRIBUTE.string]: (part) => {
      string = part.string();
    },
    [ATTRIBUTE.tensor]: (part) => {
      tensor = { tensor: readTensor(nested(part)) };
    },
    [ATTRIBUTE.ints]: (part, wire) => {
      const packed = wire === WireType.LengthDelimited ? nested(part) : undefined;
      if (!packed) ints.push(Number(part.int64()));
      else while (packed.pos < packed.len) ints.push(Number(packed.int64()));
    },
    [ATTRIBUTE.floats]: (part, wire) => {
      const packed = wire === WireType.LengthDelimited ? nested(part) : undefined;
      if (!packed) floats.push(part.float());
      else while (packed.pos < packed.len) floats.push(packed.float());
    },
  });
  const values: Record<number, Attribute | undefined> = {
    [ATTRIBUTE_TYPE.int]: { int },
    [ATTRIBUTE_TYPE.float]: { float },
    [ATTRIBUTE_TYPE.string]: { string },
    [ATTRIBUTE_TYPE.tensor]: tensor,
    [ATTRIBUTE_TYPE.ints]: { ints },
    [ATTRIBUTE_TYPE.floats]: { floats },
  };
  return [name, values[type]];
}
