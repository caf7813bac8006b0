/** Reads the one kind of FlexBuffers value that TensorFlow Lite's custom operators keep their options in: a flat map. */

/** `flexbuffers::Type`, those in use here. */
const TYPE = { int: 1, uint: 2, float: 3, intVector: 11, uintVector: 12 } as const;

/** Map of names to numbers and lists of numbers. */
export function readFlexMap(bytes: Uint8Array): ReadonlyMap<string, number | number[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rootWidth = view.getUint8(bytes.length - 1);
  const rootWidthBits = view.getUint8(bytes.length - 2) & 3;
  const rootPosition = bytes.length - 2 - rootWidth;
  const values = rootPosition - readUnsigned(view, rootPosition, rootWidth);
  const width = 1 << rootWidthBits;
  const size = readUnsigned(view, values - width, width);
  const keyWidth = readUnsigned(view, values - 2 * width, width);
  const keys = values - 3 * width - readUnsigned(view, values - 3 * width, width);
  const types = values + size * width;
  const map = new Map<string, number | number[]>();
  for (let index = 0; index < size; index++) {
    const keyPosition = keys + index * keyWidth;
    const key = readKey(bytes, keyPosition - readUnsigned(view, keyPosition, keyWidth));
    map.set(key, readValue(view, values + index * width, width, view.getUint8(types + index)));
  }
  return map;
}

/** `packedType` is the type in its upper six bits and, for vectors, the logarithm of the element width in the others. */
function readValue(view: DataView, position: number, width: number, packedType: number): number | number[] {
  const type = packedType >> 2;
  if (type === TYPE.int) return readSigned(view, position, width);
  if (type === TYPE.uint) return readUnsigned(view, position, width);
  if (type === TYPE.float) return view.getFloat32(position, true);
  if (type === TYPE.intVector || type === TYPE.uintVector) {
    const readElement = type === TYPE.intVector ? readSigned : readUnsigned;
    const start = position - readUnsigned(view, position, width);
    const elementWidth = 1 << (packedType & 3);
    const length = readUnsigned(view, start - elementWidth, elementWidth);
    return Array.from({ length }, (_, index) =>
      readElement(view, start + index * elementWidth, elementWidth),
    );
  }
  throw new RangeError(`FlexBuffers type ${type}`);
}

function readUnsigned(view: DataView, position: number, width: number): number {
  if (width === 1) return view.getUint8(position);
  return width === 2 ? view.getUint16(position, true) : view.getUint32(position, true);
}

function readSigned(view: DataView, position: number, width: number): number {
  if (width === 1) return view.getInt8(position);
  return width === 2 ? view.getInt16(position, true) : view.getInt32(position, true);
}

function readKey(bytes: Uint8Array, start: number): string {
  return new TextDecoder().decode(bytes.subarray(start, bytes.indexOf(0, start)));
}
