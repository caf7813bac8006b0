/**
 * The wire form of `tf.train.Example`: a map from feature names to a list of bytes, floats or int64.
 * Source: tensorflow/core/example/{example,feature}.proto.
 */

import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** One feature; integers must fit in 32 bits. */
export type Feature =
  | { readonly kind: "bytes"; readonly values: readonly Uint8Array[] }
  | { readonly kind: "float"; readonly values: ArrayLike<number> }
  | { readonly kind: "int64"; readonly values: ArrayLike<number> };

const FIELD = { features: 1, entry: 1, key: 1, value: 2, values: 1 } as const;
const LIST = { bytes: 1, float: 2, int64: 3 } as const;
const kindOfList = new Map<number, Feature["kind"]>([
  [LIST.bytes, "bytes"],
  [LIST.float, "float"],
  [LIST.int64, "int64"],
]);

/** Features in the order given → the bytes of an Example. */
export function encodeExample(features: Readonly<Record<string, Feature>>): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(FIELD.features, WireType.LengthDelimited).fork();
  for (const [name, feature] of Object.entries(features)) {
    writer.tag(FIELD.entry, WireType.LengthDelimited).fork();
    writer.tag(FIELD.key, WireType.LengthDelimited).string(name);
    writer.tag(FIELD.value, WireType.LengthDelimited).fork();
    writer.tag(LIST[feature.kind], WireType.LengthDelimited).fork();
    writeValues(writer, feature);
    writer.join().join().join();
  }
  return writer.join().finish();
}

function writeValues(writer: BinaryWriter, feature: Feature): void {
  if (feature.kind === "bytes") {
    for (const value of feature.values) writer.tag(FIELD.values, WireType.LengthDelimited).bytes(value);
    return;
  }
  writer.tag(FIELD.values, WireType.LengthDelimited).fork();
  const { kind, values } = feature;
  for (let index = 0; index < values.length; index++) {
    if (kind === "float") writer.float(values[index]!);
    else writer.int32(values[index]!);
  }
  writer.join();
}

/**
 * The bytes of an Example → its features by name.
 * @throws Error of the protobuf reader when the bytes are no Example.
 */
export function decodeExample(bytes: Uint8Array): Map<string, Feature> {
  const features = new Map<string, Feature>();
  const reader = new BinaryReader(bytes);
  readFields(reader, reader.len, (field) => {
    if (field !== FIELD.features) return false;
    readMessage(reader, (entry) => {
      if (entry !== FIELD.entry) return false;
      readEntry(reader, features);
      return true;
    });
    return true;
  });
  return features;
}

function readEntry(reader: BinaryReader, features: Map<string, Feature>): void {
  let name = "";
  let feature: Feature | undefined;
  readMessage(reader, (field) => {
    if (field === FIELD.key) name = reader.string();
    else if (field === FIELD.value) feature = readFeature(reader);
    else return false;
    return true;
  });
  if (feature) features.set(name, feature);
}

function readFeature(reader: BinaryReader): Feature | undefined {
  let feature: Feature | undefined;
  readMessage(reader, (list) => {
    const kind = kindOfList.get(list);
    if (!kind) return false;
    feature = kind === "bytes" ? readByteStrings(reader) : readNumbers(reader, kind);
    return true;
  });
  return feature;
}

function readByteStrings(reader: BinaryReader): Feature {
  const values: Uint8Array[] = [];
  readMessage(reader, (field) => {
    if (field !== FIELD.values) return false;
    values.push(reader.bytes());
    return true;
  });
  return { kind: "bytes", values };
}

/** Numbers may be packed (one block) or come one by one; TensorFlow reads and writes both. */
function readNumbers(reader: BinaryReader, kind: "float" | "int64"): Feature {
  const values: number[] = [];
  const readOne = () => values.push(kind === "float" ? reader.float() : reader.int32());
  readMessage(reader, (field, wireType) => {
    if (field !== FIELD.values) return false;
    if (wireType !== WireType.LengthDelimited) readOne();
    else {
      const end = reader.uint32() + reader.pos;
      while (reader.pos < end) readOne();
    }
    return true;
  });
  return { kind, values };
}

type ReadField = (field: number, wireType: WireType) => boolean;

function readMessage(reader: BinaryReader, readField: ReadField): void {
  const length = reader.uint32();
  readFields(reader, reader.pos + length, readField);
}

/** Reads fields up to `end`; `readField` says whether it took the value, else it is skipped. */
function readFields(reader: BinaryReader, end: number, readField: ReadField): void {
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (!readField(field, wireType)) reader.skip(wireType);
  }
  if (reader.pos !== end) throw new RangeError("a field reaches past the end of its message");
}
