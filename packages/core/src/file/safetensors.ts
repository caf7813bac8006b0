/**
 * The safetensors format: eight bytes of header length, a JSON header, then the values of all tensors without gaps.
 * Written bytes depend on the content alone: tensors are ordered by element size (largest first, so all are aligned),
 * then by name. Values are little endian, as on every platform that has typed arrays in use today.
 * Source: https://github.com/huggingface/safetensors#format
 */

import { EmotionNetError } from "../errors.ts";
import { platform } from "../platform.ts";

const ARRAY_TYPES = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const satisfies Record<keyof ArrayOfType, unknown>;

export type TensorType = keyof typeof ARRAY_TYPES;

interface ArrayOfType {
  F64: Float64Array;
  I64: BigInt64Array;
  F32: Float32Array;
  I32: Int32Array;
  U8: Uint8Array;
}

/** One named array; `data.length` is the product of `shape` (1 for a scalar, shape []). */
export type Tensor = {
  [Type in TensorType]: {
    readonly type: Type;
    readonly shape: readonly number[];
    readonly data: ArrayOfType[Type];
  };
}[TensorType];

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Free text by name, `__metadata__` in the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const METADATA_KEY = "__metadata__";
const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
/** The limit of the reference implementation. */
const MAXIMUM_HEADER_BYTES = 100_000_000;

/**
 * Tensors and metadata → the bytes of a file.
 * @throws EmotionNetError `model-shape` when a shape and its values disagree.
 */
export function writeSafetensors(file: TensorFile): Uint8Array<ArrayBuffer> {
  const names = [...file.tensors.keys()].sort((one, other) => {
    const difference = elementSize(file.tensors.get(other)!.type) - elementSize(file.tensors.get(one)!.type);
    return difference || (one < other ? -1 : 1);
  });
  const header: [string, unknown][] = [];
  const metadata = Object.entries(file.metadata).sort(([one], [other]) => (one < other ? -1 : 1));
  if (metadata.length > 0) header.push([METADATA_KEY, Object.fromEntries(metadata)]);
  let size = 0;
  for (const name of names) {
    const { type, shape, data } = file.tensors.get(name)!;
    if (name === METADATA_KEY || !isShape(shape) || elementCount(shape) !== data.length) {
      throw shapeError(name, `${data.length} values of shape ${JSON.stringify(shape)}`);
    }
    header.push([name, { dtype: type, shape, data_offsets: [size, size + data.byteLength] }]);
    size += data.byteLength;
  }
  const json = new platform.TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(json, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerLength;
  for (const name of names) {
    const { data } = file.tensors.get(name)!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * The bytes of a file → its tensors (copies) and metadata.
 * @throws EmotionNetError `model-damaged` for a file that is cut short or no safetensors file, or whose tensors overlap or
 * leave gaps; `model-shape` when a shape does not fit its bytes. The message names the tensor.
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  const { header, dataStart } = readHeader(bytes);
  const dataLength = bytes.length - dataStart;
  const entries: HeaderEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA_KEY) metadata = readMetadata(value);
    else entries.push(readEntry(name, value, dataLength));
  }
  assertContiguous(entries, dataLength);
  const tensors = new Map<string, Tensor>();
  for (const { name, type, shape, begin, end } of entries) {
    // The copy starts on an aligned address, whatever the offset in the file.
    const { buffer } = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { type, shape, data: new ARRAY_TYPES[type](buffer) } as Tensor);
  }
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) throw damaged(`${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  const rest = bytes.length - LENGTH_BYTES;
  if (length > BigInt(Math.min(rest, MAXIMUM_HEADER_BYTES))) {
    throw damaged(`a header of ${length} bytes in a file that has ${rest} bytes after its length`);
  }
  const dataStart = LENGTH_BYTES + Number(length);
  let header: unknown;
  try {
    const text = new platform.TextDecoder("utf-8", { fatal: true }).decode(
      bytes.slice(LENGTH_BYTES, dataStart),
    );
    header = JSON.parse(text);
  } catch (cause) {
    throw damaged("a header that is not JSON", cause);
  }
  if (!isRecord(header)) throw damaged("a header that is not a JSON object");
  return { header, dataStart };
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw damaged("metadata that is not a JSON object");
  const wrong = Object.entries(value).find(([, text]) => typeof text !== "string");
  if (wrong) throw damaged(`metadata "${wrong[0]}" that is not text`);
  return value as Record<string, string>;
}

function readEntry(name: string, value: unknown, dataLength: number): HeaderEntry {
  if (!isRecord(value)) throw damaged(`tensor "${name}" without a description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(ARRAY_TYPES, dtype)) {
    throw damaged(`tensor "${name}" of type ${JSON.stringify(dtype)}`);
  }
  if (!isShape(shape)) throw shapeError(name, `the shape ${JSON.stringify(shape)}`);
  if (!isShape(offsets) || offsets.length !== 2) {
    throw damaged(`tensor "${name}" with the offsets ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataLength) {
    throw damaged(`tensor "${name}" at bytes ${begin} to ${end} of ${dataLength}`);
  }
  const type = dtype as TensorType;
  if (elementCount(shape) * elementSize(type) !== end - begin) {
    throw shapeError(name, `${end - begin} bytes of ${type} for the shape ${JSON.stringify(shape)}`);
  }
  return { name, type, shape, begin, end };
}

function assertContiguous(entries: readonly HeaderEntry[], dataLength: number): void {
  let position = 0;
  for (const { name, begin, end } of entries.toSorted(
    (one, other) => one.begin - other.begin || one.end - other.end,
  )) {
    if (begin !== position) {
      const problem = begin < position ? "overlaps the tensor before it" : "leaves a gap before it";
      throw damaged(`tensor "${name}" that ${problem} (byte ${begin} instead of ${position})`);
    }
    position = end;
  }
  if (position !== dataLength) throw damaged(`${dataLength - position} bytes after the last tensor`);
}

function elementSize(type: TensorType): number {
  return ARRAY_TYPES[type].BYTES_PER_ELEMENT;
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(got: string, cause?: unknown): EmotionNetError {
  const parts = {
    got,
    wanted: "a complete safetensors file",
    mend: "The file is damaged or no model; fetch or train it again.",
  };
  return new EmotionNetError("model-damaged", parts, { cause });
}

function shapeError(name: string, got: string): EmotionNetError {
  return new EmotionNetError("model-shape", {
    got: `tensor "${name}" with ${got}`,
    wanted: "a shape of whole numbers that fits the number of values",
    mend: "The file is damaged or was written by a faulty program; fetch or train it again.",
  });
}
