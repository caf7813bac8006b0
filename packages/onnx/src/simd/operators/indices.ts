/** Which number of one array stands at which place of another: broadcasting and everything that only moves numbers. */

import { elementCount } from "../../graph/element-type.ts";
import { unsupported } from "../unsupported.ts";

/** The shape of which both are parts, by ONNX's rules of broadcasting. */
export function broadcastDims(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [sizeA = 1, sizeB = 1] = [a[axis - rank + a.length], b[axis - rank + b.length]];
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1)
      throw unsupported(`the shapes [${a}] and [${b}] together`);
    return Math.max(sizeA, sizeB);
  });
}

/** For every place of the shape `to`, the index in an array of the shape `from` that is spread over it. */
export function broadcastIndices(from: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  const spread = to.map((_, axis) => ((from[axis - missing] ?? 1) === 1 ? 0 : strides[axis - missing]!));
  return walk(to, spread, 0);
}

/** Index of every place of a shape whose axes have these strides. */
export function walk(dims: readonly number[], strides: readonly number[], first: number): Int32Array {
  const indices = new Int32Array(elementCount(dims));
  const place = dims.map(() => 0);
  let at = first;
  for (let index = 0; index < indices.length; index++) {
    indices[index] = at;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++place[axis]! < dims[axis]!) break;
      at -= strides[axis]! * dims[axis]!;
      place[axis] = 0;
    }
  }
  return indices;
}

/** Distance from one number to the next along every axis. */
export function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
}

/** An axis counted from the front; negative ones count from the end. */
export function axisOf(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (counted < 0 || counted >= rank) throw unsupported(`the axis ${axis} of ${rank} dimensions`);
  return counted;
}
