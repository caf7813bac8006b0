/** Operators that make one number of many: along axes, or of rows and columns. */

import { elementCount } from "../../graph/element-type.ts";
import type { GraphNode } from "../../graph/types.ts";
import { intOf, intsOf } from "../graph/attributes.ts";
import type { Planner } from "../plan/planner.ts";
import { unsupported } from "../unsupported.ts";
import { axisOf, broadcastDims, broadcastIndices, stridesOf, walk } from "./indices.ts";

type Combine = (a: number, b: number) => number;

/** A reduction along axes; `finish` gets the result and the count of numbers in it. */
export function reduction(combine: Combine, finish: Combine = (result) => result) {
  return (planner: Planner, node: GraphNode): void => {
    const input = planner.plain(node.inputs[0]!);
    const { dims } = input;
    // Axes became an input with operator set 13 (ReduceSum) or 18 (the others).
    const given = node.inputs[1] ? planner.integers(node.inputs[1]) : intsOf(node, "axes", [...dims.keys()]);
    const isNothing = given.length === 0 || intOf(node, "noop_with_empty_axes", 0) !== 0;
    if (isNothing) throw unsupported(`${node.opType} along no axes`);
    const axes = new Set(given.map((axis) => axisOf(axis, dims.length)));
    const strides = stridesOf(dims);
    const along = [...axes];
    const offsets = walk(
      along.map((axis) => dims[axis]!),
      along.map((axis) => strides[axis]!),
      0,
    );
    const kept = dims.map((size, axis) => (axes.has(axis) ? 1 : size));
    const firsts = walk(kept, strides, 0);
    const shape = intOf(node, "keepdims", 1) === 1 ? kept : dims.filter((_, axis) => !axes.has(axis));
    const { data } = planner.definePlain(node.outputs[0]!, shape);
    planner.step(() => {
      for (let index = 0; index < data.length; index++) {
        const first = firsts[index]!;
        let result = input.data[first]!;
        for (let at = 1; at < offsets.length; at++)
          result = combine(result, input.data[first + offsets[at]!]!);
        data[index] = finish(result, offsets.length);
      }
    });
  };
}

/** Matrices times matrices, with broadcasting of what comes before the last two dimensions. */
export function planMatMul(planner: Planner, node: GraphNode): void {
  const [a, b] = node.inputs.map((name) => planner.plain(name));
  if (!a || !b || a.dims.length < 2 || b.dims.length < 2) throw unsupported("MatMul of vectors");
  const [rows, depth] = a.dims.slice(-2) as [number, number];
  const [depthOfB, columns] = b.dims.slice(-2) as [number, number];
  if (depth !== depthOfB) throw unsupported(`[${a.dims}] times [${b.dims}]`);
  const [outerA, outerB] = [a.dims.slice(0, -2), b.dims.slice(0, -2)];
  const outer = broadcastDims(outerA, outerB);
  const [ofA, ofB] = [broadcastIndices(outerA, outer), broadcastIndices(outerB, outer)];
  const { data } = planner.definePlain(node.outputs[0]!, [...outer, rows, columns]);
  const count = elementCount(outer);
  planner.step(() => {
    let at = 0;
    for (let matrix = 0; matrix < count; matrix++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const rowOfA = (ofA[matrix]! * rows + row) * depth;
          const columnOfB = ofB[matrix]! * depth * columns + column;
          let sum = 0;
          for (let k = 0; k < depth; k++) sum += a.data[rowOfA + k]! * b.data[columnOfB + k * columns]!;
          data[at++] = sum;
        }
      }
    }
  });
}
