/** Walking through protobuf messages of ONNX files. */

import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import { EmotionNetError } from "@emotionnet/core";

export type FieldReader = (reader: BinaryReader, wire: WireType) => void;

/** Walks through one message; fields without a reader are skipped. */
export function readFields(reader: BinaryReader, fields: Readonly<Record<number, FieldReader>>): void {
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const read = fields[field];
    if (read) read(reader, wire);
    else reader.skip(wire, field);
  }
}

/** The message inside a field. */
export function nested(reader: BinaryReader): BinaryReader {
  return new BinaryReader(reader.bytes());
}

/** The error for bytes that are no whole ONNX model. */
export function damaged(what: string, cause?: unknown): EmotionNetError {
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
