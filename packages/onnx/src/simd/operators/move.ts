/** Operators that only move numbers. */

import { elementCount } from "../../graph/element-type.ts";
import type { GraphNode } from "../../graph/types.ts";
import { intOf, intsOf, textOf } from "../graph/attributes.ts";
import type { Planner } from "../plan/planner.ts";
import type { Plain } from "../plan/values.ts";
import { unsupported } from "../unsupported.ts";
import { axisOf, stridesOf, walk } from "./indices.ts";
import { leaveMap } from "./layout.ts";

/** The numbers of `input` at `indices`, in that order. */
function pick(
  planner: Planner,
  name: string,
  input: Plain,
  dims: readonly number[],
  indices: Int32Array,
): void {
  const { data } = planner.definePlain(name, dims);
  planner.step(() => {
    for (let index = 0; index < data.length; index++) data[index] = input.data[indices[index]!]!;
  });
}

export function planTranspose(planner: Planner, node: GraphNode): void {
  const [name] = node.inputs;
  const value = planner.value(name!);
  const order = intsOf(node, "perm", [...value.dims.keys()].reverse());
  const dims = order.map((axis) => value.dims[axis]!);
  if (value.layout === "map" && order.join() === "0,2,3,1") {
    planner.step(leaveMap(value, planner.definePlain(node.outputs[0]!, dims), "channels last"));
    return;
  }
  const strides = stridesOf(value.dims);
  const indices = walk(
    dims,
    order.map((axis) => strides[axis]!),
    0,
  );
  pick(planner, node.outputs[0]!, planner.plain(name!), dims, indices);
}

export function planReshape(planner: Planner, node: GraphNode): void {
  if (intOf(node, "allowzero", 0) !== 0) throw unsupported("Reshape to sizes of zero");
  const input = planner.plain(node.inputs[0]!);
  const wanted = planner.integers(node.inputs[1]!);
  const dims = wanted.map((size, axis) => (size === 0 ? (input.dims[axis] ?? 0) : size));
  const known = dims.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const shape = dims.map((size) => (size === -1 ? elementCount(input.dims) / known : size));
  if (elementCount(shape) !== elementCount(input.dims))
    throw unsupported(`[${input.dims}] reshaped to [${wanted}]`);
  if (input.isFed) pick(planner, node.outputs[0]!, input, shape, walk(shape, stridesOf(shape), 0));
  else planner.define(node.outputs[0]!, { ...input, dims: shape });
}

export function planSlice(planner: Planner, node: GraphNode): void {
  const input = planner.plain(node.inputs[0]!);
  const [starts, ends, axes, steps] = node.inputs.slice(1).map((name) => name && planner.integers(name));
  if (!starts || !ends) throw unsupported("Slice without starts and ends");
  const dims = [...input.dims];
  const strides = stridesOf(dims);
  let first = 0;
  for (const [index, start] of starts.entries()) {
    const axis = axisOf((axes || [...starts.keys()])[index]!, dims.length);
    if (steps && steps[index] !== 1) throw unsupported("Slice in steps");
    const size = input.dims[axis]!;
    const inside = (place: number) => Math.min(Math.max(place < 0 ? place + size : place, 0), size);
    first += inside(start) * strides[axis]!;
    dims[axis] = inside(ends[index]!) - inside(start);
  }
  pick(planner, node.outputs[0]!, input, dims, walk(dims, strides, first));
}

export function planGather(planner: Planner, node: GraphNode): void {
  const input = planner.plain(node.inputs[0]!);
  const places = planner.integers(node.inputs[1]!);
  const placeDims = planner.graph.constants.get(node.inputs[1]!)!.dims;
  const axis = axisOf(intOf(node, "axis", 0), input.dims.length);
  const size = input.dims[axis]!;
  if (places.some((place) => place < -size || place >= size))
    throw unsupported("Gather outside of its input");
  const before = elementCount(input.dims.slice(0, axis));
  const after = elementCount(input.dims.slice(axis + 1));
  const indices = new Int32Array(before * places.length * after);
  let index = 0;
  for (let outer = 0; outer < before; outer++) {
    for (const place of places) {
      const first = (outer * size + ((place + size) % size)) * after;
      for (let inner = 0; inner < after; inner++) indices[index++] = first + inner;
    }
  }
  const dims = [...input.dims.slice(0, axis), ...placeDims, ...input.dims.slice(axis + 1)];
  pick(planner, node.outputs[0]!, input, dims, indices);
}

export function planConcat(planner: Planner, node: GraphNode): void {
  const inputs = node.inputs.map((name) => planner.plain(name));
  const { dims } = inputs[0]!;
  const axis = axisOf(intOf(node, "axis", 0), dims.length);
  for (const input of inputs) {
    const isFitting =
      input.dims.length === dims.length && input.dims.every((size, at) => at === axis || size === dims[at]);
    if (!isFitting) throw unsupported(`[${input.dims}] after [${dims}]`);
  }
  const total = inputs.reduce((sum, input) => sum + input.dims[axis]!, 0);
  const { data } = planner.definePlain(node.outputs[0]!, dims.with(axis, total));
  const runs = inputs.map((input) => elementCount(input.dims.slice(axis)));
  const outer = elementCount(dims.slice(0, axis));
  planner.step(() => {
    let at = 0;
    for (let row = 0; row < outer; row++) {
      for (const [index, input] of inputs.entries()) {
        const run = runs[index]!;
        for (let from = row * run; from < (row + 1) * run; from++) data[at++] = input.data[from]!;
      }
    }
  });
}

export function planPad(planner: Planner, node: GraphNode): void {
  const input = planner.plain(node.inputs[0]!);
  const [, padsName, valueName, axesName] = node.inputs;
  if (textOf(node, "mode", "constant") !== "constant" || axesName) throw unsupported("Pad by mode or axes");
  const pads = planner.integers(padsName!);
  if (pads.some((pad) => pad < 0)) throw unsupported("Pad that cuts");
  const rank = input.dims.length;
  const filling = valueName ? planner.plain(valueName).data[0]! : 0;
  const dims = input.dims.map((size, axis) => size + pads[axis]! + pads[axis + rank]!);
  const strides = stridesOf(dims);
  const first = strides.reduce((sum, stride, axis) => sum + stride * pads[axis]!, 0);
  const targets = walk(input.dims, strides, first);
  const { data } = planner.definePlain(node.outputs[0]!, dims);
  data.fill(filling);
  planner.step(() => {
    for (let index = 0; index < targets.length; index++) data[targets[index]!] = input.data[index]!;
  });
}
